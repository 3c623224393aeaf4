"""Hits behind a moment, by their numbers: the indexes of rules know these, and not the moments."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, func, select

from monitor.store.tables.schema import hit

CLOCK: Final = timedelta(days=1)
"""How far a clock may have been set back between two hits, or an article and its hit."""

_any = hit.alias()


def numbered_since(moment: datetime | BindParameter[Any]) -> ColumnElement[bool]:
    """Return whether a hit has a greater number than the last one stored before `moment`, which the caller puts back by CLOCK."""
    before = select(_any.c.id).where(_any.c.created_at < moment).order_by(_any.c.created_at.desc()).limit(1)
    return hit.c.id > func.coalesce(before.scalar_subquery(), 0)
