"""What a rule over counts would have told of the stored hits (`monitor backtest`): a frequency, told by its channels' policy."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.model.backtest import Backtest, BacktestQuery, BacktestSpan, RuleBacktest
from monitor.model.errors import MonitorError
from monitor.model.plan import CountRule, Plan
from monitor.notify.replay import PolicyReplay
from monitor.schedule.calendar import CALENDAR
from monitor.service.backtest import ShownSpan, counted
from monitor.store.read.queries import SqlReader
from monitor.trend.frequency import incident_starts

BEFORE: Final = timedelta(days=1)
"""How much of the time before the span is looked at, beside the window: an incident that goes on was told then."""


def insist_on_frequency(rule: CountRule) -> None:
    """Raise MonitorError for a type of count that learns: what it had learned at a moment of the past is not known."""
    if rule.type != "frequency":
        raise MonitorError(
            f"rule {rule.rule.id} counts a {rule.type}, which goes by what it has learned; only a frequency can be tried on the past"
        )


def backtest_counts(reader: SqlReader, plan: Plan, query: BacktestQuery) -> tuple[RuleBacktest, ...]:
    """Return what each frequency of the plan would have told, in their order. Raises StoreError."""
    found = [backtest_count(reader, one, plan, query) for one in plan.count_rules if one.type == "frequency"]
    return tuple(rule for done in found for rule in done.rules)


def backtest_count(reader: SqlReader, rule: CountRule, plan: Plan, query: BacktestQuery) -> Backtest:
    """Return when a frequency would have been told, and to whom. Raises StoreError, MonitorError for another type."""
    insist_on_frequency(rule)
    window = timedelta(seconds=rule.seconds)
    moments = reader.counted_moments(rule.of, rule.unit, query.since - window - BEFORE, query.until)
    alone = replace(plan, rules=(), count_rules=(rule,))
    silences, stored = reader.silences(), reader.stored.stored_since()
    replay = PolicyReplay(alone, CALENDAR, silences)
    starts = [at for at in incident_starts(moments, window, rule.least) if at < query.until]
    for at in starts:
        replay.alert(rule.rule, at)
    replay.flush(query.until)
    inside = [at for at in starts if at >= query.since]
    span = BacktestSpan(query.since, query.until, stored, sum(at >= query.since for at in moments), 0)
    days, channels = counted(replay, inside, ShownSpan(span, ZoneInfo(plan.zone), {}))
    tried = RuleBacktest(
        rule_id=rule.rule.id,
        rule_name=rule.rule.name,
        hits=0,
        days=days,
        channels=channels,
        unheard=replay.unheard(query.since),
        alerts=len(inside),
        notes=(f"counted are {rule.unit} of {rule.of} as they are stored",),
    )
    return Backtest(span, (tried,))
