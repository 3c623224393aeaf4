"""How far each table has come: what tells a program whether it would be shown anything else than before."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, func, select

from monitor.store.tables.schema import (
    article,
    article_revision,
    attempt,
    delivery,
    event,
    feedback,
    handling,
    hit,
    notification,
    plan,
    silence,
)

_NEWEST: Final = tuple(
    select(func.max(table.c.id)).scalar_subquery()
    for table in (
        article,
        article_revision,
        attempt,
        delivery,
        event,
        feedback,
        handling,
        hit,
        notification,
        plan,
        silence,
    )
)
# What retention takes away goes at the old end.
_OLDEST: Final = tuple(select(func.min(table.c.id)).scalar_subquery() for table in (article, hit, delivery))
_MARKS: Final = select(*(one.label(f"mark_{place}") for place, one in enumerate((*_NEWEST, *_OLDEST))))


def stored_marks(connection: Connection) -> str:
    """Return the newest and the oldest numbers of what is shown, as one text: each is one step into an index."""
    return ".".join("" if one is None else str(one) for one in connection.execute(_MARKS).one())
