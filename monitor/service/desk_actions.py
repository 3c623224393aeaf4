"""What the web has the daemon do at once: poll a source, take what the files say now."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from monitor.engine.local import LocalEngine
from monitor.model.backtest import Backtest, BacktestQuery
from monitor.model.errors import ConfigError
from monitor.model.records import SampleRecord
from monitor.model.suggestion import Suggestions
from monitor.model.task import Poll
from monitor.model.trial import Found
from monitor.service.app import App
from monitor.service.current_plan import CurrentPlan, Prepared
from monitor.service.queries import Queries

BACKTEST_SECONDS: Final = 20.0
"""Seconds after which a backtest is cut; an answer has to begin before its asker is given up."""
STATEMENT_SECONDS: Final = 25.0
"""Seconds after which the database is stopped at what a backtest asks, where no page of it has come to its end by then."""

SAMPLE_LASTS: Final = timedelta(minutes=15)
"""How long it is remembered what came of a sample."""


class DeskActions:
    """Actions of the daemon that serves the desk."""

    def __init__(self, app: App, engine: LocalEngine, plans: CurrentPlan, past: Queries) -> None:
        """Act for the installation of `app`, by the plan in force; `past` asks the database what a backtest goes through."""
        self._app = app
        self._engine = engine
        self._plans = plans
        self._past = past
        self._testing = False
        self._discovering = False
        self._closed = False
        self._samples: dict[str, tuple[datetime, SampleRecord]] = {}

    def poll_now(self, source_id: str) -> bool | None:
        """Have a source polled at once; return whether it was asked for, or is under way already. None for no such source, or one that is off."""
        source = self._plans.current()[0].source(source_id)
        if source is None or not source.enabled:
            return None
        return self._engine.submit(Poll(source_id, at_once=True))

    async def discover(self, address: str) -> Found | None:
        """Return how a site can be watched, an address without a scheme being one of the web; None while another one is looked at.

        Raises ConfigError, FetchError, ExtractError, and MonitorError when there is no way.
        """
        if self._discovering:
            return None
        self._discovering = True
        try:
            return await self._app.source_setup.discover(address if "://" in address else f"https://{address}")
        finally:
            self._discovering = False

    async def send_sample(self, channel_id: str, now: datetime, queries: Queries) -> SampleRecord:
        """Send a marked sample through a channel, once and outside its line, and remember for a while what came of it.

        Raises ConfigError for a channel without URL, MonitorError for an unknown one.
        """
        sent = await self._app.channel_trials.send_sample(channel_id, "test", now, queries=queries)
        self._samples[channel_id] = now, sent
        return sent

    def samples(self, now: datetime) -> Mapping[str, tuple[datetime, SampleRecord]]:
        """Return by channel when a sample was sent last and what came of it; what is older than SAMPLE_LASTS is forgotten."""
        self._samples = {one: sent for one, sent in self._samples.items() if now - sent[0] <= SAMPLE_LASTS}
        return dict(self._samples)

    async def backtest(self, query: BacktestQuery, proposed: Prepared | None = None) -> Backtest | None:
        """Return what a rule would have found and told, cut where it takes too long; None while another one is under way.

        `proposed` stands in place of what the files say. Raises ConfigError, StoreError, QueryError for a bad expression, UnknownNameError.
        """
        if self._testing:
            return None
        self._testing = True
        until = time.monotonic() + BACKTEST_SECONDS
        try:
            return await self._app.rule_trials.backtest(
                query,
                stop=lambda: self._closed or time.monotonic() > until,
                queries=self._past,
                proposed=proposed,
            )
        finally:
            self._testing = False

    async def suggest(self, hit_id: int, now: datetime) -> Suggestions | None:
        """Return what the rule of a hit could refuse; None while another one, or a backtest, is under way.

        Raises ConfigError, StoreError, MonitorError for a hit that there is not and for a rule that is gone.
        """
        if self._testing:
            return None
        self._testing = True
        try:
            return await self._app.triage.suggest(hit_id, now, queries=self._past)
        finally:
            self._testing = False

    async def reload(self) -> tuple[str, ...]:
        """Put in force what the files say now; return what came of it, in lines.

        Raises ConfigError when they are wrong or would lose all of a kind, MonitorError when it is not taken in time.
        """
        fresh = await asyncio.to_thread(lambda: App(folder=self._app.folder, environ=self._app.environ))
        try:
            said = await fresh.plan_check.request_reload()
        except ConfigError as error:
            self._plans.refused = error.problems  # files that are wrong now would keep the daemon from its next start
            raise
        finally:
            await asyncio.to_thread(fresh.close)
        self._plans.refused = ()
        return said

    def close(self) -> None:
        """Have a backtest that is under way end with the page that it is at."""
        self._closed = True
