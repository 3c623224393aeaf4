"""Rules tried: on one article that a person names (`monitor match`), and over the stored articles (`monitor backtest`)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from monitor.model.article import Article
from monitor.model.backtest import Backtest, BacktestQuery
from monitor.model.hit import Explanation, Match
from monitor.service import backtest, backtest_counts, backtest_walk, rule_trial
from monitor.service.current_plan import Prepared
from monitor.service.installation import Installation
from monitor.service.queries import Queries


class RuleTrials:
    """Tries rules, those of an installation's files or others; nothing is stored or sent."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def article(self, target: str) -> Article:
        """Read the article that rules are to be tried on: a URL, a file, or `-` for standard input.

        A URL is fetched with the manners and guards of the settings. Raises ConfigError, MonitorError.
        """
        if target.startswith(("http://", "https://")):
            return await rule_trial.fetched(target, self._installation.settings)
        return await asyncio.to_thread(rule_trial.written, target)

    async def matches(
        self, rule_id: str, expression: str, subject: Article
    ) -> tuple[tuple[str, tuple[Match, ...]], ...]:
        """Hold one rule, an expression, or (neither given) every rule against an article, whatever its source.

        Raises ConfigError, QueryError for a bad expression, MonitorError for an unknown rule.
        """
        prepared = await self._installation.prepare()
        return await asyncio.to_thread(rule_trial.matches, prepared, rule_id, expression, subject)

    async def explanations(
        self, rule_id: str, expression: str, subject: Article
    ) -> tuple[tuple[str, Explanation], ...]:
        """Return for each chosen rule what was refused and what is missing; chosen and raising as in `matches`."""
        prepared = await self._installation.prepare()
        return await asyncio.to_thread(rule_trial.explanations, prepared, rule_id, expression, subject)

    async def backtest(
        self,
        query: BacktestQuery,
        progress: Callable[[int, int], None] = lambda done, of: None,  # noqa: ARG005 - nobody watches
        stop: Callable[[], bool] = lambda: False,
        queries: Queries | None = None,
        proposed: Prepared | None = None,
    ) -> Backtest:
        """Return what a rule would have found and told over the stored articles; `stop` ends it with what is known so far.

        `progress` hears of how many articles of how many were looked at, in another thread. `queries` asks the database in
        place of the installation itself; `proposed` stands in place of what the files say. Raises ConfigError, StoreError,
        QueryError for a bad expression, UnknownNameError.
        """
        asking, prepared = queries or self._installation, proposed or await self._installation.prepare()
        plan = prepared.plan
        if (count := plan.count_rule(query.rule_id)) is not None and not query.expression:
            return await asking.ask(lambda reader: backtest_counts.backtest_count(reader, count, plan, query))
        rules = backtest.rules_to_try(plan, query)
        in_force = await asking.plan_in_force() if query.against else None
        tried = await asyncio.to_thread(backtest_walk.tried, plan, rules, prepared.analyser, in_force)
        done = await asking.ask(lambda reader: backtest.backtest(reader, query, tried, progress, stop))
        if not query.all_rules or done.span.cut:
            return done
        counts = await asking.ask(lambda reader: backtest_counts.backtest_counts(reader, plan, query))
        return replace(done, rules=(*done.rules, *counts))
