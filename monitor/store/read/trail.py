"""What the store knows of one address: where it was listed, its article, the hits, and what was decided of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, select

from monitor.model.explained import (
    AttemptRecord,
    EarlierMessage,
    ListedRecord,
    StoredHitRecord,
    StoredTrail,
    StoryPlace,
    ToldRecord,
)
from monitor.model.notification import Suppression
from monitor.model.plan import Plan
from monitor.model.records import DeliveryRecord
from monitor.model.story_records import StoryQuery
from monitor.store.read.feedback import last_feedback
from monitor.store.read.stories import one_story
from monitor.store.tables.plan_summary import remembered_plan
from monitor.store.tables.rows import article_of, matches_of
from monitor.store.tables.schema import (
    article,
    attempt,
    delivery,
    entry,
    follow_up,
    hit,
    notification,
    plan,
    source_state,
    story_alert,
)

Messages: TypeAlias = Callable[[Connection, Sequence[str]], tuple[DeliveryRecord, ...]]

_PIECE = 500  # ids in one question
_KEYS: BindParameter[list[str]] = bindparam("keys", expanding=True)
_IDS: BindParameter[list[Any]] = bindparam("ids", expanding=True)
_NAMES = select(source_state.c.id, source_state.c.name)
# Sources are named one by one: a key alone is in no index, and no database walks 200 places of one for a subquery by itself.
_LISTED = select(entry).where(entry.c.source_id.in_(_IDS), entry.c.key.in_(_KEYS)).order_by(entry.c.id)
_LED_HERE = select(entry).where(entry.c.article_id == bindparam("article_id")).order_by(entry.c.id)
_BY_KEY = select(article.c.id).where(article.c.key.in_(_KEYS)).order_by(article.c.id)
_BY_ID = select(article).where(article.c.id == bindparam("id"))
_OF_HIT = select(hit.c.article_id).where(hit.c.id == bindparam("id"))
_HITS = select(hit).where(hit.c.article_id == bindparam("article_id")).order_by(hit.c.id)
_TOLD = (
    select(notification, hit.c.rule_id)
    .select_from(notification.join(hit, hit.c.id == notification.c.hit_id))
    .where(notification.c.hit_id.in_(_IDS))
    .order_by(notification.c.hit_id, notification.c.channel_id)
)
_LEVELS = select(story_alert.c.notification_id, story_alert.c.level).where(story_alert.c.notification_id.in_(_IDS))
_ATTEMPTS = select(attempt).where(attempt.c.delivery_id.in_(_IDS)).order_by(attempt.c.delivery_id, attempt.c.id)
_EARLIER = (
    select(
        story_alert.c.channel_id,
        story_alert.c.rule_id,
        story_alert.c.decided_at,
        func.coalesce(delivery.c.id, notification.c.id).label("id"),
        func.coalesce(delivery.c.state, notification.c.state).label("state"),
        delivery.c.done_at,
        article.c.title,
        article.c.url,
    )
    .select_from(
        story_alert.join(notification, notification.c.id == story_alert.c.notification_id)
        .join(hit, hit.c.id == notification.c.hit_id)
        .join(article, article.c.id == hit.c.article_id)
        .outerjoin(delivery, delivery.c.id == notification.c.delivery_id)
    )
    .where(story_alert.c.story_id == bindparam("story_id"))
    .order_by(story_alert.c.decided_at, story_alert.c.level)
)
_FIRST = select(func.min(article.c.id)).where(article.c.story_id == bindparam("story_id"))
_GONE = select(follow_up.c.gone_at).where(follow_up.c.article_id == bindparam("id"))
_PLANS = select(plan.c.id, plan.c.version, plan.c.loaded_at).order_by(plan.c.id)
_SUMMARY = select(plan.c.version, plan.c.summary).where(plan.c.id == bindparam("id"))


def stored_trail(
    connection: Connection, keys: Collection[str], hit_id: int | None, now: datetime, messages: Messages
) -> StoredTrail | None:
    """Return what is known of an address by its keys, or of the article of a hit; None for a hit that there is not.

    `messages` reads messages, and notifications of which none was made, by their ids.
    """
    names = {row.id: row.name for row in connection.execute(_NAMES)}
    if hit_id is None:
        listed = [row for ids in _pieces(list(names)) for row in _ask(connection, _LISTED, ids, keys=list(keys))]
        led = [row.article_id for row in listed if row.article_id is not None]
        found = connection.execute(_BY_KEY, {"keys": list(keys)}).scalar() or (led[-1] if led else None)
    else:
        listed, found = [], connection.execute(_OF_HIT, {"id": hit_id}).scalar()
        if found is None:
            return None
    row = None if found is None else connection.execute(_BY_ID, {"id": found}).first()
    if row is None:
        return StoredTrail(_listed(listed, names))
    listed += connection.execute(_LED_HERE, {"article_id": row.id}).all()
    hits = tuple(map(_hit, connection.execute(_HITS, {"article_id": row.id})))
    said = last_feedback(connection, [one.id for one in hits])
    hits = tuple(replace(one, feedback=said.get(one.id)) for one in hits)
    return StoredTrail(
        listed=_listed(listed, names),
        article_id=row.id,
        article=article_of(row),
        stored_at=row.stored_at,
        gone_at=connection.execute(_GONE, {"id": row.id}).scalar(),
        hits=hits,
        place=_place(connection, row, now),
        told=_told(connection, row.story_id, [one.id for one in hits], messages) if hits else (),
    )


def plans_then(connection: Connection, versions: Iterable[str], moment: datetime) -> tuple[Mapping[str, Plan], Plan]:
    """Return the plans of those versions, as far as they are remembered, and the one in force at that moment.

    Before the first plan, and where it is damaged, that is one of nothing with the version "".
    """
    wanted, known = set(versions), connection.execute(_PLANS).all()
    of_version = {row.version: row.id for row in known if row.version in wanted}
    before = [row.id for row in known if row.loaded_at <= moment]
    found: dict[int, Plan] = {}
    for row_id in {*of_version.values(), *before[-1:]}:
        row = connection.execute(_SUMMARY, {"id": row_id}).one()
        if (then := remembered_plan(row.version, row.summary)) is not None:
            found[row_id] = then
    named = {version: found[row_id] for version, row_id in of_version.items() if row_id in found}
    return named, (found.get(before[-1]) if before else None) or Plan("")


def _listed(rows: Sequence[Row[Any]], names: Mapping[str, str]) -> tuple[ListedRecord, ...]:
    unique = {row.id: row for row in rows}
    return tuple(
        ListedRecord(
            source=row.source_id,
            source_name=names.get(row.source_id) or row.source_id,
            url=row.url,
            title=row.title,
            published_at=row.published_at,
            first_seen_at=row.first_seen_at,
            state=row.state,
            baseline=row.baseline,
            attempts=row.attempts,
            next_attempt_at=row.next_attempt_at if row.state == "pending" else None,
            last_error=row.last_error,
            done_at=row.done_at,
            article_id=row.article_id,
        )
        for row in sorted(unique.values(), key=lambda row: (row.first_seen_at, row.id))
    )


def _hit(row: Row[Any]) -> StoredHitRecord:
    return StoredHitRecord(row.id, row.rule_id, row.rule_name, row.plan_version, row.created_at, matches_of(row.spans))


def _place(connection: Connection, row: Row[Any], now: datetime) -> StoryPlace | None:
    story = one_story(connection, row.story_id, StoryQuery(limit=1), now)
    if story is None:
        return None
    acts = [act.id for act in story.acts]
    first = connection.execute(_FIRST, {"story_id": row.story_id}).scalar()
    return StoryPlace(story, acts.index(row.story_id) + 1 if row.story_id in acts else 1, first == row.id)


def _told(connection: Connection, story_id: str, hits: list[int], messages: Messages) -> tuple[ToldRecord, ...]:
    rows = connection.execute(_TOLD, {"ids": hits}).all()
    levels: defaultdict[str, list[str]] = defaultdict(list)
    for row in _asked(connection, _LEVELS, [row.id for row in rows]):
        levels[row.notification_id].append(row.level)
    made = [row.delivery_id or row.id for row in rows]
    known = {one.id: one for ids in _pieces(sorted(set(made))) for one in messages(connection, ids)}
    tried: defaultdict[str, list[AttemptRecord]] = defaultdict(list)
    for row in _asked(connection, _ATTEMPTS, [row.delivery_id for row in rows if row.delivery_id]):
        tried[row.delivery_id].append(AttemptRecord(row.n, row.at, row.state, row.status, row.detail, row.elapsed_ms))
    same = any(row.reason == Suppression.SAME_STORY for row in rows)
    earlier = told_of_story(connection, story_id) if same else {}
    return tuple(
        ToldRecord(
            hit_id=row.hit_id,
            rule=row.rule_id,
            channel=row.channel_id,
            levels=tuple(sorted(levels[row.id])),
            group_key=row.group_key,
            message=known[row.delivery_id or row.id],
            attempts=tuple(tried[row.delivery_id or ""]),
            earlier=earlier.get((row.channel_id, row.rule_id)) if row.reason == Suppression.SAME_STORY else None,
        )
        for row in rows
        if (row.delivery_id or row.id) in known
    )


def told_of_story(connection: Connection, story_id: str) -> Mapping[tuple[str, str], EarlierMessage]:
    """Return by channel and rule what told the story first."""
    found: dict[tuple[str, str], EarlierMessage] = {}
    for row in connection.execute(_EARLIER, {"story_id": story_id}):
        told = EarlierMessage(row.id, row.title, row.url, row.state, row.decided_at, row.done_at)
        found.setdefault((row.channel_id, row.rule_id), told)
    return found


def _asked(connection: Connection, question: Any, ids: Sequence[Any]) -> list[Row[Any]]:  # noqa: ANN401 - a select of any columns
    return [row for piece in _pieces(ids) for row in _ask(connection, question, piece)]


def _ask(connection: Connection, question: Any, ids: Sequence[Any], **more: object) -> Sequence[Row[Any]]:  # noqa: ANN401 - as above
    return connection.execute(question, {"ids": list(ids), **more}).all()


def _pieces(ids: Sequence[Any]) -> list[Sequence[Any]]:
    return [ids[start : start + _PIECE] for start in range(0, len(ids), _PIECE)]
