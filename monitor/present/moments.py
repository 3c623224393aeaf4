"""Moments as programs read them, and as people do."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo


def rfc3339(moment: datetime) -> str:
    """Return a moment as RFC 3339 in UTC with milliseconds: 2026-11-23T23:59:38.120Z.

    Raises ValueError for a naive datetime: nobody must guess a zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a naive datetime is no moment")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def in_zone(moment: datetime, zone: tzinfo) -> str:
    """Return a moment as people read it, in their zone, which is named: 2026-11-24 08:59:38 KST, or +03 without a name."""
    local = moment.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S} {local.tzname() or f'{local:%z}'}"
