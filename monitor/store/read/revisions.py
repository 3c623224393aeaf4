"""What an article said, version by version, and how looking at it again went."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from monitor.model.records import ArticleHistory, ArticleVersion
from monitor.store.tables.schema import article, article_revision, follow_up, hit, source_state

_ARTICLE = select(article).join(hit, hit.c.article_id == article.c.id).where(hit.c.id == bindparam("hit_id"))
_REVISIONS = (
    select(article_revision)
    .where(article_revision.c.article_id == bindparam("article_id"))
    .order_by(article_revision.c.id)
)
_RIGHTS = select(source_state.c.rights).where(source_state.c.id == bindparam("source_id"))
_FOLLOWED = select(follow_up).where(follow_up.c.article_id == bindparam("article_id"))


def article_history(connection: Connection, hit_id: int) -> ArticleHistory | None:
    """Return what the article of a hit has said, oldest first; None where there is no such hit."""
    now = connection.execute(_ARTICLE, {"hit_id": hit_id}).first()
    if now is None:
        return None
    return history_of(connection, now)


def history_of(connection: Connection, now: Row[Any]) -> ArticleHistory:
    """Return what an article has said, oldest first, by its row."""
    text = connection.execute(_RIGHTS, {"source_id": now.source_id}).scalar() in {None, "full"}
    rows = connection.execute(_REVISIONS, {"article_id": now.id}).all()
    starts = (now.stored_at, *(row.replaced_at for row in rows))
    looks = connection.execute(_FOLLOWED, {"article_id": now.id}).first()
    return ArticleHistory(
        article_id=now.id,
        url=now.url,
        versions=tuple(_version(row, since, text=text) for row, since in zip((*rows, now), starts, strict=True)),
        looked_at=looks.looked_at if looks else None,
        next_look_at=looks.due_at if looks else None,
        gone_at=looks.gone_at if looks else None,
        outcome=looks.outcome if looks else "",
    )


def _version(row: Row[Any], since: datetime, *, text: bool) -> ArticleVersion:
    """Return what an article said, its `text` only where its source leaves that to be shown."""
    if not text:
        return ArticleVersion(since, row.title, "", "", ())
    return ArticleVersion(since, row.title, row.subtitle, row.body, tuple(row.captions))
