"""The text index over articles with hits: FTS5 in SQLite, a tsvector in PostgreSQL, one tokeniser for both.

The table `search_index` belongs to the migrations alone: neither form of it can be said as a portable table.

Words are cut so that both databases find the same: Hangul and Han as overlapping pairs. A pair index finds Korean words
of two syllables inside longer ones, which word indexes (particles stick to nouns) and trigram indexes (nothing shorter
than three) do not. Latin words and numbers are found from their beginning: `AI` finds "AI" and "AI칩" and "AIG", not
"OpenAI". Case, width and Unicode composition do not matter; punctuation does not either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice
from math import ceil, inf
from operator import add
from typing import Any

from sqlalchemy import Connection, Row, text

from monitor.model.article import Article

_INSERT_SQLITE = text("INSERT INTO search_index (rowid, words, facets) VALUES (:id, :words, :facets)")
_INSERT_POSTGRES = text("INSERT INTO search_index (id, words) VALUES (:id, CAST(:words AS tsvector))")
_DELETE_SQLITE = text(
    "INSERT INTO search_index (search_index, rowid, words, facets) VALUES ('delete', :id, :words, :facets)"
)
_DELETE_POSTGRES = text("DELETE FROM search_index WHERE id = :id")
_FIND_SQLITE = text(
    "SELECT rowid AS id FROM search_index WHERE search_index MATCH :wanted AND rowid BETWEEN :low AND :high"
    " ORDER BY rowid DESC LIMIT :most"
)
# PostgreSQL has two ways to the newest articles: all that the index of words gives, of which the newest; or the newest, of which
# those that hold the words. Its planner takes the reading of a tsvector for free: it read them all for a common word, 6 s at a
# million, and the newest for a rare one, 3.4 s. So the way is chosen here, and the planner kept to it.
_NEWEST = text(
    "SELECT id, words @@ CAST(:wanted AS tsquery) AS held, words @@ CAST(:scattered AS tsquery) AS met"
    " FROM search_index WHERE id BETWEEN :low AND :high ORDER BY id DESC LIMIT :most"
)
_LAST = text("SELECT max(id) FROM search_index")
_EXPECTED = text("EXPLAIN (FORMAT JSON) SELECT FROM search_index WHERE words @@ CAST(:scattered AS tsquery)")
_MET = (
    "SELECT id FROM (SELECT id FROM search_index WHERE words @@ CAST(:scattered AS tsquery) OFFSET 0) AS met"
    " WHERE id BETWEEN :low AND :high ORDER BY id DESC"
)
_LOOK_UP = text(f"{_MET} LIMIT :most")
# The index of words knows no places: of a phrase it gives what has its words, and as few of these as will do are read for them.
_LOOK_UP_PHRASE = text(
    f"SELECT met.id FROM ({_MET} OFFSET 0) AS met CROSS JOIN LATERAL (SELECT FROM search_index AS read"  # noqa: S608 - texts of this file
    " WHERE read.id = met.id AND read.words @@ CAST(:wanted AS tsquery) OFFSET 0) AS held ORDER BY met.id DESC LIMIT :most"
)
_WALK = text(
    "SELECT id FROM search_index WHERE words @@ CAST(:wanted AS tsquery) AND id BETWEEN :low AND :high"
    " ORDER BY id DESC LIMIT :most"
)
_KEPT_FROM = text("SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', :bitmaps, true)")
_SET_FREE = text("SET LOCAL enable_seqscan TO DEFAULT; SET LOCAL enable_bitmapscan TO DEFAULT")
_LOOKED_AT = 300  # of the newest: they tell how many of all hold the words
_NEXT_TO = " <-> "
_READING = 13  # how much longer it takes to read a tsvector than to be led to its article by the index of words


def index_article(connection: Connection, article_id: int, texts: Iterable[str], facets: Sequence[str]) -> None:
    """Index an article's texts (`indexed_texts`) and facets; once, unless `unindex_article` took them out again."""
    tokens = index_tokens(texts)
    if connection.dialect.name == "sqlite":
        connection.execute(_INSERT_SQLITE, {"id": article_id, "words": " ".join(tokens), "facets": " ".join(facets)})
    else:
        connection.execute(_INSERT_POSTGRES, {"id": article_id, "words": _vector(tokens, facets)})


