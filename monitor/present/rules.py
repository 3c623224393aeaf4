"""A rule in force as a JSON object."""

from __future__ import annotations

from monitor.model.plan import Rule
from monitor.model.precision import Precision
from monitor.present.shapes import Json


def rule_record_object(rule: Rule, hits_24h: int, hits_30d: int, precision: Precision) -> dict[str, Json]:
    """Return a rule as the files have it, with how much it found, and of how much of it people said that it was meant; `match` is "" for a rule over counts."""
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
        "precision": precision_object(precision),
    }


def precision_object(precision: Precision) -> dict[str, Json]:
    """Return how many hits were meant, of those that were spoken of, with the bounds of the share; null where none was."""
    low, high = precision.bounds
    return {
        "said": precision.said,
        "meant": precision.meant,
        "not_meant": precision.not_meant,
        "share": None if precision.share is None else round(precision.share, 4),
        "low": round(low, 4) if precision.said else None,
        "high": round(high, 4) if precision.said else None,
    }
