"""The articles of one source that were stored last, as they were read."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from monitor.model.records import LatestArticle
from monitor.store.read.hits import confidence_of
from monitor.store.tables.rows import article_of
from monitor.store.tables.schema import article, hit

_LATEST: Final = (
    select(
        article,
        select(func.count()).where(hit.c.article_id == article.c.id).correlate(article).scalar_subquery().label("hits"),
    )
    .where(article.c.source_id == bindparam("source_id"))
    .order_by(article.c.stored_at.desc(), article.c.id.desc())
    .limit(bindparam("most"))
)


def latest_articles(connection: Connection, source_id: str, most: int) -> tuple[LatestArticle, ...]:
    """Return the articles of a source that were stored last, the newest first."""
    rows = connection.execute(_LATEST, {"source_id": source_id, "most": most}).all()
    return tuple(
        LatestArticle(row.id, article_of(row), row.stored_at, row.hits, confidence_of(row.field_sources))
        for row in rows
    )
