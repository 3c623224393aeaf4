"""What people say of hits and stories. Each word of it is a row and stays; the last one holds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, literal, select

from monitor.model.handling import UNHANDLED, Handling, HandlingSubject, NewHandling
from monitor.store.db.database import Database
from monitor.store.db.dialects import advisory_lock
from monitor.store.tables.handling_rows import handlings_of_hits, handlings_of_stories
from monitor.store.tables.rows import storable
from monitor.store.tables.schema import article, handling, hit, story

_ADD = handling.insert()
_STORY_OF_HIT = (
    select(article.c.story_id)
    .select_from(hit.join(article, article.c.id == hit.c.article_id))
    .where(hit.c.id == bindparam("hit_id"))
)
_ID: BindParameter[str] = bindparam("story_id")
_MOST_ACTS = 1_000  # of one chain
_UP = select(story.c.id, story.c.continues, literal(0).label("far")).where(story.c.id == _ID).cte("up", recursive=True)
_UP = _UP.union_all(
    select(story.c.id, story.c.continues, _UP.c.far + 1)
    .join(_UP, story.c.id == _UP.c.continues)
    .where(_UP.c.far < _MOST_ACTS)
)
_FIRST = select(_UP.c.id).order_by(_UP.c.far.desc()).limit(1)
_DOWN = select(story.c.id, story.c.first_seen_at, literal(0).label("far")).where(story.c.id == _ID)
_ACTS = _DOWN.cte("acts", recursive=True)
_ACTS = _ACTS.union_all(
    select(story.c.id, story.c.first_seen_at, _ACTS.c.far + 1)
    .join(_ACTS, story.c.continues == _ACTS.c.id)
    .where(_ACTS.c.far < _MOST_ACTS)
)
_CHAIN = select(_ACTS.c.id).order_by(_ACTS.c.first_seen_at, _ACTS.c.id)


class HandlingStore:
    """What people have made of hits and stories."""

    def __init__(self, db: Database) -> None:
        """Use `db`."""
        self._db = db

    async def handle(self, subject: HandlingSubject, said: NewHandling) -> Handling | None:
        """Store what somebody says of a hit or of all acts of a story; return it, None where there is no such hit or story.

        Raises StoreError.
        """

        def job(connection: Connection) -> Handling | None:
            return _of_hit(connection, subject.hit_id, said) if subject.hit_id else _of_story(connection, subject, said)

        return await self._db.write(job)


def _of_hit(connection: Connection, hit_id: int, said: NewHandling) -> Handling | None:
    story_id = connection.execute(_STORY_OF_HIT, {"hit_id": hit_id}).scalar()
    if story_id is None:
        return None
    # Two who speak at once are heard one after the other: the owner of the second is left as the first one said.
    advisory_lock(connection, f"handling:{story_id}")
    before = handlings_of_hits(connection, {hit_id: story_id}).get(hit_id, UNHANDLED)
    return _stored(connection, [{"hit_id": hit_id, "story_id": None}], before, said)


def _of_story(connection: Connection, subject: HandlingSubject, said: NewHandling) -> Handling | None:
    first = connection.execute(_FIRST, {"story_id": subject.story_id}).scalar()
    if first is None:
        return None
    acts = list(connection.execute(_CHAIN, {"story_id": first}).scalars())
    advisory_lock(connection, *(f"handling:{one}" for one in acts))
    before = handlings_of_stories(connection, acts[-1:]).get(acts[-1], UNHANDLED)
    return _stored(connection, [{"hit_id": None, "story_id": one} for one in acts], before, said)


def _stored(connection: Connection, subjects: list[dict[str, Any]], before: Handling, said: NewHandling) -> Handling:
    owner = before.owner if said.owner is None else storable(said.owner.strip())
    note, author = storable(said.note.strip()), storable(said.author.strip())
    values = {"state": said.state.value, "owner": owner, "note": note, "author": author, "at": said.at}
    connection.execute(_ADD, [one | values for one in subjects])
    return Handling(said.state, owner, note, author, said.at, of_story=subjects[0]["story_id"] is not None)
