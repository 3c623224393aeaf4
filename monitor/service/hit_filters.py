"""What of a question about hits the store does not know: which rules have a tag or a severity, and which days a zone has. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from monitor.model.plan import Plan
from monitor.model.records import HitQuery, TimelinePoint, TimelineUnit


def narrowed(query: HitQuery, plan: Plan, tag: str, severity: str) -> HitQuery:
    """Return the query for those rules of the plan that have the tag and the severity; "" means any."""
    if not tag and not severity:
        return query
    chosen = (rule for rule in plan.rules if (not tag or tag in rule.tags) and severity in {"", rule.severity})
    return replace(query, rules=tuple(rule.id for rule in chosen))


def has_whole_hours(zone: tzinfo, now: datetime) -> bool:
    """Return whether hours of the zone are hours of UTC as well."""
    return (zone.utcoffset(now.astimezone(zone)) or timedelta()) % timedelta(hours=1) == timedelta()


def timeline(counts: Mapping[tuple[datetime, str], int], unit: TimelineUnit, zone: tzinfo) -> tuple[TimelinePoint, ...]:
    """Return counts of pieces of time (their beginnings in UTC, and rules) as counts of the zone's hours or days, oldest first."""
    found: Counter[tuple[datetime, str]] = Counter()
    for (began, rule_id), hits in counts.items():
        local = began.astimezone(zone).replace(minute=0)
        found[local.replace(hour=0) if unit == "day" else local, rule_id] += hits
    ranked = sorted(found.items(), key=lambda one: (one[0][0].timestamp(), -one[1], one[0][1]))
    return tuple(TimelinePoint(begins, rule_id, hits) for (begins, rule_id), hits in ranked)
