"""The one clock of a running app."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the present moment, UTC and aware."""
    return datetime.now(UTC)  # noqa: TID251 - somebody has to look at the clock
