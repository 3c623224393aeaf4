"""One article by its number, met by a rule or not, and what it has said."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, select

from monitor.model.records import ArticleHistory, ArticleRecord
from monitor.store.read.hits import confidence_of
from monitor.store.read.revisions import history_of
from monitor.store.tables.schema import article, source_state

_ARTICLE: Final = (
    select(article, source_state.c.name.label("source_name"))
    .outerjoin(source_state, source_state.c.id == article.c.source_id)
    .where(article.c.id == bindparam("number"))
)


def one_article(connection: Connection, number: int) -> tuple[ArticleRecord, ArticleHistory] | None:
    """Return the article of that number and what it has said, oldest first; None where there is none."""
    row = connection.execute(_ARTICLE, {"number": number}).first()
    if row is None:
        return None
    record = ArticleRecord(
        id=row.id,
        url=row.url,
        title=row.title,
        source=row.source_id,
        author=", ".join(row.authors),
        published_at=row.published_at,
        first_seen_at=row.first_seen_at,
        confidence=confidence_of(row.field_sources),
        source_name=row.source_name or row.source_id,
    )
    return record, history_of(connection, row)
