"""A rule in force as a JSON object."""

from __future__ import annotations

from monitor.model.plan import Rule
from monitor.present.shapes import Json


def rule_record_object(rule: Rule, hits_24h: int, hits_30d: int) -> dict[str, Json]:
    """Return a rule as the files have it, with how much it found; `match` is "" for a rule over counts."""
    return {
        "id": rule.id,
        "name": rule.name,
        "match": rule.expression,
        "sources": list(rule.sources),
        "channels": list(rule.channels),
        "tags": list(rule.tags),
        "severity": rule.severity,
        "hits_24h": hits_24h,
        "hits_30d": hits_30d,
    }
