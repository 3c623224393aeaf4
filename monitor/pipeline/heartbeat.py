"""The operator's daily word that all is running, once for each moment that its cron expression names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.model.event import Maintained
from monitor.model.line import Standing
from monitor.model.operator import OperatorNotice
from monitor.notify.heartbeat import GRACE, HEARTBEATS, heartbeat, is_told
from monitor.pipeline.line_checks import announcing
from monitor.pipeline.ports import Clock, Observer, Plans
from monitor.schedule.cadence import last_moment
from monitor.store.write.line_store import LineStore


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The chore `heartbeat`. `expression` is five-field cron in the plan's zone; the daemon runs since `running_since` (UTC)."""

    line_store: LineStore
    plans: Plans
    observer: Observer
    clock: Clock
    expression: str
    running_since: datetime

    async def __call__(self) -> None:
        """Tell the heartbeat that is due and was not told, by this daemon or another. Raises StoreError."""
        now, plan = self.clock(), self.plans.current()[0]
        moment = last_moment(self.expression, now, plan.zone, GRACE)
        if moment is None:
            return
        before = await self.line_store.last(HEARTBEATS)
        if is_told(before, moment, now):
            return
        since = before.at if before is not None and before.at < now else self.running_since
        pulse = await self.line_store.pulse(since)

        def decide(told: Standing | None) -> OperatorNotice | None:
            return None if is_told(told, moment, now) else heartbeat(pulse, self.running_since, now)

        if notice := await self.line_store.tell(HEARTBEATS, decide, announcing(plan)):
            self.observer.report(Maintained("heartbeat", notice.summary.en))