def unindex_article(connection: Connection, article_id: int, texts: Iterable[str], facets: Sequence[str]) -> None:
    """Take an article out of the index; texts and facets are those that were indexed (sqlite.org/fts5.html §6.4)."""
    if connection.dialect.name == "sqlite":
        words = " ".join(index_tokens(texts))
        connection.execute(_DELETE_SQLITE, {"id": article_id, "words": words, "facets": " ".join(facets)})
    else:
        connection.execute(_DELETE_POSTGRES, {"id": article_id})


def wanted_words(dialect: str, text: str, facets: Sequence[Sequence[str]]) -> str | None:
    """Return what to look for, in the index's own words: the text as a phrase, and one facet at least of each group.

    "" where nothing is looked for, None where nothing can be found: by a text without a letter or digit, in a group of nothing.
    """
    if not all(facets):
        return None
    parts: list[str] = []
    if text:
        tokens = query_tokens(text)
        if not tokens:
            return None
        parts.append(f"words : {_match(tokens)}" if dialect == "sqlite" else f"({_tsquery(tokens)})")
    for group in facets:
        if dialect == "sqlite":
            parts.append("facets : (" + " OR ".join(f'"{one}"' for one in group) + ")")
        else:
            parts.append("(" + " | ".join(f"'{one}'" for one in group) + ")")
    return (" AND " if dialect == "sqlite" else " & ").join(parts)


def find_articles(connection: Connection, wanted: str, low: int, high: int, most: int) -> list[int]:
    """Return the ids of articles that hold what is wanted (`wanted_words`), between two ids inclusive, the greatest first."""
    bounds = {"wanted": wanted, "low": low, "high": high, "most": most}
    if connection.dialect.name == "sqlite":
        return list(connection.execute(_FIND_SQLITE, bounds).scalars())
    scattered = wanted.replace(_NEXT_TO, " & ")
    newest = connection.execute(_NEWEST, bounds | {"scattered": scattered, "most": _LOOKED_AT}).all()
    held = [row.id for row in newest if row.held]
    if len(newest) < _LOOKED_AT or len(held) >= most:
        return held[:most]
    phrase = scattered != wanted
    (expected,) = connection.execute(_EXPECTED, {"scattered": scattered}).scalar_one()
    last = connection.execute(_LAST).scalar_one()
    reach = _reach(newest, last, expected["Plan"]["Plan Rows"], low, most, phrase=phrase)
    if reach is not None:
        connection.execute(_KEPT_FROM, {"bitmaps": "off"})
        held = list(connection.execute(_WALK, bounds | {"low": max(low, reach)}).scalars())
        connection.execute(_SET_FREE)
        if len(held) >= most or reach <= low:
            return held
    connection.execute(_KEPT_FROM, {"bitmaps": "on"})
    found = list(
        connection.execute(_LOOK_UP_PHRASE if phrase else _LOOK_UP, bounds | {"scattered": scattered}).scalars()
    )
    connection.execute(_SET_FREE)
    return found


def _reach(newest: Sequence[Row[Any]], last: int, expected: int, low: int, most: int, *, phrase: bool) -> int | None:
    """Return down to which id the articles are to be met among the newest, None where they are to be looked up at once.

    Older ones are as dense as those looked at, and hold as much; or as much as the planner expects of all, where that is more: what
    the newest say changes. As either may be wrong, no more is walked than takes as long as looking up, or twice as far as should do.
    The index of words gives all, whatever the bounds are, and only what is between these is read for a phrase.
    """
    held, met = (
        sum(map(bool, those)) / len(newest) for those in zip(*((row.held, row.met) for row in newest), strict=True)
    )
    first, oldest = int(newest[0].id), int(newest[-1].id)
    density = len(newest) / (first - oldest + 1)
    between, every = density * (first - low + 1), density * last
    looked_up = max(expected, met * every)
    share = max(held, looked_up / every)
    walked = min(most / share if share else inf, between)
    read = min(most / held if held else inf, between) * met
    if not worth_walking(walked, looked_up, read if phrase else 0):
        return None
    return first - ceil(max(2 * walked, looked_up / _READING) / density)


