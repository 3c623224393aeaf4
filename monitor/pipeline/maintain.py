"""Maintain: chores of the database."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.model.event import Maintained
from monitor.model.task import Maintain
from monitor.pipeline.ports import Observer, Upkeep


@dataclass(frozen=True, slots=True)
class Maintainer:
    """The step behind Maintain."""

    upkeep: Upkeep
    observer: Observer

    async def __call__(self, task: Maintain) -> None:
        """Do the chore that `task.kind` names: `optimize`."""
        if task.kind != "optimize":
            raise ValueError(f"no chore is called {task.kind!r}")
        self.observer.report(Maintained(task.kind, await self.upkeep.optimize()))
