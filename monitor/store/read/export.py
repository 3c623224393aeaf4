"""Hits and articles in bulk: rows as plain texts and numbers, a batch at a time, without the objects that a page of fifty can afford.

What became of a hit is counted for a whole batch at once; `v_hits` asks the same for each row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, Final

from sqlalchemy import Connection, TextClause, bindparam, select, text

from monitor.model.bulk import ArticleQuery, ArticleRow, HitRow
from monitor.model.handling import UNHANDLED
from monitor.model.paging import Cursor
from monitor.model.records import HitQuery
from monitor.store.db.dialects import UtcDateTime
from monitor.store.read.feedback import last_feedback
from monitor.store.read.hits import hit_keys
from monitor.store.tables.handling_rows import handlings_of_hits
from monitor.store.tables.schema import feedback, handling

BATCH: Final = 2_000  # of more the collector of circles takes longer than all else

_TIME = {
    "sqlite": "{0}",
    "postgresql": "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')",
}
_SOME = {
    "sqlite": "IN (SELECT value FROM json_each(:ids))",
    "postgresql": "IN (SELECT value::bigint FROM json_array_elements_text(CAST(:ids AS json)) AS value)",
}
# Not in their order, which the keys have already: sorting rows of this width takes as long as reading them.
_ROWS = """
SELECT h.id, {created}, h.rule_id, h.rule_name, a.id, a.url, a.title, h.source_id, {authors}, coalesce({published}, ''), {seen},
       CASE WHEN {instr}({sources}, '"confidence"') > 0 THEN {sources} END, {spans}, h.excerpt, a.story_id
FROM hit AS h JOIN article AS a ON a.id = h.article_id
WHERE h.id {some}
"""
_NAMES = text("SELECT id, name FROM source_state WHERE name IS NOT NULL")
# As in the view `v_hits`: a test holds the two together.
_FATES = """
SELECT n.hit_id, substr(min(CASE
           WHEN d.state = 'dead' THEN '1dead'
           WHEN n.state = 'held' THEN '2held'
           WHEN d.state IN ('pending', 'leased') AND c.disabled_at IS NOT NULL THEN '2held'
           WHEN d.state IN ('pending', 'leased') THEN '3pending'
           WHEN d.state = 'done' THEN '4sent'
           WHEN n.reason = 'baseline' THEN '6baseline'
           ELSE '5suppressed:' || n.reason
       END), 2), count(*), sum(CASE WHEN d.state = 'done' THEN 1 ELSE 0 END)
FROM notification AS n
LEFT JOIN delivery AS d ON d.id = n.delivery_id
LEFT JOIN channel_state AS c ON c.id = n.channel_id
WHERE n.hit_id {some}
GROUP BY n.hit_id
"""


def _hit_statements(dialect: str) -> tuple[TextClause, TextClause]:
    """Return what asks for hits, and for what became of them."""
    time, some = _TIME[dialect], _SOME[dialect]
    raw = "{0}::text" if dialect == "postgresql" else "{0}"
    rows = _ROWS.format(
        created=time.format("h.created_at"),
        published=time.format("a.published_at"),
        seen=time.format("a.first_seen_at"),
        authors=raw.format("a.authors"),
        sources=raw.format("a.field_sources"),
        spans=raw.format("h.spans"),
        instr="strpos" if dialect == "postgresql" else "instr",
        some=some,
    )
    return text(rows), text(_FATES.format(some=some))


_STATEMENTS: Final = {dialect: _hit_statements(dialect) for dialect in _TIME}

_ARTICLES = """
SELECT a.id, a.source_id, coalesce(s.name, a.source_id), a.url, a.title, {subtitle}, {authors}, a.section, a.lang,
       {published}, {seen}, {stored}, a.story_id, (SELECT count(*) FROM hit AS h WHERE h.article_id = a.id), {body}
