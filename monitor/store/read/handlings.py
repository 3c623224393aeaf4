"""What people have made of hits and stories: every word of it, and where hits of one state are few, those hits."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, or_, select, union

from monitor.model.handling import Handling, HandlingState, HandlingSubject
from monitor.store.tables.handling_rows import handling_of
from monitor.store.tables.schema import article, handling, hit

_STATE: Any = bindparam("state")
_SAID = union(
    select(handling.c.hit_id).where(handling.c.state == _STATE, handling.c.hit_id.is_not(None)),
    select(hit.c.id)
    .select_from(
        handling.join(article, article.c.story_id == handling.c.story_id).join(hit, hit.c.article_id == article.c.id)
    )
    .where(handling.c.state == _STATE),
)
MOST_WORDS: Final = 1_000
"""Words of one hit or story that are shown, the latest."""


def ever_handled(connection: Connection, state: HandlingState, most: int) -> list[int]:
    """Return at most so many hits of which that was ever said, perhaps not last."""
    return list(connection.execute(_SAID.limit(most), {"state": state.value}).scalars())


def handling_history(connection: Connection, subject: HandlingSubject) -> tuple[Handling, ...]:
    """Return what was said of a hit, of itself and of its story, or of a story; oldest first, at most MOST_WORDS."""
    rows = connection.execute(_words(subject).order_by(handling.c.id.desc()).limit(MOST_WORDS)).all()
    return tuple(handling_of(row) for row in reversed(rows))


def _words(subject: HandlingSubject) -> Select[Any]:
    if subject.hit_id is None:
        return select(handling).where(handling.c.story_id == subject.story_id)
    story_id = (
        select(article.c.story_id)
        .select_from(hit.join(article, article.c.id == hit.c.article_id))
        .where(hit.c.id == subject.hit_id)
        .scalar_subquery()
    )
    return select(handling).where(or_(handling.c.hit_id == subject.hit_id, handling.c.story_id == story_id))
