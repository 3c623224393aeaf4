"""A changed plan becomes the current plan, or the last good one stays."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Literal, TypeAlias

from monitor.config.settings import until_next_start
from monitor.model.errors import ConfigError, MonitorError
from monitor.model.plan import Plan
from monitor.pipeline.ports import Observer
from monitor.service import telemetry
from monitor.service.app import App
from monitor.service.channel_opening import tell_of_opened
from monitor.service.clock import utc_now
from monitor.service.current_plan import CurrentPlan, Prepared
from monitor.service.plan_change import allowed, left, lost
from monitor.service.wiring import Parts

Heard: TypeAlias = Callable[[Literal["begun", "taken", "refused"]], None]
"""Hears how a reload goes."""


def _unheard(_how: Literal["begun", "taken", "refused"]) -> None:
    """Hear nothing."""


class PlanReloader:
    """Reads the files again when told to; one reading at a time."""

    def __init__(
        self, *, app: App, parts: Parts, current_plan: CurrentPlan, observer: Observer, heard: Heard = _unheard
    ) -> None:
        """Reload `app`; `heard` is told at the begin of each reload and at its end."""
        self._heard = heard
        self._app = app
        self._observer = observer
        self._parts = parts
        self._current_plan = current_plan
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def soon(self) -> None:
        """Begin a reload; called from the signal handler."""
        task = asyncio.get_running_loop().create_task(self())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def __call__(self) -> None:
        """Put the files' present meaning in force; on any fault say every problem and keep the last good plan.

        A plan that lost a file, or all its rules, sources or channels, is such a fault, unless it was asked for twice.
        """
        self._heard("begun")
        taken = False
        try:
            taken = await self._reload()
        finally:
            self._heard("taken" if taken else "refused")

    async def _reload(self) -> bool:
        """Return whether the plan of the files is in force now."""
        async with self._turn:
            before = self._current_plan.current()[0]
            try:
                prepared = await self._app.reread(partial(self._refuse_losses, before))
                opened = await self._parts.stores.source_store.sync_plan(prepared.plan, utc_now())
                await tell_of_opened(self._parts.stores.outbox, opened, prepared.plan, utc_now(), self._observer)
            except ConfigError as error:
                self._current_plan.refused = error.problems
                for problem in error.problems:
                    telemetry.warn("reload.refused", problem=str(problem), in_force=before.version)
                return False
            except MonitorError as error:
                telemetry.warn("reload.refused", problem=str(error), in_force=before.version)
                return False
            self._current_plan.replace(prepared)
        for line in left(before, prepared.plan):
            telemetry.warn("plan.shrank", problem=line)
        sources = sum(source.enabled for source in prepared.plan.sources)
        telemetry.say("reloaded", plan=prepared.plan.version, sources=sources)
        if until_next_start(prepared.settings) != until_next_start(self._app.settings):
            telemetry.warn("reload.partial", action="monitor.yaml changed: its settings take effect at the next start")
        self._parts.engine.ring_soon()
        return True

    def _refuse_losses(self, before: Plan, prepared: Prepared) -> None:
        """Raise ConfigError for a file that is gone or a kind that is empty, unless `monitor reload --allow-empty` asked for it."""
        faults = lost(before, prepared.plan, self._app.folder)
        if faults and not allowed(self._app.settings.data_dir, prepared.plan.version):
            raise ConfigError(faults)
