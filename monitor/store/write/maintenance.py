"""Chores of the database, and what need not be kept for ever: articles that no rule has met."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, delete, exists, func, or_, select, text, update

from monitor.store.db.database import Database
from monitor.store.tables.schema import (
    HELD,
    article,
    article_revision,
    delivery,
    entry,
    follow_up,
    handling,
    hit,
    metadata,
    notification,
    plan,
    source_state,
    story,
    story_gram,
    story_signature,
)
from monitor.store.write.rights import cut_articles, whole_articles
from monitor.store.write.rule_store import clamp_positions
from monitor.store.write.stories import forget

_LEASES = timedelta(minutes=2)
"""Longer than any lease, and than the clocks of two machines are apart."""

_DAY = timedelta(days=1)


class Maintenance:
    """Chores of the database."""

    def __init__(self, db: Database, piece: int = 500) -> None:
        """Use `db`; a long chore is done in pieces of at most that many articles, between which others may write."""
        self._db = db
        self._piece = piece

    async def optimize(self) -> str:
        """Refresh planner statistics and fold the write-ahead log; return a short account. Raises StoreError."""
        return await self._db.chore(_optimize)

    async def forget_signatures(self, before: datetime) -> int:
        """Drop what articles seen before that moment are compared by; return how many they were. Raises StoreError."""
        gone = 0
        while dropped := await self._db.write(lambda connection: forget(connection, before, self._piece)):
            gone += dropped
        return gone

    async def drop_articles(self, before: datetime) -> int:
        """Drop articles stored before that moment that no rule has met; return how many they were. Raises StoreError.

        Their entries stay, so that none is ever taken for new again; a story that loses its last article goes with it.
        """
        gone, after = 0, 0
        while page := await self._db.write(partial(drop, before=before, after=after, most=self._piece)):
            gone += page.dropped
            after = page.last
        return gone

    async def keep_to_rights(self) -> int:
        """Cut what is stored of articles whose sources leave no more than a link by now; return how many were cut.

        Raises StoreError.
        """
        cut = 0
        while ids := await self._db.read(partial(whole_articles, most=self._piece)):
            cut += await self._db.write(partial(cut_articles, ids=ids))
        return cut

    async def check_writable(self) -> None:
        """Raise StoreError unless the database takes a write now."""
        # A transaction that changes nothing succeeds on a full disk as well.
        await self._db.write(lambda connection: connection.execute(_REWRITE))

    async def bring_forward(self, now: datetime) -> int:
        """Make due now what waits for a later moment: polls, entries, deliveries, groups; return how many. Raises StoreError.

        For a clock that was set back: by it those moments may be hours away. What is held until an hour of the day, and
        silences, go by that hour, unless it was held more than a day from now: then the day was wrong.
        """
        return await self._db.write(lambda connection: _bring_forward(connection, now))

    async def is_ahead_of(self, now: datetime) -> bool:
        """Return whether something was written later than `now`: the clock was set back since. Raises StoreError."""
        latest = func.max(source_state.c.last_success_at)
        return await self._db.read(
            lambda connection: (
                (last := connection.execute(select(latest)).scalar()) is not None and last > now + _LEASES
            )
        )

    async def release_leases(self, owners: str) -> int:
        """Free every lease whose owner's name begins with `owners`; return how many they were.

        Only for a process that knows that none of those runs any more (it holds their lock). A message that was being
        sent when its process died is due again at once, under the same id. Raises StoreError.
        """
        return await self._db.write(lambda connection: _release(connection, owners))


_REWRITE = update(plan).where(plan.c.id == select(func.max(plan.c.id)).scalar_subquery()).values(version=plan.c.version)


def _bring_forward(connection: Connection, now: datetime) -> int:
    lease = now + _LEASES  # what is under way keeps it, and has it renewed
    later = (
        (source_state, source_state.c.next_poll_at, now, {"next_poll_at": now, "lists_due_at": now}),
        (source_state, source_state.c.lease_until, lease, {"lease_until": lease}),
        (entry, entry.c.next_attempt_at, now, {"next_attempt_at": now}),
        (follow_up, follow_up.c.due_at, now, {"due_at": now}),
        (follow_up, follow_up.c.lease_until, lease, {"lease_until": lease}),
        (delivery, delivery.c.due_at, now, {"due_at": now}),
        (delivery, delivery.c.lease_until, lease, {"lease_until": lease}),
    )
    by_hour = notification.c.group_key.in_(("quiet", "digest"))
    groups = update(notification).where(
        HELD, notification.c.not_before > now, or_(~by_hour, notification.c.created_at > now + _DAY)
    )
    return connection.execute(groups.values(not_before=now)).rowcount + sum(
        connection.execute(update(table).where(column > limit).values(**values)).rowcount
        for table, column, limit, values in later
    )


def _release(connection: Connection, owners: str) -> int:
    free = {"lease_owner": None, "lease_until": None}
    theirs = source_state.c.lease_owner.startswith(owners, autoescape=True)
    sources = connection.execute(update(source_state).where(theirs).values(**free))
    looks = update(follow_up).where(follow_up.c.lease_owner.startswith(owners, autoescape=True)).values(**free)
    sent = (delivery.c.state == "leased", delivery.c.lease_owner.startswith(owners, autoescape=True))
    sending = update(delivery).where(*sent).values(state="pending", **free)
    return sources.rowcount + connection.execute(looks).rowcount + connection.execute(sending).rowcount


def _optimize(connection: Connection) -> str:
    if connection.dialect.name == "sqlite":
        # Neither pragma does its work inside a transaction, and the engine would open one.
        return _optimize_sqlite(connection.connection.driver_connection)
    with connection.begin():
        for table in metadata.sorted_tables:
            connection.execute(text(f"ANALYZE {table.name}"))
    return f"analysed {len(metadata.tables)} tables"


def _optimize_sqlite(driver: Any) -> str:  # noqa: ANN401 - the DBAPI has no types
    driver.execute("PRAGMA optimize")
    busy, pages, folded = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        return f"folded {folded} of {pages} pages of the write-ahead log; readers hold the rest"
    return "statistics refreshed, write-ahead log folded"


_PAGE = (
    select(
        article.c.id,
        article.c.story_id,
        article.c.stored_at,
        exists().where(hit.c.article_id == article.c.id).label("met"),
    )
    .where(article.c.id > bindparam("after"))
    .order_by(article.c.id)
    .limit(bindparam("most"))
)
_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_STORIES: BindParameter[list[str]] = bindparam("stories", expanding=True)
_DROP = (
    update(entry).where(entry.c.article_id.in_(_IDS)).values(article_id=None),
    delete(article_revision).where(article_revision.c.article_id.in_(_IDS)),
    delete(story_gram).where(story_gram.c.article_id.in_(_IDS)),
    delete(story_signature).where(story_signature.c.article_id.in_(_IDS)),
    delete(article).where(article.c.id.in_(_IDS)),
)
_EMPTY_STORIES = select(story.c.id).where(
    story.c.id.in_(_STORIES), ~exists().where(article.c.story_id == story.c.id).correlate(story)
)
_UNTIE = tuple(
    update(story).where(tie.in_(_STORIES)).values({tie: None}) for tie in (story.c.continues, story.c.related)
)
# Whoever handles a story speaks of all its acts, of which some may have no hit.
_FORGET_HANDLING = delete(handling).where(handling.c.story_id.in_(_STORIES))
_DROP_STORIES = delete(story).where(story.c.id.in_(_STORIES))


class Dropped(NamedTuple):
    """One page of the walk: how many articles went, and the number of the last one that was old."""

    dropped: int
    last: int


def drop(connection: Connection, before: datetime, after: int, most: int) -> Dropped | None:
    """Look at the next `most` articles; drop those stored before that moment without a hit. None at the end.

    Articles are numbered as they are stored, so the walk ends at the first young one. A hit that a rule adds meanwhile
    waits for this transaction, or this one sees it.
    """
    rows = connection.execute(_PAGE, {"after": after, "most": most}).all()
    old = [row for row in rows if row.stored_at < before]
    if not old:
        return None
    gone = [row for row in old if not row.met]
    if gone:
        for statement in _DROP:
            connection.execute(statement, {"ids": [row.id for row in gone]})
        _drop_empty(connection, {row.story_id for row in gone})
        clamp_positions(connection)
    return Dropped(len(gone), old[-1].id)


def _drop_empty(connection: Connection, stories: set[str]) -> None:
    """Drop those of the stories that have no article any more, and the ties of others to them."""
    empty = connection.execute(_EMPTY_STORIES, {"stories": list(stories)}).scalars().all()
    if empty:
        for statement in (*_UNTIE, _FORGET_HANDLING, _DROP_STORIES):
            connection.execute(statement, {"stories": empty})
