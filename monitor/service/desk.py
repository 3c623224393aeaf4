"""What the web server asks, put together: the one place where its parts meet those of the daemon."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from monitor.config.settings import Settings, WebSettings
from monitor.model.plan import Plan
from monitor.service.access import Access
from monitor.service.app import App
from monitor.service.clock import utc_now
from monitor.service.config_watch import ConfigWatch
from monitor.service.current_plan import CurrentPlan
from monitor.service.desk_actions import STATEMENT_SECONDS, DeskActions
from monitor.service.hit_ticker import HitTicker
from monitor.service.line_watch import LineWatch
from monitor.service.login_throttle import LoginThrottle
from monitor.service.metrics import Metrics
from monitor.service.progress import Progress
from monitor.service.queries import Queries
from monitor.service.readiness import Readiness
from monitor.service.reading import Reading
from monitor.service.rule_edits import RuleEdits
from monitor.service.wiring import Parts
from monitor.store.read.queries import SqlReader
from monitor.store.write.access_store import AccessStore

T = TypeVar("T")


class DeskQueries(Queries):
    """Questions that the web asks: by the plan in force, in bounded time, by threads of their own."""

    def __init__(self, reading: Reading, plans: CurrentPlan, since: datetime) -> None:
        """Ask through `reading`; the daemon that `plans` belongs to runs `since` then."""
        self._reading = reading
        self._plans = plans
        self._since = since

    async def ask(self, question: Callable[[SqlReader], T]) -> T:
        """Return the answer. Raises StoreError, ReadLimitError when it takes too long or too many others wait."""
        return await self._reading.ask(question)

    async def plan(self) -> Plan:
        """Return the plan in force."""
        return self._plans.current()[0]

    def running_since(self) -> datetime | None:
        """Return since when this daemon runs."""
        return self._since


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the web server asks: the App, the database in bounded time, whether the daemon does its work, who asks, figures."""

    app: App
    settings: WebSettings
    reading: Reading
    past: Reading
    queries: Queries
    ticker: HitTicker
    readiness: Readiness
    access: Access
    metrics: Metrics
    actions: DeskActions
    line: LineWatch
    plans: CurrentPlan
    rules: RuleEdits
    files: ConfigWatch

    async def aclose(self) -> None:
        """Leave off whatever is being asked."""
        self.actions.close()
        await self.ticker.aclose()
        await self.line.aclose()
        await self.files.aclose()
        await self.readiness.aclose()
        await self.access.aclose()
        await self.metrics.aclose()
        await self.past.aclose()
        await self.reading.aclose()


def make_metrics(settings: Settings, current_plan: CurrentPlan) -> Metrics:
    """Return the figures of a daemon, before there is anything to count."""
    # A thread of its own: figures are wanted most when others wait for the database.
    reading = Reading(settings.database, threads=1)
    return Metrics(plans=current_plan, reading=reading, url=settings.database, clock=utc_now)


def open_desk(app: App, settings: Settings, parts: Parts, current_plan: CurrentPlan, metrics: Metrics) -> Desk:
    """Return the desk of a daemon that is made of `parts`."""
    reading = Reading(settings.database)
    readiness = Readiness(
        progress=Progress(parts.engine, parts.database),
        database=parts.database,
        maintenance=parts.stores.maintenance,
        reading=Reading(settings.database, threads=1),
        plans=current_plan,
    )
    access = Access(
        settings=settings.web,
        # Questions that one row answers: who asks much elsewhere must not keep others from being known.
        reading=Reading(settings.database, threads=1),
        store=AccessStore(parts.database),
        clock=utc_now,
        throttle=LoginThrottle(time.monotonic),
    )
    # One thread, and nobody waits for it: a backtest takes many seconds, and only one is done at a time.
    past = Reading(settings.database, threads=1, waiting=0, seconds=STATEMENT_SECONDS)
    since = utc_now()
    queries = DeskQueries(reading, current_plan, since)
    return Desk(
        app=app,
        settings=settings.web,
        reading=reading,
        past=past,
        queries=queries,
        ticker=HitTicker(queries),
        readiness=readiness,
        access=access,
        metrics=metrics,
        actions=DeskActions(app, parts.engine, current_plan, DeskQueries(past, current_plan, since)),
        line=LineWatch(queries, utc_now, time.monotonic),
        plans=current_plan,
        rules=RuleEdits(app.folder, app.environ),
        files=ConfigWatch(
            folder=app.folder, environ=app.environ, settings=settings, plans=current_plan, monotonic=time.monotonic
        ),
    )
