"""Who would hear of a rule's hits (`monitor routes`): the sources that fare alike together. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.config.load import Loaded
from monitor.config.places import Places
from monitor.model.notification import Silence
from monitor.model.plan import Plan, Rule
from monitor.model.records import HearingRecord, SilenceRecord
from monitor.notify.outlook import Conditions, Hearing, outlook
from monitor.notify.routes import OWN, ways
from monitor.schedule.calendar import CALENDAR

NOBODY = "nobody"
"""The outcome of hits of which no channel hears."""


def audience(
    loaded: Loaded,
    rule: Rule,
    source_id: str,
    *,
    closed: Mapping[str, str],
    silences: Sequence[SilenceRecord],
    at: datetime,
) -> tuple[HearingRecord, ...]:
    """Return who would hear at that moment of a hit of the rule in the source, "" for each source that it looks at.

    A line for each channel, and for what nobody hears of; sources that are switched off are left out where others are on.
    """
    plan = loaded.plan
    now = Conditions(at, CALENDAR, closed, [_silence(one) for one in silences if one.in_force(at)])
    groups: dict[tuple[tuple[Hearing, ...], tuple[int, ...]], list[str]] = {}
    for each in [source_id] if source_id else _sources(plan, rule):
        found = outlook(plan, rule, each, now)
        taken = () if rule.channels else tuple(ways(plan, rule, each))
        groups.setdefault((found, taken), []).append(each)
    return tuple(
        record
        for (found, taken), sources in groups.items()
        for record in _records(rule, tuple(sources), found, taken, loaded.places)
    )


def _records(
    rule: Rule, sources: tuple[str, ...], found: tuple[Hearing, ...], taken: tuple[int, ...], places: Places
) -> tuple[HearingRecord, ...]:
    if not found:
        why = (
            f"{_way(taken[-1], places)} has no channels"
            if taken
            else "the rule names no channel, and no route takes it"
        )
        return (HearingRecord(rule.id, sources, "", "", NOBODY, (why,), (None,)),)
    return tuple(
        HearingRecord(
            rule.id,
            sources,
            one.channel_id,
            _way(one.way, places),
            str(one.prospect),
            tuple(reason.words for reason in one.why),
            tuple(reason.until for reason in one.why),
        )
        for one in found
    )


def _way(way: int, places: Places) -> str:
    """Return in words which way leads to a channel, with the line of a route."""
    if way == OWN:
        return "named by the rule"
    at = places.problem(("routes", way), "")
    return f"route {way} ({at.file}:{at.line})"


def _sources(plan: Plan, rule: Rule) -> list[str]:
    asked = rule.sources or tuple(source.id for source in plan.sources)
    off = {source.id for source in plan.sources if not source.enabled}
    return [each for each in asked if each not in off] or list(asked)


def _silence(one: SilenceRecord) -> Silence:
    return Silence(one.id, one.rule_id, one.source_id, one.ends_at, one.why, one.tag, one.word, one.author)
