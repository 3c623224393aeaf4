"""Articles with everything that follows from them: the transaction that must not lose or double a hit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import uuid6
from sqlalchemy import Connection, bindparam, insert, select, update

from monitor.model.article import Article
from monitor.model.delivery import DeliveryState, MessageContext, Notification, Suppression
from monitor.model.hit import Hit
from monitor.model.story import Choose, Signature
from monitor.store.db.database import Database
from monitor.store.db.dialects import advisory_lock, per_dialect
from monitor.store.tables.fulltext import index_article
from monitor.store.tables.rows import article_of, article_values, hit_values, storable
from monitor.store.tables.schema import article, delivery, delivery_hit, entry, hit
from monitor.store.write.messages import add_deliveries
from monitor.store.write.outbox import replay_one
from monitor.store.write.stories import begin_story, keep_signature, members_near, story_of

_BY_KEY = select(article).where(article.c.key == bindparam("key"))
_FIND = select(article.c.id).where(article.c.key == bindparam("key"))
_AFTER = select(article).where(article.c.id > bindparam("after")).order_by(article.c.id).limit(bindparam("most"))
_ADD_ARTICLE = insert(article).returning(article.c.id)
_ADD_HIT = per_dialect(
    lambda make: make(hit).on_conflict_do_nothing(index_elements=["article_id", "rule_id"]).returning(hit.c.id)
)
_COMPLETE_ENTRY = (
    update(entry)
    .where(entry.c.id == bindparam("entry_id"), entry.c.state == "pending")
    .values(state="done", last_error="", attempts=entry.c.attempts + 1)
)
_HELD = (
    select(delivery.c.id)
    .select_from(
        hit.join(delivery_hit, delivery_hit.c.hit_id == hit.c.id).join(
            delivery, delivery.c.id == delivery_hit.c.delivery_id
        )
    )
    .where(
        hit.c.article_id == bindparam("article_id"),
        hit.c.rule_id == bindparam("rule_id"),
        delivery_hit.c.channel_id.in_(bindparam("channels", expanding=True)),
        delivery.c.state == DeliveryState.SUPPRESSED.value,
        delivery.c.reason == Suppression.BASELINE.value,
    )
    .order_by(delivery.c.id)
)
_HAS_HITS = select(hit.c.id).where(hit.c.article_id == bindparam("article_id")).limit(1)


def new_uuid() -> str:
    """Return a UUIDv7 (RFC 9562 §5.7): ids that sort in the order in which they were made."""
    return str(uuid6.uuid7())


@dataclass(frozen=True, slots=True)
class Finding:
    """One hit together with the decisions about whom to tell."""

    hit: Hit
    notifications: tuple[Notification, ...]


@dataclass(frozen=True, slots=True)
class ArticleWrite:
    """All that one read article means: stored in one transaction, or not at all.

    `entry_id` is completed by the same transaction (None when there is no entry, as in a rematch).
    `signature` is what its story is found by (an empty one joins none).
    """

    entry_id: int | None
    article: Article
    signature: Signature
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What a transaction really added: a repeat adds nothing. `deliveries` are the ids that are to be sent."""

    article_id: int
    new_article: bool
    hits: tuple[Hit, ...]
    deliveries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as it lies in the store, for rematching and for entries of a second source."""

    id: int
    article: Article


@dataclass(frozen=True, slots=True)
class _Stored:
    """The article that was written as it lies in the store."""

    id: int
    article: Article
    story_id: str
    new: bool


class ArticleStore:
    """Articles, hits, stories, and the outbox rows that follow from them."""

    def __init__(self, db: Database, choose: Choose, window: timedelta, new_id: Callable[[], str] = new_uuid) -> None:
        """Use `db`; `choose` decides which story an article joins, among those with a member seen within `window` of it.

        `new_id` makes the ids of deliveries and stories.
        """
        self._db = db
        self._choose = choose
        self._window = window
        self._new_id = new_id

    async def commit(
        self, write: ArticleWrite, render: Callable[[MessageContext], bytes], now: datetime
    ) -> WriteResult:
        """Store all of it in ONE transaction; unique keys make a repeat harmless.

        An article that is already there stays as it is; only its new hits are added, under this source, and
        messages that its first source's first run held back become due.
        `render` runs inside the transaction, perhaps more than once, and must only compute. Raises StoreError, and what
        `render` raises: then nothing of it is stored.
        """
        return await self._db.write(lambda connection: self._commit(connection, write, render, now))

    async def article(self, key: str) -> StoredArticle | None:
        """Return the stored article of that identity."""
        row = await self._db.read(lambda connection: connection.execute(_BY_KEY, {"key": storable(key)}).first())
        return None if row is None else StoredArticle(row.id, article_of(row))

    async def articles_after(self, article_id: int, limit: int) -> tuple[StoredArticle, ...]:
        """Return stored articles with greater ids, ascending: a page of a full walk."""
        wanted = {"after": article_id, "most": limit}
        rows = await self._db.read(lambda connection: connection.execute(_AFTER, wanted).all())
        return tuple(StoredArticle(row.id, article_of(row)) for row in rows)

    def _commit(
        self, connection: Connection, write: ArticleWrite, render: Callable[[MessageContext], bytes], now: datetime
    ) -> WriteResult:
        stored = self._keep_article(connection, write, now)
        indexed = not stored.new and connection.execute(_HAS_HITS, {"article_id": stored.id}).first() is not None
        added = self._keep_hits(connection, write, stored.id, now)
        deliveries = self._release(connection, write, stored, added, render, now)
        if added:
            if not indexed:
                index_article(connection, stored.id, stored.article.fields().values())
            told = _contexts(connection, stored, write.article, added, now)
            deliveries += add_deliveries(connection, told, render, self._new_id)
        if write.entry_id is not None:
            connection.execute(_COMPLETE_ENTRY, {"entry_id": write.entry_id})
        return WriteResult(stored.id, stored.new, tuple(finding.hit for _, finding in added), deliveries)

    def _keep_article(self, connection: Connection, write: ArticleWrite, now: datetime) -> _Stored:
        values = article_values(write.article)
        # Processes take turns, for two of them may bring one article, or the first two of one story.
        advisory_lock(connection, "stories")
        if connection.execute(_FIND, {"key": values["key"]}).first() is not None:
            known = connection.execute(_BY_KEY, {"key": values["key"]}).one()
            return _Stored(known.id, article_of(known), known.story_id, new=False)
        seen, signature = write.article.first_seen_at, write.signature
        story_id = None
        if signature:
            story_id = self._choose(signature, members_near(connection, signature, seen, self._window))
        if story_id is None:
            story_id = begin_story(connection, write.article, self._new_id)
        row_id = connection.execute(_ADD_ARTICLE, {**values, "stored_at": now, "story_id": story_id}).scalar_one()
        keep_signature(connection, row_id, story_id, seen, signature)
        return _Stored(row_id, write.article, story_id, new=True)

    def _keep_hits(
        self, connection: Connection, write: ArticleWrite, article_id: int, now: datetime
    ) -> list[tuple[int, Finding]]:
        """Insert each hit that is not there yet; return those with their ids."""
        add = _ADD_HIT[connection.dialect.name]
        added: list[tuple[int, Finding]] = []
        for finding in write.findings:
            values = {"article_id": article_id, "source_id": write.article.source_id, "created_at": now}
            number = connection.execute(add, values | hit_values(finding.hit)).scalar_one_or_none()
            if number is not None:
                added.append((number, finding))
        return added

    def _release(
        self,
        connection: Connection,
        write: ArticleWrite,
        stored: _Stored,
        added: Sequence[tuple[int, Finding]],
        render: Callable[[MessageContext], bytes],
        now: datetime,
    ) -> tuple[str, ...]:
        """Return messages that only the first run of another source had held back, now due.

        What one source saw on its first run may be fresh news of a source that has been watched for long.
        """
        if stored.new:
            return ()
        new = {finding.hit.rule_id for _, finding in added}
        released: list[str] = []
        for finding in write.findings:
            channels = [
                notification.channel_id for notification in finding.notifications if notification.suppressed is None
            ]
            if channels and finding.hit.rule_id not in new:
                wanted = {"article_id": stored.id, "rule_id": finding.hit.rule_id, "channels": channels}
                released += connection.execute(_HELD, wanted).scalars()
        for row_id in released:
            replay_one(connection, row_id, render, now)
        return tuple(released)


def _contexts(
    connection: Connection, stored: _Stored, told: Article, added: Sequence[tuple[int, Finding]], now: datetime
) -> list[tuple[MessageContext, Sequence[Notification]]]:
    """Return the context of a message for each new hit, still without a delivery id and seq, beside whom it concerns."""
    story = story_of(connection, stored.story_id)
    return [
        (MessageContext("", 0, number, stored.id, now, told, finding.hit, story), finding.notifications)
        for number, finding in added
    ]
