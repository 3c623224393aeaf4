"""Who was told of an article's hits, and what is told them of what became of it, inside the transaction that stores that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from monitor.model.article import Article
from monitor.model.follow import DecideFollowed, Followed, HeldUntil, ToldHit
from monitor.model.notification import Notification, NotificationState
from monitor.model.records import ArticleRecord
from monitor.store.tables.rows import matches_of
from monitor.store.tables.schema import article, hit, notification
from monitor.store.write.history import StoredHistory
from monitor.store.write.messages import Subject, add_event, source_name

_TOLD = (
    select(
        hit.c.rule_id,
        hit.c.rule_name,
        hit.c.spans,
        notification.c.channel_id,
        notification.c.state,
        notification.c.group_key,
        notification.c.not_before,
    )
    .select_from(hit.join(notification, notification.c.hit_id == hit.c.id))
    .where(hit.c.article_id == bindparam("article_id"), notification.c.state != NotificationState.SUPPRESSED.value)
    .order_by(hit.c.id, notification.c.id)
)
_STORY = select(article.c.story_id).where(article.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Fate:
    """How it is decided what is told of what became of an article, at the moment `now` (UTC)."""

    decide: DecideFollowed
    now: datetime


def told_hits(connection: Connection, article_id: int) -> tuple[ToldHit, ...]:
    """Return the hits of an article that somebody was told of, with their mentions as they are stored."""
    found: dict[str, ToldHit] = {}
    for row in connection.execute(_TOLD, {"article_id": article_id}):
        known = found.get(row.rule_id) or ToldHit(row.rule_id, row.rule_name, matches_of(row.spans))
        held = HeldUntil(row.group_key, row.not_before) if row.state == NotificationState.HELD.value else None
        found[row.rule_id] = replace(known, told={**known.told, row.channel_id: held})
    return tuple(found.values())


def decide_fate(
    connection: Connection, article_id: int, before: Article, after: Article | None, hits: Sequence[ToldHit], how: Fate
) -> list[tuple[Subject, Notification]]:
    """Have it decided what is told of a change, or of a removal (`after` None); return the decisions, their events stored."""
    if not hits:
        return []
    shown = before if after is None else after
    story_id = connection.execute(_STORY, {"id": article_id}).scalar_one()
    history = StoredHistory(connection, before.source_id, how.now, story_id=story_id)
    record = ArticleRecord(
        id=article_id,
        url=before.url,
        title=shown.title,
        source=before.source_id,
        author=", ".join(shown.authors),
        published_at=shown.published_at,
        first_seen_at=before.first_seen_at,
        source_name=source_name(connection, before.source_id),
    )
    followed = Followed(
        before=before, after=after, record=record, story_id=story_id, hits=tuple(hits), history=history, now=how.now
    )
    return [
        (subject, told)
        for notice, notifications in how.decide(followed)
        for subject in (add_event(connection, notice),)
        for told in notifications
    ]