def worth_walking(walked: float, looked_up: float, read: float) -> bool:
    """Return whether reading so many of the newest articles takes less than looking up so many by the index of words.

    `read` is how many of these are read as well, for the places of a phrase's words.
    """
    return walked * _READING < looked_up + read * _READING


def indexed_texts(article: Article) -> list[str]:
    """Return the texts of an article to index; those of lists only where there are any, as before there were such."""
    stated = article.fields()
    return [text for name, text in stated.items() if text or not name.startswith("listed_")]


def _match(tokens: Sequence[str]) -> str:
    """Write a phrase, with a prefix at its end where it goes on (sqlite.org/fts5.html §3.2). Tokens hold no quotes."""
    return '"' + " ".join(tokens) + '"' + (" *" if _goes_on(tokens[-1]) else "")


def _tsquery(tokens: Sequence[str]) -> str:
    """Write the same phrase as a tsquery (PostgreSQL documentation, §8.11.2)."""
    return _NEXT_TO.join(f"'{token}'" for token in tokens) + (":*" if _goes_on(tokens[-1]) else "")


def _goes_on(token: str) -> bool:
    """Return whether longer tokens than this one may be meant; none is longer than a pair, and to look for some costs much."""
    return not _PAIR.fullmatch(token)


def _vector(tokens: Sequence[str], facets: Sequence[str]) -> str:
    """Write a tsvector literal: each token with its places, of which PostgreSQL keeps 255; facets have no place."""
    places: dict[str, list[int]] = {}
    for place, token in enumerate(tokens, 1):
        if token != FIELD_END:
            places.setdefault(token, []).append(place)
    words = (f"'{token}':{','.join(map(str, islice(at, 255)))}" for token, at in places.items())
    return " ".join((*words, *(f"'{facet}'" for facet in facets)))


LIMIT = 16_000
"""Tokens kept per article: a PostgreSQL tsvector counts positions up to 16,383 (documentation, §8.11)."""

FIELD_END = "\ue000"
"""Stands between two fields, so that no phrase reaches across; a private character that no token contains."""

_DENSE = "가-힣ㄱ-ㆎ\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff"
_PAIR = re.compile(rf"[{_DENSE}]{{2}}")
_RUN = re.compile(rf"([{_DENSE}]+)|[^\W_{_DENSE}]+")


def fold(text: str) -> str:
    """Return the text without differences of case, width or composition (Unicode 15, §3.13, D146).

    Twice, because either step can undo the other.
    """
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFKC", once.casefold())


def index_tokens(fields: Iterable[str]) -> list[str]:
    """Return the tokens to index. A dense run gives its pairs and its last syllable alone."""
    tokens: list[str] = []
    for field in fields:
        for run in _RUN.finditer(fold(field)):
            tokens.extend(_pairs(run[0]) if run[1] else [run[0]])
        tokens.append(FIELD_END)
    return tokens[:LIMIT]


def query_tokens(text: str) -> list[str]:
    """Return the phrase to look for; its last token is meant as a prefix. Empty when the text has no word at all.

    A dense run that something follows must end there, so it gives its last syllable too; the final one may go on.
    """
    tokens: list[str] = []
    runs = list(_RUN.finditer(fold(text)))
    for number, run in enumerate(runs, 1):
        if not run[1]:
            tokens.append(run[0])
        elif number < len(runs) or len(run[0]) == 1:
            tokens.extend(_pairs(run[0]))
        else:
            tokens.extend(_pairs(run[0])[:-1])
    return tokens


def single_letter(text: str) -> str:
    """Return the one letter of Hangul or Han that a text consists of, "" for any other: it begins so many pairs that the
    index is slow with it, and stands in so many texts that they may be read instead.
    """
    tokens = query_tokens(text)
    return tokens[0] if len(tokens) == 1 and re.fullmatch(rf"[{_DENSE}]", tokens[0]) else ""


def holds_letter(text: str, letter: str) -> bool:
    """Return whether a text holds a `single_letter`, as the index would find it."""
    return letter in text or (not unicodedata.is_normalized("NFKC", text) and letter in fold(text))


def _pairs(run: str) -> list[str]:
    return [*map(add, run, run[1:]), run[-1]]
