"""What rules would have found and told over the stored articles (`monitor backtest`).

Each rule is tried alone: the messages of others take no room in a throttle and join no group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from monitor.match.explain import explain
from monitor.model.article import Article
from monitor.model.backtest import (
    Backtest,
    BacktestDay,
    BacktestQuery,
    BacktestSpan,
    ChannelOutcome,
    HitDifference,
    HitSample,
    RuleBacktest,
)
from monitor.model.hit import Match, brief
from monitor.model.names import unknown_name
from monitor.model.plan import Plan, Rule
from monitor.model.records import ArticleRecord
from monitor.notify.replay import PolicyReplay
from monitor.schedule.calendar import CALENDAR
from monitor.service.backtest_walk import Finding, Progress, Tried, decided_at, readings, walked
from monitor.service.rule_trial import insist_on_expression
from monitor.store.read.queries import SqlReader
from monitor.store.read.stored_articles import ArticlePast

SAMPLES: Final = 10
"""Hits that are shown of each kind."""


def rules_to_try(plan: Plan, query: BacktestQuery) -> tuple[Rule, ...]:
    """Return the rules that are meant. Raises QueryError for an expression that cannot be used, UnknownNameError for an unknown rule."""
    if query.all_rules:
        return plan.rules
    if not query.rule_id:
        rule = Rule("expression", query.expression, query.expression)
    else:
        known = next((one for one in plan.rules if one.id == query.rule_id), None)
        if known is None:
            raise unknown_name("rule", query.rule_id, [one.id for one in plan.rules])
        rule = replace(known, expression=query.expression or known.expression)
    if query.expression:
        insist_on_expression(rule, plan.aliases)
    return (rule,)


def backtest(
    reader: SqlReader, query: BacktestQuery, what: Tried, progress: Progress, stop: Callable[[], bool]
) -> Backtest:
    """Hold rules against the stored articles of a span; `stop` is asked after each page. Raises StoreError."""
    walk = walked(reader, query, what, progress, stop)
    stored = reader.stored.stored_since()
    until = max(walk.reached, query.since) if walk.cut and walk.reached is not None else query.until
    span = BacktestSpan(query.since, until, stored, walk.articles, walk.without_body, walk.cut)
    members = walk.stories.members(walk.findings)
    silences, names = reader.silences(), {source.id: source.name for source in what.plan.sources}
    shown = ShownSpan(span, ZoneInfo(what.plan.zone), names)
    met = _by_rule(walk.findings)
    trials = []
    for rule in what.plan.rules:
        found = met.get(rule.id, [])
        replay = PolicyReplay(what.plan, CALENDAR, silences, members)
        for reading in readings(found, rule, walk.stories.story_of):
            if reading.at < until:
                replay.read(reading)
        replay.flush(until)
        difference = _difference(reader, rule, what, walk.findings, shown)
        trials.append(_summed(rule, found, replay, difference, shown))
    return Backtest(span, tuple(trials))


@dataclass(frozen=True, slots=True)
class ShownSpan:
    """What was looked at, the zone of its days, and the names of sources."""

    span: BacktestSpan
    zone: ZoneInfo
    names: Mapping[str, str]

    def day(self, moment: datetime) -> date:
        """Return the day on which a moment falls."""
        return moment.astimezone(self.zone).date()

    def hour(self, moment: datetime) -> tuple[int, int]:
        """Return the weekday, 0 for Monday, and the hour of a moment."""
        local = moment.astimezone(self.zone)
        return local.weekday(), local.hour

    def days(self) -> list[date]:
        """Return the days of the span, those it begins and ends in among them."""
        first, last = self.day(self.span.begin), self.day(self.span.until - timedelta(microseconds=1))
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _by_rule(findings: Sequence[Finding]) -> Mapping[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for one in findings:
        for rule_id in one.rules():
            found.setdefault(rule_id, []).append(one)
    return found


def _summed(
    rule: Rule, findings: Sequence[Finding], replay: PolicyReplay, difference: HitDifference | None, shown: ShownSpan
) -> RuleBacktest:
    """Return what one rule came to within the span."""
    hits = _hits(findings, rule.id, shown.span)
    days, channels = counted(replay, [at for _, at, _ in hits], shown)
    return RuleBacktest(
        rule_id=rule.id,
        rule_name=rule.name,
        hits=len(hits),
        days=days,
        channels=channels,
        samples=tuple(_sample(past, at, matches, shown.names) for past, at, matches in hits[: -SAMPLES - 1 : -1]),
        unheard=replay.unheard(shown.span.since),
        difference=difference,
        hours=Counter(shown.hour(at) for _, at, _ in hits),
    )


def counted(
    replay: PolicyReplay, hits: Sequence[datetime], shown: ShownSpan
) -> tuple[tuple[BacktestDay, ...], tuple[ChannelOutcome, ...]]:
    """Return the days of the span and its channels, with hits at those moments and the messages that were told."""
    since = shown.span.since
    told = Counter((shown.day(one.at), one.channel_id) for one in replay.messages() if one.at >= since)
    by_day, kept_back = Counter(map(shown.day, hits)), replay.kept_back(since)
    ids = sorted({channel_id for _, channel_id in told} | kept_back.keys() | replay.waiting().keys())
    days = tuple(BacktestDay(day, by_day[day], {one: told[day, one] for one in ids}) for day in shown.days())
    channels = tuple(
        ChannelOutcome(
            one,
            sum(number for (_, channel_id), number in told.items() if channel_id == one),
            replay.waiting().get(one, 0),
            dict(kept_back.get(one, {})),
        )
        for one in ids
    )
    return days, channels


_FoundHit: TypeAlias = tuple[ArticlePast, datetime, tuple[Match, ...]]


def _hits(findings: Sequence[Finding], rule_id: str, span: BacktestSpan) -> list[_FoundHit]:
    """Return the hits of a rule within the span, each by the source that met it first, in order."""
    found: list[_FoundHit] = []
    for one in findings:
        at, place = min(
            (decided_at(one.past, brought, rule_id), place)
            for place, brought in enumerate(one.past.readings)
            if rule_id in one.met.get(brought.source_id, {})
        )
        source_id = one.past.readings[place].source_id
        past = replace(one.past, article=replace(one.past.article, source_id=source_id))
        if span.since <= at < span.until:
            found.append((past, at, one.met[source_id][rule_id]))
    return sorted(found, key=lambda each: (each[1], each[0].id))


def _sample(past: ArticlePast, at: datetime, matches: Sequence[Match], names: Mapping[str, str]) -> HitSample:
    return HitSample(_record(past, names), at, tuple(dict.fromkeys(match.surface for match in brief(matches))))


def _record(past: ArticlePast, names: Mapping[str, str]) -> ArticleRecord:
    article = past.article
    return ArticleRecord(
        id=past.id,
        url=article.url,
        title=article.title,
        source=article.source_id,
        author=", ".join(article.authors),
        published_at=article.published_at,
        first_seen_at=article.first_seen_at,
        source_name=names.get(article.source_id, ""),
    )


def _difference(
    reader: SqlReader, rule: Rule, what: Tried, findings: Sequence[Finding], shown: ShownSpan
) -> HitDifference | None:
    """Return how the hits differ from those of the rule in force, None where it is not compared."""
    if what.compared is None:
        return None
    if rule.id in what.compared.known - what.compared.changed:
        return HitDifference(0, 0)
    span = shown.span
    inside = [one for one in findings if span.since <= one.past.stored_at < span.until]
    added = [one for one in inside if one.matches(rule.id) and rule.id not in one.before]
    removed = [one for one in inside if rule.id in one.before and not one.matches(rule.id)]
    latest = removed[: -SAMPLES - 1 : -1]
    texts = reader.stored.whole([one.past.id for one in latest])
    return HitDifference(
        len(added),
        len(removed),
        tuple(
            _sample(one.past, one.past.stored_at, one.matches(rule.id), shown.names)
            for one in added[: -SAMPLES - 1 : -1]
        ),
        tuple(_removed(one, rule, what, shown.names, texts.get(one.past.id)) for one in latest),
    )


def _removed(one: Finding, rule: Rule, what: Tried, names: Mapping[str, str], article: Article | None) -> HitSample:
    """Return a hit that is gone, and why: another source, or what of the rule does not hold."""
    sample = _sample(one.past, one.past.stored_at, one.before[rule.id], names)
    brought = {reading.source_id for reading in one.past.readings}
    if rule.sources and brought.isdisjoint(rule.sources):
        return replace(sample, missing=("sources: " + ", ".join(rule.sources),))
    if article is None:
        return sample
    why = explain(rule, what.plan.aliases, article, what.analyser)
    return replace(sample, missing=why.missing, refusals=why.refusals[:SAMPLES])
