"""Bulk rows say what the records of a page say, in the same order, on both databases."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from monitor.model.bulk import ArticleQuery
from monitor.model.feedback import NewFeedback, Relevance
from monitor.model.handling import HandlingState, HandlingSubject, NewHandling
from monitor.model.records import HitQuery
from monitor.model.story import Signature
from monitor.present.hit_lines import hit_line
from monitor.present.shapes import hit_object
from monitor.store.db.database import Database
from monitor.store.read import export
from monitor.store.read.queries import SqlReader
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.feedback_store import FeedbackStore
from monitor.store.write.handling_store import HandlingStore
from tests.contracts.invented import NOW, Finding, Reading, article, hit, keep, later, render
from tests.contracts.test_hits import asked, stored

HOSTILE = '속보 "<b>" \\ \x1b[31m\u202e\x00 👩‍👩‍👧‍👦 ]] \n 끝'


async def test_a_bulk_row_is_the_hit_of_a_page(
    article_store: ArticleStore, db: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "BATCH", 7)
    draw = random.Random(5)
    await stored(article_store, draw, 40)
    hostile = article(
        "hostile", title=HOSTILE, authors=("가", '나 "다"'), published_at=NOW, field_sources={"confidence": "0.42"}
    )
    found = (Finding(hit("us", excerpt=HOSTILE), ()),)
    await keep(article_store, Reading(None, hostile, Signature(), found), render, later(9_000))
    with SqlReader(url) as reader:
        for _ in range(2):
            for query in (HitQuery(limit=1000), *(replace(asked(draw, 40), limit=1000) for _ in range(12))):
                rows = [row for batch in reader.hit_rows(query) for row in batch]
                assert [json.loads(hit_line(row)) for row in rows] == [
                    hit_object(hit) for hit in reader.hit_page(query).hits
                ], query
            said = NewHandling(state=HandlingState.KEPT, author="kim", at=NOW, note=HOSTILE)
            await HandlingStore(db).handle(HandlingSubject(hit_id=3), said)
            for number, relevance in ((3, Relevance.NOT_MEANT), (4, Relevance.MEANT), (4, Relevance.NONE)):
                await FeedbackStore(db).add(number, NewFeedback(relevance=relevance, author="kim", at=NOW))


async def test_articles_come_once_each_with_and_without_hits(
    article_store: ArticleStore, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "BATCH", 4)
    await stored(article_store, random.Random(2), 10)
    await keep(article_store, Reading(None, article("none", body="본문"), Signature(), ()), render, later(500))
    with SqlReader(url) as reader:
        rows = [row for batch in reader.article_rows(ArticleQuery()) for row in batch]
        assert [row.id for row in rows] == list(range(11, 0, -1))
        assert (rows[0].url, rows[0].hits, rows[0].body) == ("https://news.example/none", 0, "")
        assert all(row.hits for row in rows[1:])
        assert rows[0].stored_at.replace("T", " ").startswith("2026-11-05 02:40:36")
        chosen = ArticleQuery(source="herald", since=later(25), until=later(55), body=True)
        few = [row for batch in reader.article_rows(chosen) for row in batch]
        assert [row.id for row in few] == [row.id for row in rows if row.source == "herald" and 4 <= row.id <= 6]
        assert all(row.body for row in few)
