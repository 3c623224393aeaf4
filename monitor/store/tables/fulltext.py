"""The text index over articles with hits: FTS5 in SQLite, a tsvector in PostgreSQL, one tokeniser for both.

The table `search_index` belongs to the migrations alone: neither form of it can be said as a portable table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from sqlalchemy import Connection, TextClause, bindparam, text

from monitor.store.tables.tokens import FIELD_END, index_tokens, query_tokens

_INSERT_SQLITE = text("INSERT INTO search_index (rowid, words) VALUES (:id, :words)")
_INSERT_POSTGRES = text("INSERT INTO search_index (id, words) VALUES (:id, CAST(:words AS tsvector))")
_FIND_SQLITE = "SELECT rowid FROM search_index WHERE search_index MATCH :words"
_FIND_POSTGRES = "SELECT id FROM search_index WHERE words @@ CAST(:words AS tsquery)"


def index_article(connection: Connection, article_id: int, fields: Iterable[str]) -> None:
    """Index an article's title, subtitle, body and captions; once per article, because nothing is ever replaced."""
    tokens = index_tokens(fields)
    if connection.dialect.name == "sqlite":
        connection.execute(_INSERT_SQLITE, {"id": article_id, "words": " ".join(tokens)})
    else:
        connection.execute(_INSERT_POSTGRES, {"id": article_id, "words": _vector(tokens)})


def find_text(dialect: str, wanted: str) -> TextClause | None:
    """Return a query for the ids of articles that contain the text, or None when it holds no word to look for."""
    tokens = query_tokens(wanted)
    if not tokens:
        return None
    if dialect == "sqlite":
        return text(_FIND_SQLITE).bindparams(bindparam("words", _match(tokens)))
    return text(_FIND_POSTGRES).bindparams(bindparam("words", _tsquery(tokens)))


def _match(tokens: Sequence[str]) -> str:
    """Write a phrase with a prefix at its end (sqlite.org/fts5.html §3.2). Tokens hold no quotes."""
    return '"' + " ".join(tokens) + '" *'


def _tsquery(tokens: Sequence[str]) -> str:
    """Write the same phrase as a tsquery (PostgreSQL documentation, §8.11.2)."""
    return " <-> ".join(f"'{token}'" for token in tokens) + ":*"


def _vector(tokens: Sequence[str]) -> str:
    """Write a tsvector literal: each token with its places, of which PostgreSQL keeps 255."""
    places: dict[str, list[int]] = {}
    for place, token in enumerate(tokens, 1):
        if token != FIELD_END:
            places.setdefault(token, []).append(place)
    return " ".join(f"'{token}':{','.join(map(str, islice(at, 255)))}" for token, at in places.items())
