"""A question to the stored hits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HitQuery:
    """Filters; all must hold. Newest first. `since` and `until` bound the moment the hit was stored (UTC, half open)."""

    rule: str = ""
    source: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    limit: int = 50
