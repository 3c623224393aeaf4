"""A running daemon is asked to read its files again, and waited for."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from monitor.model.errors import ConfigError, MonitorError
from monitor.model.plan import Plan
from monitor.service import lock
from monitor.service.current_plan import Prepared
from monitor.service.plan_change import allow, forbid, lost

SETTINGS = "database, data_dir, fetch, deliver, retention, web, heartbeat or watchdog"
"""What of monitor.yaml a running daemon does not take."""
PATIENCE = 15.0
PAUSE = 0.1


async def request(
    prepared: Prepared,
    folder: Path,
    plan_in_force: Callable[[], Awaitable[Plan]],
    changes: Callable[[], Awaitable[Sequence[str]]],
    *,
    allow_empty: bool,
) -> tuple[str, ...]:
    """Ask the running daemon to reload and wait until `plan_in_force` is that of the files in `folder`.

    Returns the `changes`, that it is in force, and what is to be known beside, in lines. Raises ConfigError when a file is gone or the plan
    would lose all of a kind, and `allow_empty` does not ask for that, and MonitorError when no daemon runs on the data
    folder or it does not answer in time.
    """
    data_dir = prepared.settings.data_dir
    pid = lock.holder(data_dir)
    if pid is None:
        raise MonitorError(f"no daemon is running on {data_dir}; start it with: monitor run")
    before, version = await plan_in_force(), prepared.plan.version
    changed = await changes()
    if _same(before, prepared.plan):
        return (f"plan {version} is already in force", *_beside(prepared, folder))
    faults = lost(before, prepared.plan, folder)
    if faults and not allow_empty:
        raise ConfigError(faults)
    if faults:
        allow(data_dir, version)
    try:
        os.kill(pid, signal.SIGHUP)
        await _adopted(prepared.plan, plan_in_force, pid)
    finally:
        if faults:
            forbid(data_dir)
    return (*changed, f"plan {version} is in force", *_beside(prepared, folder))


def _beside(prepared: Prepared, folder: Path) -> Iterator[str]:
    """Yield what a plan that is in force does not say: that settings wait for a start, and that there are warnings."""
    file, since = folder / "monitor.yaml", lock.running_since(prepared.settings.data_dir)
    with suppress(OSError):
        if since is not None and file.stat().st_mtime >= since.timestamp() + 1:  # a start is known to the second
            yield f"{file} was written after the daemon's start: what changed in {SETTINGS} takes effect at the next one"
    if count := len(prepared.warnings):
        yield f"{count} warning{'s' * (count != 1)}: monitor check"


async def _adopted(wanted: Plan, plan_in_force: Callable[[], Awaitable[Plan]], pid: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if _same(await plan_in_force(), wanted):
            return
        await asyncio.sleep(PAUSE)
    raise MonitorError(
        f"the daemon (pid {pid}) did not take plan {wanted.version} within {PATIENCE:.0f} s; see its log, and whether "
        "the variables in the files (${…}) are set here as they are for the daemon"
    )


def _same(one: Plan, other: Plan) -> bool:
    """Return whether two plans mean the same and come from the same files."""
    return (one.version, one.files) == (other.version, other.files)
