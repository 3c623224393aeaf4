"""A running daemon is asked to read its files again, and waited for."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable

from monitor.model.errors import MonitorError
from monitor.service import lock
from monitor.service.current_plan import Prepared

PATIENCE = 15.0
PAUSE = 0.1


async def request(prepared: Prepared, plan_version: Callable[[], Awaitable[str]]) -> str:
    """Ask the running daemon to reload and wait until `plan_version`, that in force, is that of the files; return one line.

    Raises MonitorError when no daemon runs on the data folder or it does not answer in time.
    """
    pid = lock.holder(prepared.settings.data_dir)
    if pid is None:
        raise MonitorError(f"no daemon is running on {prepared.settings.data_dir}; start it with: monitor run")
    version = prepared.plan.version
    if await plan_version() == version:
        return f"plan {version} is already in force"
    os.kill(pid, signal.SIGHUP)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if await plan_version() == version:
            return f"plan {version} is in force"
        await asyncio.sleep(PAUSE)
    raise MonitorError(f"the daemon (pid {pid}) did not take plan {version} within {PATIENCE:.0f} s; see its log")
