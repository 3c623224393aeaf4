"""The chore that sends an alert again until somebody acknowledges it."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.channels.words.compose import compose
from monitor.model.event import Maintained
from monitor.model.notification import History
from monitor.model.operator import OperatorNotice
from monitor.model.repeat import OpenAlert
from monitor.notify.repeats import decide_repeat, searches
from monitor.pipeline.ports import Clock, Observer, Plans
from monitor.schedule.calendar import CALENDAR
from monitor.store.write.repeat_store import RepeatStore


@dataclass(frozen=True, slots=True)
class Repeats:
    """The chore `repeats`."""

    repeat_store: RepeatStore
    plans: Plans
    observer: Observer
    clock: Clock

    async def __call__(self) -> None:
        """Send again what is due; the next tick delivers it. Raises StoreError."""
        now, plan = self.clock(), self.plans.current()[0]
        asked = searches(plan, now)
        if not asked:
            return

        def decide(alert: OpenAlert, history: History) -> OperatorNotice | None:
            return decide_repeat(alert, history, now, plan=plan, calendar=CALENDAR)

        if made := await self.repeat_store.repeat(asked, decide, compose, now):
            self.observer.report(Maintained("repeats", f"sent {len(made)} alerts again that nobody acknowledged"))
