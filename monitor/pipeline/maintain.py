"""Maintain: chores of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.cluster.choice import WINDOW
from monitor.model.event import Maintained
from monitor.model.task import Maintain
from monitor.pipeline.ports import Clock, Observer, Plans
from monitor.schedule.cadence import furthest
from monitor.store.write.follow_up_store import FollowUpStore
from monitor.store.write.maintenance import Maintenance
from monitor.store.write.source_store import SourceStore

LATE = timedelta(days=1)
"""How long after it was first seen an article may be read and still find the story of that time."""


@dataclass(frozen=True, slots=True)
class Maintainer:
    """The step behind Maintain. `keep_articles` is how long articles without a hit stay; None keeps them for ever."""

    maintenance: Maintenance
    observer: Observer
    clock: Clock
    plans: Plans
    source_store: SourceStore
    keep_articles: timedelta | None
    follow_up_store: FollowUpStore

    async def __call__(self, task: Maintain) -> None:
        """Do the chore that `task.kind` names.

        `optimize` the database; `forget` what no article will be compared with again; `expire` articles without a hit, texts that may not be kept, and follow-ups that nobody came to;
        `recall` polls that stand further away than their source's cadence ever puts them; `clock`: it was set back, and
        what was arranged by it is due now.
        """
        if task.kind == "optimize":
            detail = await self.maintenance.optimize()
        elif task.kind == "forget":
            gone = await self.maintenance.forget_signatures(self.clock() - WINDOW - LATE)
            detail = f"dropped the signatures of {gone} articles"
        elif task.kind == "expire":
            detail = await self._expire()
        elif task.kind == "recall":
            detail = f"brought the next poll of {await self._recall()} sources back"
        elif task.kind == "clock":
            detail = f"brought {await self.maintenance.bring_forward(self.clock())} things forward"
        else:
            raise ValueError(f"no chore is called {task.kind!r}")
        self.observer.report(Maintained(task.kind, detail))

    async def _expire(self) -> str:
        await self.follow_up_store.give_up(self.clock() - LATE)
        cut = await self.maintenance.keep_to_rights()
        left = f"; cut {cut} articles to excerpts, as the rights of their sources say" if cut else ""
        return await self._expired() + left

    async def _expired(self) -> str:
        if self.keep_articles is None:
            return "articles without a hit are kept for ever"
        gone = await self.maintenance.drop_articles(self.clock() - self.keep_articles)
        return f"dropped {gone} articles without a hit"

    async def _recall(self) -> int:
        """Bring polls back that were arranged while the clock ran ahead."""
        plan, now = self.plans.current()[0], self.clock()

        def latest(source_id: str, failing: bool) -> datetime | None:  # noqa: FBT001 - SourceStore's signature
            source = plan.source(source_id)
            return None if source is None else furthest(source.every, now, source.zone, failing=failing)

        return await self.source_store.bring_back(latest, now)
