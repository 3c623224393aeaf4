"""How a story went on: each of its articles, and what was told of it at which level."""

from __future__ import annotations

from sqlalchemy import BindParameter, Connection, bindparam, func, select

from monitor.model.delivery import DeliveryState
from monitor.model.notification import NotificationState
from monitor.model.story_records import StoryArticle, StoryCourse, ToldLevel
from monitor.store.tables.acts import acts_of
from monitor.store.tables.schema import article, delivery, notification, story_alert

_ACTS: BindParameter[list[str]] = bindparam("acts", expanding=True)
_MOST: BindParameter[int] = bindparam("most")
_ARTICLES = (
    select(article.c.id, article.c.source_id, article.c.title, article.c.authors, article.c.first_seen_at)
    .where(article.c.story_id.in_(_ACTS))
    .order_by(article.c.first_seen_at, article.c.id)
    .limit(_MOST)
)
_LEVELS = (
    select(
        story_alert.c.story_id,
        story_alert.c.channel_id,
        story_alert.c.rule_id,
        story_alert.c.level,
        story_alert.c.decided_at,
        func.coalesce(delivery.c.id, notification.c.id).label("message"),
        notification.c.state,
        delivery.c.state.label("sent"),
    )
    .select_from(
        story_alert.join(notification, notification.c.id == story_alert.c.notification_id).outerjoin(
            delivery, delivery.c.id == notification.c.delivery_id
        )
    )
    .where(story_alert.c.story_id.in_(_ACTS))
    .order_by(
        story_alert.c.decided_at.desc(),
        story_alert.c.channel_id.desc(),
        story_alert.c.rule_id.desc(),
        story_alert.c.level.desc(),
    )
    .limit(_MOST)
)
_MOST_ACTS = 200  # of one story; the last ones count


def story_course(connection: Connection, story_id: str, most: int) -> StoryCourse:
    """Return the first so many articles of the story that an act belongs to, and the last so many levels told of it."""
    wanted = {"acts": list(acts_of(connection, story_id)[-_MOST_ACTS:]), "most": most}
    articles = tuple(
        StoryArticle(row.id, row.source_id, row.title, tuple(row.authors), row.first_seen_at)
        for row in connection.execute(_ARTICLES, wanted)
    )
    levels = tuple(
        ToldLevel(
            row.story_id,
            row.channel_id,
            row.rule_id,
            row.level,
            row.message,
            row.decided_at,
            row.state != NotificationState.SUPPRESSED.value and row.sent != DeliveryState.DEAD.value,
        )
        for row in reversed(connection.execute(_LEVELS, wanted).all())
    )
    return StoryCourse(articles, levels)
