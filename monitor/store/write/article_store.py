"""Articles with everything that follows from them: the transaction that must not lose or double a hit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, and_, bindparam, delete, exists, insert, select, update

from monitor.model.article import Article
from monitor.model.delivery import Compose, Delivery, MessageContext, NextClaim
from monitor.model.follow import DecideFollowed, ToldHit
from monitor.model.hit import Hit
from monitor.model.notification import Decide, Notification, Situation, StoredHit
from monitor.model.story import Choose, Signature, StoryChoice
from monitor.store.db.database import Database
from monitor.store.db.dialects import UtcDateTime, advisory_lock
from monitor.store.db.inserts import per_dialect
from monitor.store.tables.facets import HitFacets, facets_of
from monitor.store.tables.fulltext import index_article, indexed_texts, unindex_article
from monitor.store.tables.kept_text import kept_article, kept_hit
from monitor.store.tables.near_members import members_near
from monitor.store.tables.rows import article_of, article_values, hit_values, korean_day, storable
from monitor.store.tables.schema import article, article_revision, entry, hit, notification
from monitor.store.write.follow_up_store import start_follow_up
from monitor.store.write.history import StoredHistory
from monitor.store.write.identity import new_uuid
from monitor.store.write.messages import MessageMaker, Subject, add_notifications, source_name
from monitor.store.write.outbox import claim_made
from monitor.store.write.refresh_store import story_grew
from monitor.store.write.rule_store import mark_lag
from monitor.store.write.stories import begin_story, keep_signature, story_of
from monitor.store.write.told_hits import Fate, decide_fate, told_hits

_BY_KEY = select(article).where(article.c.key == bindparam("key"))
_BY_ID = select(article).where(article.c.id == bindparam("id"))
_FIND = select(article.c.id).where(article.c.key == bindparam("key"))
_NEWS = exists().where(entry.c.article_id == article.c.id, entry.c.source_id == article.c.source_id, ~entry.c.baseline)
_LISTED = exists().where(entry.c.article_id == article.c.id, entry.c.source_id == article.c.source_id)
_AFTER = (
    select(article, and_(_LISTED, ~_NEWS).label("baseline"))
    .where(article.c.id > bindparam("after"))
    .order_by(article.c.id)
    .limit(bindparam("most"))
)
_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_BROUGHT_BY = (
    select(entry.c.article_id, entry.c.source_id, entry.c.baseline)
    .where(entry.c.article_id.in_(_IDS), entry.c.state == "done")
    .order_by(entry.c.id)
)
_BROUGHT_AGAIN = (
    select(
        article,
        entry.c.id.label("entry_id"),
        entry.c.source_id.label("by_source"),
        entry.c.baseline.label("held"),
    )
    .select_from(entry.join(article, article.c.id == entry.c.article_id))
    .where(
        entry.c.id > bindparam("after"),
        entry.c.done_at >= bindparam("since", type_=UtcDateTime()),
        entry.c.source_id != article.c.source_id,
    )
    .order_by(entry.c.id)
    .limit(bindparam("most"))
)
_ADD_ARTICLE = insert(article).returning(article.c.id)
_ADD_HIT = per_dialect(
    lambda make: make(hit).on_conflict_do_nothing(index_elements=["article_id", "rule_id"]).returning(hit.c.id)
)
_COMPLETE_ENTRY = (
    update(entry)
    .where(entry.c.id == bindparam("entry_id"), entry.c.state == "pending")
    .values(
        state="done",
        last_error="",
        attempts=entry.c.attempts + 1,
        article_id=bindparam("article_id"),
        done_at=bindparam("now"),
        content="",  # the article has it now
    )
)
_COMPLETE_LINKED = _COMPLETE_ENTRY.values(summary="")  # what a list says may be all of the text
_PUT_OFF = (
    update(entry)
    .where(entry.c.id == bindparam("entry_id"), entry.c.state == "pending")
    .values(
        attempts=entry.c.attempts + 1,
        next_attempt_at=bindparam("until"),
        last_error=bindparam("why"),
        article_id=bindparam("article_id"),
        readings=entry.c.readings + 1,
    )
)
_NOTIFIED = (
    select(hit.c.rule_id, notification.c.id, notification.c.channel_id, notification.c.reason)
    .select_from(hit.join(notification, notification.c.hit_id == hit.c.id))
    .where(hit.c.article_id == bindparam("article_id"))
    .order_by(notification.c.id)
    .with_for_update(of=notification)  # a replay must not tell of one that is decided here again
)
_HITS = select(hit.c.id, hit.c.rule_id).where(hit.c.article_id == bindparam("article_id"))
_REWRITE = update(article).where(article.c.id == bindparam("row_id"))
_KEEP_REVISION = insert(article_revision)
MOST_REVISIONS = 20
"""Of an article: what it said first, and what it said last."""

_earlier = article_revision.alias("earlier")
_OF_IT = select(_earlier.c.id).where(_earlier.c.article_id == bindparam("of"))
_FORGET_REVISIONS = delete(article_revision).where(
    article_revision.c.article_id == bindparam("of"),
    article_revision.c.id.not_in(_OF_IT.order_by(_earlier.c.id.desc()).limit(MOST_REVISIONS - 1)),
    article_revision.c.id.not_in(_OF_IT.order_by(_earlier.c.id).limit(1)),
)
_REFRESH_HIT = update(hit).where(hit.c.article_id == bindparam("of"), hit.c.rule_id == bindparam("met"))
_FACETS = select(hit.c.rule_id, hit.c.source_id, hit.c.terms).where(hit.c.article_id == bindparam("article_id"))


@dataclass(frozen=True, slots=True)
class PutOff:
    """The entry is not done: its page is to be tried again at `until` (UTC)."""

    until: datetime
    why: str


_REVISED = ("title", "subtitle", "body", "captions", "listed_title", "listed_summary")
_LASTING = frozenset({"key", "source_id", "url", "first_seen_at"})  # of an article that is rewritten


@dataclass(frozen=True, slots=True)
class ArticleWrite:
    """All that one read article means: stored in one transaction, or not at all.

    `entry_id` is completed by the same transaction (None when there is no entry, as in a rematch).
    `signature` is what its story is found by (an empty one joins none). `again`: it was read once more, and what it says
    now takes the place of what is stored. `put_off`: the entry is not completed, its list alone was heard so far.
    `plan_version` is of the plan that it was held against, "" where there is none. `edits`: some channel can edit what it was
    sent, so that the messages which told the story first are brought up to date. `linked`: its source leaves no more of it to be
    kept than a link and excerpts.
    """

    entry_id: int | None
    article: Article
    signature: Signature
    hits: tuple[Hit, ...]
    again: bool = False
    plan_version: str = ""
    put_off: PutOff | None = None
    edits: bool = False
    linked: bool = False


@dataclass(frozen=True, slots=True)
class Following:
    """What becomes of an article that somebody is told of: it is looked at again at `due_at` (UTC).

    `decide` says what is told of a change.
    """

    due_at: datetime
    decide: DecideFollowed


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What a transaction really added: a repeat adds nothing.

    `notifications` are the decisions that were stored, `deliveries` the ids of messages that are to be sent, `claimed` those
    of them that were claimed along with it. `before` is the headline of an article that was rewritten, None of any other.
    """

    article_id: int
    new_article: bool
    hits: tuple[Hit, ...]
    notifications: tuple[Notification, ...]
    deliveries: tuple[str, ...]
    before: str | None = None
    claimed: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as it lies in the store, for rematching and for entries of a second source.

    `baseline`: it stood on the list of its source before that was watched. `others` are further sources that have brought
    it, each with whether it did so before it was watched. Only a walk asks for these.
    """

    id: int
    article: Article
    baseline: bool = False
    others: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class _Stored:
    """The article that was written as it lies in the store. `before`: what it said until this transaction.

    `joined`: it is new, and its story was there before.
    """

    id: int
    article: Article
    story_id: str
    new: bool = False
    before: Article | None = None
    joined: bool = False


class ArticleStore:
    """Articles, hits, stories, and the outbox rows that follow from them."""

    def __init__(self, db: Database, choose: Choose, window: timedelta, new_id: Callable[[], str] = new_uuid) -> None:
        """Use `db`; `choose` decides which story an article joins or continues, among those with a member seen within `window` of it.

        `new_id` makes the ids of deliveries and stories.
        """
        self._db = db
        self._choose = choose
        self._window = window
        self._new_id = new_id

    async def commit(
        self,
        write: ArticleWrite,
        decide: Decide,
        compose: Compose,
        now: datetime,
        claim: NextClaim | None = None,
        follow: Following | None = None,
    ) -> WriteResult:
        """Store all of it in ONE transaction, with whom to tell; unique keys make a repeat harmless.

        An article that is already there stays as it is, unless it was read `again`; its new hits are added, under this
        source. What it said before is kept as a revision, and hits that it still has show where they stand now.
        Held against an older plan than the latest one, it is left to a rematch as well.
        `decide` (of hits, when there are any) and `compose` run inside the transaction, perhaps more than once, and must
        only compute. With `follow` the article is looked at again when somebody is told of it, and those who were told hear
        of it when it was rewritten. With `claim` messages are claimed in it that nothing stands before: on the way of an alert that saves
        a transaction. Raises StoreError, and what they raise: then nothing of it is stored.
        """
        maker = MessageMaker(compose, now, self._new_id)

        def job(connection: Connection) -> WriteResult:
            written = self._commit(connection, write, decide, maker, follow)
            return replace(written, claimed=claim_made(connection, written.deliveries, claim, now))

        return await self._db.write(job)

    async def article(self, article_id: int) -> StoredArticle | None:
        """Return the stored article of that number."""
        row = await self._db.read(lambda connection: connection.execute(_BY_ID, {"id": article_id}).first())
        return None if row is None else StoredArticle(row.id, article_of(row))

    async def articles_after(self, article_id: int, limit: int) -> tuple[StoredArticle, ...]:
        """Return stored articles with greater ids, ascending: a page of a full walk."""
        wanted = {"after": article_id, "most": limit}
        return await self._db.read(lambda connection: _walked(connection, wanted))

    async def brought_again(self, since: datetime, after: int, limit: int) -> tuple[tuple[int, StoredArticle], ...]:
        """Return articles that a further source brought since then, as that one did, each with the number of its entry.

        Those of entries with greater numbers than `after`, ascending.
        """
        wanted = {"since": since, "after": after, "most": limit}
        rows = await self._db.read(lambda connection: connection.execute(_BROUGHT_AGAIN, wanted).all())
        return tuple(
            (row.entry_id, StoredArticle(row.id, replace(article_of(row), source_id=row.by_source), bool(row.held)))
            for row in rows
        )

    def _commit(
        self,
        connection: Connection,
        write: ArticleWrite,
        decide: Decide,
        maker: MessageMaker,
        follow: Following | None,
    ) -> WriteResult:
        if write.linked:
            write = replace(write, hits=tuple(map(kept_hit, write.hits)))
        stored = self._keep_article(connection, write, maker.now)
        told = told_hits(connection, stored.id) if follow is not None and stored.before is not None else ()
        indexed = () if stored.new else _filtered(connection, stored.id)
        added = _keep_hits(connection, write, stored, maker.now)
        if added or (indexed and stored.before is not None):
            _index(connection, stored, indexed)
        decided = _decide(connection, write, stored, added, decide, maker.now) if write.hits else ()
        told_now = any(one.suppressed is None for _, one in decided)
        if follow is not None and told_now and not stored.article.shares_page:
            start_follow_up(connection, stored.id, write.article.source_id, maker.now, follow.due_at)
        changed = _decide_change(connection, write, stored, told, follow, maker.now)
        deliveries = add_notifications(connection, (*decided, *changed), maker)
        if write.edits and stored.joined:
            story_grew(connection, stored.story_id, maker.now)
        if write.entry_id is not None and write.put_off is not None:
            later = {"until": write.put_off.until, "why": storable(write.put_off.why), "article_id": stored.id}
            connection.execute(_PUT_OFF, {"entry_id": write.entry_id, **later})
        elif write.entry_id is not None:
            done = {"entry_id": write.entry_id, "article_id": stored.id, "now": maker.now}
            connection.execute(_COMPLETE_LINKED if write.linked else _COMPLETE_ENTRY, done)
        if write.plan_version and (stored.new or stored.before is not None):
            mark_lag(connection, stored.id, write.plan_version)
        hits = tuple(found for found in write.hits if found.rule_id in added)
        before = stored.before.title if stored.before else None
        return WriteResult(stored.id, stored.new, hits, tuple(told for _, told in decided), deliveries, before)

    def _keep_article(self, connection: Connection, write: ArticleWrite, now: datetime) -> _Stored:
        kept = kept_article(write.article, (hit.excerpt for hit in write.hits)) if write.linked else write.article
        values = article_values(kept)
        # Processes take turns, for two of them may bring one article, or the first two of one story.
        advisory_lock(connection, "stories")
        if connection.execute(_FIND, {"key": values["key"]}).first() is not None:
            known = connection.execute(_BY_KEY, {"key": values["key"]}).one()
            stored = _Stored(known.id, article_of(known), known.story_id)
            return _rewritten(connection, stored, values, now) if write.again else stored
        seen, signature = write.article.first_seen_at, write.signature
        choice = self._choice(connection, signature, seen) if signature else StoryChoice()
        story_id = choice.joins or begin_story(connection, write.article, choice, self._new_id)
        row_id = connection.execute(_ADD_ARTICLE, {**values, "stored_at": now, "story_id": story_id}).scalar_one()
        keep_signature(connection, row_id, story_id, seen, signature)
        return _Stored(row_id, kept, story_id, new=True, joined=bool(choice.joins))

    def _choice(self, connection: Connection, signature: Signature, seen: datetime) -> StoryChoice:
        return self._choose(signature, members_near(connection, signature, seen, self._window), seen)


def _decide_change(
    connection: Connection,
    write: ArticleWrite,
    stored: _Stored,
    told: Sequence[ToldHit],
    follow: Following | None,
    now: datetime,
) -> list[tuple[Subject, Notification]]:
    """Have it decided what is told of a rewritten article to those who were told of it; `told` has their hits until now."""
    if follow is None or stored.before is None:
        return []
    found = {hit.rule_id: hit.matches for hit in write.hits}
    hits = [replace(one, after=found.get(one.rule_id, ())) for one in told]
    return decide_fate(connection, stored.id, stored.before, stored.article, hits, Fate(follow.decide, now))


def _walked(connection: Connection, wanted: Mapping[str, Any]) -> tuple[StoredArticle, ...]:
    rows = connection.execute(_AFTER, wanted).all()
    others: dict[int, dict[str, bool]] = {row.id: {} for row in rows}
    for brought in connection.execute(_BROUGHT_BY, {"ids": [*others]}) if others else ():
        others[brought.article_id][brought.source_id] = bool(brought.baseline)
    return tuple(
        StoredArticle(
            row.id,
            article_of(row),
            bool(row.baseline),
            tuple(by for by in others[row.id].items() if by[0] != row.source_id),
        )
        for row in rows
    )


def _rewritten(connection: Connection, stored: _Stored, values: Mapping[str, Any], now: datetime) -> _Stored:
    """Put what an article says now in the place of what it said, which is kept; nothing where it says the same."""
    old = article_values(stored.article)
    if all(old[name] == values[name] for name in (*_REVISED, "text_mark")):
        return stored
    earlier = {name: old[name] for name in (*_REVISED, "published_at", "modified_at")}
    connection.execute(_KEEP_REVISION, {"article_id": stored.id, "replaced_at": now, **earlier})
    kept = {name: value for name, value in values.items() if name not in _LASTING}
    kept["day"] = korean_day(values["published_at"] or stored.article.first_seen_at)
    connection.execute(_REWRITE.values(**kept), {"row_id": stored.id})
    connection.execute(_FORGET_REVISIONS, {"of": stored.id})
    row = connection.execute(_BY_ID, {"id": stored.id}).one()
    return _Stored(stored.id, article_of(row), stored.story_id, before=stored.article)


def _filtered(connection: Connection, article_id: int) -> tuple[HitFacets, ...]:
    """Return what the hits of an article are found by; () where it has none, and is not indexed."""
    return tuple(HitFacets(*row) for row in connection.execute(_FACETS, {"article_id": article_id}))


def _index(connection: Connection, stored: _Stored, indexed: Sequence[HitFacets]) -> None:
    """Have the text index say of an article what it says now and which hits it has now."""
    if indexed:
        before = stored.before or stored.article
        unindex_article(connection, stored.id, indexed_texts(before), facets_of(indexed, storable(before.lang)))
    now = facets_of(_filtered(connection, stored.id), storable(stored.article.lang))
    index_article(connection, stored.id, indexed_texts(stored.article), now)


def _keep_hits(connection: Connection, write: ArticleWrite, stored: _Stored, now: datetime) -> dict[str, int]:
    """Insert each hit that is not there yet; return the numbers of those by rule.

    Those that a rewritten article still has get their places in what it says now.
    """
    add = _ADD_HIT[connection.dialect.name]
    added: dict[str, int] = {}
    for found in write.hits:
        values = {"article_id": stored.id, "source_id": write.article.source_id, "created_at": now}
        shown = hit_values(found)
        number = connection.execute(add, values | shown).scalar_one_or_none()
        if number is not None:
            added[found.rule_id] = number
        elif stored.before is not None:
            places = {name: shown[name] for name in ("spans", "mentions", "terms", "excerpt")}
            connection.execute(_REFRESH_HIT.values(**places), {"of": stored.id, "met": found.rule_id})
    return added


def _decide(
    connection: Connection,
    write: ArticleWrite,
    stored: _Stored,
    added: Mapping[str, int],
    decide: Decide,
    now: datetime,
) -> tuple[tuple[Subject, Notification], ...]:
    """Have it decided whom to tell of the article's hits; return the decisions that are to be stored."""
    numbers, known = dict(added), _Known()
    if len(added) < len(write.hits):
        wanted = {"article_id": stored.id}
        numbers |= {row.rule_id: row.id for row in connection.execute(_HITS, wanted)}
        known = _Known(connection.execute(_NOTIFIED, wanted).all())
    source_id, story = write.article.source_id, story_of(connection, stored.story_id)
    history = StoredHistory(connection, source_id, now, story_id=story.id)
    hits = tuple(StoredHit(hit, hit.rule_id in added, known.reasons(hit.rule_id)) for hit in write.hits)
    name = source_name(connection, source_id)
    subjects = {
        hit.rule_id: Subject(
            MessageContext(numbers[hit.rule_id], stored.id, now, write.article, hit, story, name),
            hit_id=numbers[hit.rule_id],
            again=known.ids(hit.rule_id),
        )
        for hit in write.hits
    }
    decided = decide(Situation(write.article, hits, story, history, now))
    return tuple((subjects[told.rule_id], told) for told in decided if known.is_open(told))


class _Known:
    """The notifications that an article's hits have already."""

    def __init__(self, rows: Iterable[Row[Any, Any, Any, Any]] = ()) -> None:
        self._rows = {(row.rule_id, row.channel_id): row for row in rows}

    def reasons(self, rule_id: str) -> dict[str, str]:
        """Return why each channel was not told of the rule's hit."""
        return {row.channel_id: row.reason for row in self._rows.values() if row.rule_id == rule_id}

    def ids(self, rule_id: str) -> dict[str, str]:
        """Return the notifications of the rule's hit, by channel."""
        return {row.channel_id: row.id for row in self._rows.values() if row.rule_id == rule_id}

    def is_open(self, told: Notification) -> bool:
        """Return whether a decision is to be stored: only what was suppressed may be decided otherwise."""
        row = self._rows.get((told.rule_id, told.channel_id))
        return row is None or bool(row.reason and told.suppressed is None)
