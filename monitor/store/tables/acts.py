"""The acts of one story, as both halves of the store ask for them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from monitor.store.tables.schema import story

_ID: BindParameter[str] = bindparam("story_id")
_ROOT = select(story.c.root_id).where(story.c.id == _ID).scalar_subquery()
# The first act may be gone, and its id still be known to somebody.
_ACTS: Final = (
    select(story.c.id).where(story.c.root_id == func.coalesce(_ROOT, _ID)).order_by(story.c.first_seen_at, story.c.id)
)


def acts_of(connection: Connection, story_id: str) -> tuple[str, ...]:
    """Return the ids of all acts of the story that one of them is, oldest first; none where there is no such story."""
    return tuple(connection.execute(_ACTS, {"story_id": story_id}).scalars())
