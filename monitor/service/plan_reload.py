"""A changed plan becomes the current plan, or the last good one stays."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path

from monitor.config.settings import Settings
from monitor.model.errors import ConfigError, MonitorError
from monitor.service import lock, telemetry
from monitor.service.clock import utc_now
from monitor.service.current_plan import CurrentPlan, prepare, ready
from monitor.service.wiring import App
from monitor.store.read.queries import SqlReader

PATIENCE = 15.0
PAUSE = 0.1


class PlanReloader:
    """Reads the files again when told to; one reading at a time."""

    def __init__(
        self, app: App, current_plan: CurrentPlan, settings: Settings, folder: Path, environ: Mapping[str, str]
    ) -> None:
        self._app = app
        self._current_plan = current_plan
        self._settings = settings
        self._folder = folder
        self._environ = environ
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def soon(self) -> None:
        """Begin a reload; called from the signal handler."""
        task = asyncio.get_running_loop().create_task(self())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def __call__(self) -> None:
        """Put the files' present meaning in force; on any fault say every problem and keep the last good plan."""
        async with self._turn:
            try:
                prepared = await asyncio.to_thread(ready, self._folder, self._environ)
                await self._app.source_store.sync_plan(prepared.plan, utc_now())
            except ConfigError as error:
                for problem in error.problems:
                    telemetry.warn("reload.refused", problem=str(problem))
                return
            except MonitorError as error:
                telemetry.warn("reload.refused", problem=str(error))
                return
            self._current_plan.replace(prepared)
        telemetry.say("reloaded", plan=prepared.plan.version, sources=len(prepared.plan.sources))
        if prepared.settings != self._settings:
            telemetry.warn("reload.partial", action="monitor.yaml changed: its settings take effect at the next start")
        self._app.engine.ring_soon()


def request(folder: Path, environ: Mapping[str, str]) -> str:
    """Ask the running daemon to reload and wait until it says so; return one line.

    Raises ConfigError when the files are wrong (the daemon is not disturbed then) and MonitorError when no daemon
    runs on the data folder or it does not answer in time.
    """
    prepared = prepare(folder, environ)
    pid = lock.holder(prepared.settings.data_dir)
    if pid is None:
        raise MonitorError(f"no daemon is running on {prepared.settings.data_dir}; start it with: monitor run")
    version = prepared.plan.version
    with SqlReader(prepared.settings.database) as reader:
        if reader.plan_version() == version:
            return f"plan {version} is already in force"
        os.kill(pid, signal.SIGHUP)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if reader.plan_version() == version:
                return f"plan {version} is in force"
            time.sleep(PAUSE)
    raise MonitorError(f"the daemon (pid {pid}) did not take plan {version} within {PATIENCE:.0f} s; see its log")
