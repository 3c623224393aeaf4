"""Articles of sources that leave no more than a link by now: what was stored of them before is cut to what may stay."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import JSON, BindParameter, Connection, Row, bindparam, literal, or_, select, update

from monitor.store.db.dialects import advisory_lock
from monitor.store.tables.facets import HitFacets, facets_of
from monitor.store.tables.fulltext import index_article, indexed_texts, unindex_article
from monitor.store.tables.kept_text import MOST, kept_article
from monitor.store.tables.rows import article_of, article_values
from monitor.store.tables.schema import article, article_revision, entry, hit, source_state

_LINKED = select(source_state.c.id).where(source_state.c.rights == "link").scalar_subquery()
_WHOLE = (
    select(article.c.id)
    .where(article.c.source_id.in_(_LINKED), article.c.text_mark == "")
    .order_by(article.c.id)
    .limit(bindparam("most"))
)
_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_ARTICLES = select(article).where(article.c.id.in_(_IDS), article.c.text_mark == "").order_by(article.c.id)
_HITS = (
    select(hit.c.id, hit.c.rule_id, hit.c.source_id, hit.c.terms, hit.c.spans, hit.c.excerpt)
    .where(hit.c.article_id == bindparam("of"))
    .order_by(hit.c.id)
)
_CUT = update(article).where(article.c.id == bindparam("row_id"))
_CUT_HIT = update(hit).where(hit.c.id == bindparam("row_id"))
_CUT_REVISIONS = (
    update(article_revision)
    .where(article_revision.c.article_id.in_(_IDS))
    .values(subtitle="", body="", captions=literal([], JSON()), listed_summary="")
)
_FORGET_LISTED = (
    update(entry)
    .where(entry.c.article_id.in_(_IDS), entry.c.state != "pending", or_(entry.c.summary != "", entry.c.content != ""))
    .values(summary="", content="")
)
_TEXTS: Final = ("subtitle", "body", "captions", "listed_summary", "text_mark")


def whole_articles(connection: Connection, most: int) -> list[int]:
    """Return at most so many articles of which more is stored than their source leaves now."""
    return list(connection.execute(_WHOLE, {"most": most}).scalars())


def cut_articles(connection: Connection, ids: list[int]) -> int:
    """Cut articles, what they said before, and what their lists said to what may stay; return how many were cut."""
    advisory_lock(connection, "stories")  # as whoever rewrites an article
    rows = connection.execute(_ARTICLES, {"ids": ids}).all()
    for row in rows:
        _cut(connection, row)
    connection.execute(_CUT_REVISIONS, {"ids": ids})
    connection.execute(_FORGET_LISTED, {"ids": ids})
    return len(rows)


def _cut(connection: Connection, row: Row[Any]) -> None:
    hits = connection.execute(_HITS, {"of": row.id}).all()
    before = article_of(row)
    after = kept_article(before, (one.excerpt for one in hits))
    if hits:
        facets = facets_of([HitFacets(one.rule_id, one.source_id, one.terms) for one in hits], row.lang)
        unindex_article(connection, row.id, indexed_texts(before), facets)
        index_article(connection, row.id, indexed_texts(after), facets)
    values = article_values(after)
    connection.execute(_CUT.values(**{name: values[name] for name in _TEXTS}), {"row_id": row.id})
    for one in hits:
        spans = [{**span, "surface": span["surface"][:MOST]} for span in one.spans]
        if spans != one.spans or len(one.excerpt) > MOST:
            connection.execute(_CUT_HIT.values(spans=spans, excerpt=one.excerpt[:MOST]), {"row_id": one.id})
