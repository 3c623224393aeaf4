"""A count of hits in a piece of time as a JSON object: the keys of `monitor hits --timeline` and of whatever comes."""

from __future__ import annotations

from monitor.model.records import TimelinePoint, TimelineUnit
from monitor.present.shapes import Json


def begins(point: TimelinePoint, unit: TimelineUnit) -> str:
    """Return when a piece begins: a day of the zone, or an hour with its offset."""
    return point.begins.date().isoformat() if unit == "day" else point.begins.isoformat(timespec="minutes")


def point_object(point: TimelinePoint, unit: TimelineUnit) -> dict[str, Json]:
    """Return how many hits of a rule came in the day or hour that begins then."""
    return {"begins": begins(point, unit), "rule_id": point.rule_id, "hits": point.hits}
