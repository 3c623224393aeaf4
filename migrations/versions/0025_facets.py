"""Hits are filtered by rule, source, term and language in the text index itself: it is made anew, with those as words of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from monitor.store.tables.facets import HitFacets, facets_of, hit_terms
from monitor.store.tables.fulltext import index_article, index_tokens

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_PAGE = 200
_NEW = {
    # contentless: the text itself stays in `article` alone. remove_diacritics 0: the tokens are folded already.
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5(words, facets, content='', tokenize='unicode61 remove_diacritics 0')",
    ),
    "postgresql": (
        "CREATE TABLE search_index (id bigint PRIMARY KEY REFERENCES article (id), words tsvector NOT NULL)",
        "CREATE INDEX ix_search_index_words ON search_index USING gin (words)",
    ),
}
_OLD = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5(words, content='', tokenize='unicode61 remove_diacritics 0')",
    ),
    "postgresql": _NEW["postgresql"],
}
_ARTICLES = sa.text(
    "SELECT id, title, subtitle, body, captions, listed_title, listed_summary, lang FROM article AS a"
    " WHERE id > :after AND EXISTS (SELECT 1 FROM hit AS h WHERE h.article_id = a.id) ORDER BY id LIMIT :most"
).columns(id=sa.BigInteger, captions=sa.JSON)
_HITS = sa.text(
    "SELECT id, article_id, rule_id, source_id, spans FROM hit WHERE article_id BETWEEN :first AND :last"
).columns(id=sa.BigInteger, spans=sa.JSON)
_BY_WORDS = sa.text("INSERT INTO search_index (rowid, words) VALUES (:id, :words)")
_TERMS = sa.text("UPDATE hit SET terms = :terms WHERE id = :id")


def upgrade() -> None:
    """Say of each hit what it is found by, and index all articles with hits again."""
    connection = op.get_bind()
    op.add_column("hit", sa.Column("terms", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_hit_created_at_rule_id", "hit", ["created_at", "rule_id"])
    op.drop_index("ix_hit_created_at", "hit")
    _make(connection, _NEW)
    for rows in _pages(connection):
        hits = defaultdict(list)
        for row in connection.execute(_HITS, {"first": rows[0].id, "last": rows[-1].id}).all():
            spans = row.spans if isinstance(row.spans, list) else []
            terms = hit_terms([span for span in spans if isinstance(span, dict)])
            connection.execute(_TERMS, {"id": row.id, "terms": terms})
            hits[row.article_id].append(HitFacets(row.rule_id, row.source_id, terms))
        for row in rows:
            index_article(connection, row.id, _texts(row), facets_of(hits[row.id], row.lang))


def downgrade() -> None:
    """Index the same articles by their words alone."""
    connection = op.get_bind()
    _make(connection, _OLD)
    for rows in _pages(connection):
        for row in rows:
            if connection.dialect.name == "postgresql":
                index_article(connection, row.id, _texts(row), ())
            else:
                connection.execute(_BY_WORDS, {"id": row.id, "words": " ".join(index_tokens(_texts(row)))})
    op.create_index("ix_hit_created_at", "hit", ["created_at"])
    op.drop_index("ix_hit_created_at_rule_id", "hit")
    op.drop_column("hit", "terms")


def _make(connection: sa.Connection, tables: dict[str, tuple[str, ...]]) -> None:
    connection.exec_driver_sql("DROP TABLE search_index")
    for statement in tables[connection.dialect.name]:
        connection.exec_driver_sql(statement)


def _pages(connection: sa.Connection) -> Iterator[Sequence[sa.Row[Any]]]:
    after = 0
    while rows := connection.execute(_ARTICLES, {"after": after, "most": _PAGE}).all():
        yield rows
        after = rows[-1].id


def _texts(row: sa.Row[Any]) -> list[str]:
    """Return what is indexed of an article; what a list says of it only where it does."""
    captions = "\n".join(row.captions)
    return [row.title, row.subtitle, row.body, captions, *filter(None, (row.listed_title, row.listed_summary))]
