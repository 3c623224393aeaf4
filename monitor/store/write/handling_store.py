"""What people say of hits and stories. Each word of it is a row and stays; the last one holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, or_, select

from monitor.model.handling import UNHANDLED, Handling, HandlingBatch, HandlingSubject, NewHandling
from monitor.store.db.database import Database
from monitor.store.db.dialects import advisory_lock
from monitor.store.tables.acts import acts_of
from monitor.store.tables.handling_rows import handling_of, handlings_of_hits, handlings_of_stories
from monitor.store.tables.rows import storable
from monitor.store.tables.schema import article, handling, hit

_ADD = handling.insert()
_STORY_OF_HIT = (
    select(article.c.story_id)
    .select_from(hit.join(article, article.c.id == hit.c.article_id))
    .where(hit.c.id == bindparam("hit_id"))
)
_NEWEST = select(func.max(handling.c.id))
_MOST_UNDONE = 2_000  # words of one batch
_WORD: BindParameter[int] = bindparam("id")
_OF_SAME_STORY = select(handling).where(handling.c.story_id == bindparam("story_id")).limit(1)
_OF_SAME_HIT = (
    select(handling)
    .where(or_(handling.c.hit_id == bindparam("hit_id"), handling.c.story_id == bindparam("story_id")))
    .limit(1)
)
_OF_BATCH = (
    select(handling)
    .where(handling.c.id.between(bindparam("first"), bindparam("last")), handling.c.author == bindparam("author"))
    .order_by(handling.c.id)
    .limit(_MOST_UNDONE)
)


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
            return _handled(connection, subject, said)

        return await self._db.write(job)

    async def handle_all(self, subjects: Sequence[HandlingSubject], said: NewHandling) -> HandlingBatch:
        """Store what somebody says of many hits and stories, of all or of none; those that there are not are left out.

        Return what `undo` takes back. Raises StoreError.
        """
        ordered = sorted(
            set(subjects), key=lambda one: (one.story_id, one.hit_id or 0)
        )  # as all do: two do not lock each other

        def job(connection: Connection) -> HandlingBatch:
            before = connection.execute(_NEWEST).scalar() or 0
            done = sum(_handled(connection, one, said) is not None for one in ordered)
            last = connection.execute(_NEWEST).scalar() or 0
            return HandlingBatch(before + 1, last, storable(said.author.strip()), done)

        return await self._db.write(job)

    async def undo(self, batch: HandlingBatch, author: str, at: datetime) -> int:
        """Say of everything that a batch spoke of what held before, in the name of `author`; return of how many hits and stories.

        What somebody has spoken of since stays as it is. Raises StoreError.
        """

        def job(connection: Connection) -> int:
            advisory_lock(connection, f"handling undo:{batch.first}")
            said = connection.execute(
                _OF_BATCH, {"first": batch.first, "last": batch.last, "author": batch.author}
            ).all()
            undone = [one for one in map(partial(_word_before, connection), said) if one is not None]
            if undone:
                connection.execute(_ADD, [one | {"author": storable(author.strip()), "at": at} for one in undone])
            return len(undone)

        return await self._db.write(job)


def _handled(connection: Connection, subject: HandlingSubject, said: NewHandling) -> Handling | None:
    return _of_hit(connection, subject.hit_id, said) if subject.hit_id else _of_story(connection, subject, said)


def _word_before(connection: Connection, word: Row[Any]) -> dict[str, Any] | None:
    """Return what held before a word, as a row; None where somebody has spoken of the same since."""
    story_id = word.story_id or connection.execute(_STORY_OF_HIT, {"hit_id": word.hit_id}).scalar()
    values = {"hit_id": word.hit_id, "story_id": story_id, "id": word.id}
    same = _OF_SAME_HIT if word.story_id is None else _OF_SAME_STORY
    if connection.execute(same.where(handling.c.id > _WORD), values).first() is not None:
        return None
    before = connection.execute(same.where(handling.c.id < _WORD).order_by(handling.c.id.desc()), values).first()
    held = UNHANDLED if before is None else handling_of(before)
    subject = {"hit_id": word.hit_id, "story_id": word.story_id}
    return subject | {"state": held.state.value, "owner": held.owner, "note": held.note}


def _of_hit(connection: Connection, hit_id: int, said: NewHandling) -> Handling | None:
    story_id = connection.execute(_STORY_OF_HIT, {"hit_id": hit_id}).scalar()
    if story_id is None:
        return None
    # Two who speak at once are heard one after the other: the owner of the second is left as the first one said.
    advisory_lock(connection, f"handling:{story_id}")
    before = handlings_of_hits(connection, {hit_id: story_id}).get(hit_id, UNHANDLED)
    return _stored(connection, [{"hit_id": hit_id, "story_id": None}], before, said)


def _of_story(connection: Connection, subject: HandlingSubject, said: NewHandling) -> Handling | None:
    acts = acts_of(connection, subject.story_id)
    if not acts:
        return None
    advisory_lock(connection, *(f"handling:{one}" for one in acts))
    before = handlings_of_stories(connection, acts[-1:]).get(acts[-1], UNHANDLED)
    return _stored(connection, [{"hit_id": None, "story_id": one} for one in acts], before, said)


def _stored(connection: Connection, subjects: list[dict[str, Any]], before: Handling, said: NewHandling) -> Handling:
    owner = before.owner if said.owner is None else storable(said.owner.strip())
    note = before.note if said.note is None else storable(said.note.strip())
    author = storable(said.author.strip())
    values = {"state": said.state.value, "owner": owner, "note": note, "author": author, "at": said.at}
    connection.execute(_ADD, [one | values for one in subjects])
    return Handling(said.state, owner, note, author, said.at, of_story=subjects[0]["story_id"] is not None)