FROM article AS a LEFT JOIN source_state AS s ON s.id = a.source_id
WHERE a.id < :before {bounds}
ORDER BY a.id DESC LIMIT :most
"""
_SHOWN = "CASE WHEN coalesce(s.rights, 'full') = 'full' THEN {0} ELSE '' END"
_EVER_HANDLED = select(handling.c.id).limit(1)
_EVER_MEANT = select(feedback.c.id).limit(1)
_UNTOLD = ("suppressed:no_channel", 0, 0)


def hit_rows(
    ask: Callable[[Callable[[Connection], list[HitRow]]], list[HitRow]], query: HitQuery
) -> Iterator[list[HitRow]]:
    """Yield the hits that the query asks for in batches, the newest articles first; its `limit` does not count.

    Each batch is a transaction of its own: who reads slowly holds nobody up.
    """
    while batch := ask(partial(_batch, query=query)):
        yield batch
        last = batch[-1]
        query = replace(query, after=Cursor(last.article_id, last.rule_id))


def _batch(connection: Connection, query: HitQuery) -> list[HitRow]:
    numbers = [key.id for key in hit_keys(connection, query, BATCH)]
    ids = {"ids": json.dumps(numbers)}
    rows_of, fates_of = _STATEMENTS[connection.dialect.name]
    names = {row[0]: row[1] for row in connection.execute(_NAMES).all()}
    fates: Mapping[int, Any] = {row[0]: row[1:] for row in connection.execute(fates_of, ids).all()}
    rows = connection.execute(rows_of, ids).all()
    handled = connection.execute(_EVER_HANDLED).first() is not None
    said = handlings_of_hits(connection, {row[0]: row[14] for row in rows}) if handled else {}
    spoken_of = connection.execute(_EVER_MEANT).first() is not None
    meant = last_feedback(connection, numbers) if spoken_of else {}
    found = {
        row[0]: HitRow._make(
            (
                *row[:8],
                names.get(row[7], row[7]),
                _authors(row[8]),
                *row[9:11],
                _confidence(row[11]) if row[11] else None,
                *row[12:],
                *fates.get(row[0], _UNTOLD),
                said.get(row[0], UNHANDLED),
                meant[row[0]].relevance.value if row[0] in meant else "",
            )
        )
        for row in rows
    }
    return [found[number] for number in numbers if number in found]


def article_rows(
    ask: Callable[[Callable[[Connection], list[ArticleRow]]], list[ArticleRow]], query: ArticleQuery
) -> Iterator[list[ArticleRow]]:
    """Yield stored articles in batches, the newest first, with or without hits; transactions as in `hit_rows`."""
    before = 2**63 - 1
    while batch := ask(lambda connection, end=before: _articles(connection, query, end)):  # type: ignore[misc]  # bound at once
        yield batch
        before = batch[-1].id


def _articles(connection: Connection, query: ArticleQuery, before: int) -> list[ArticleRow]:
    dialect = connection.dialect.name
    time = _TIME[dialect]
    wanted: dict[str, tuple[str, Any]] = {
        "source": ("a.source_id = :source", query.source or None),
        "lang": ("a.lang = :lang", query.lang or None),
        "since": ("a.stored_at >= :since", query.since),
        "until": ("a.stored_at < :until", query.until),
    }
    asked = {name: value for name, (_, value) in wanted.items() if value is not None}
    statement = text(
        _ARTICLES.format(
            published=time.format("a.published_at"),
            seen=time.format("a.first_seen_at"),
            stored=time.format("a.stored_at"),
            authors="a.authors::text" if dialect == "postgresql" else "a.authors",
            subtitle=_SHOWN.format("a.subtitle"),
            body=_SHOWN.format("a.body") if query.body else "''",
            bounds="".join(f" AND {wanted[name][0]}" for name in asked),
        )
    )
    moments = [bindparam(name, type_=UtcDateTime()) for name in ("since", "until") if name in asked]
    rows = connection.execute(statement.bindparams(*moments), {**asked, "before": before, "most": BATCH}).all()
    return [ArticleRow._make((*row[:6], _authors(row[6]), *row[7:9], row[9] or "", *row[10:])) for row in rows]


@lru_cache(4096)
def _authors(stored: str) -> str:
    return ", ".join(json.loads(stored)) if stored != "[]" else ""


def _confidence(stored: str) -> float | None:
    sure = json.loads(stored).get("confidence")
    return float(sure) if sure else None
