"""Articles with the words are the same, whichever way the database goes to them."""

from __future__ import annotations

import random

import pytest

from monitor.model.records import HitQuery
from monitor.store.read.queries import SqlReader
from monitor.store.tables import fulltext
from monitor.store.write.article_store import ArticleStore
from tests.contracts.test_hits import asked, stored


@pytest.mark.parametrize("reading", [0, 10**9], ids=["the newest are read", "all with the words are looked up"])
async def test_either_way_finds_what_a_look_at_all_finds(
    article_store: ArticleStore, url: str, monkeypatch: pytest.MonkeyPatch, reading: int
) -> None:
    draw = random.Random(11)
    await stored(article_store, draw, 40)
    queries = [HitQuery(lang="ko"), *(asked(draw, 40) for _ in range(25))]
    with SqlReader(url) as reader:
        expected = [reader.hit_page(query) for query in queries]
        monkeypatch.setattr(fulltext, "_LOOKED_AT", 3)
        monkeypatch.setattr(fulltext, "_READING", reading)
        assert [reader.hit_page(query) for query in queries] == expected


def test_rare_words_are_looked_up_and_common_ones_met_on_the_way() -> None:
    assert fulltext.worth_walking(1_000, 160_000, phrase=False)
    assert not fulltext.worth_walking(20_000, 8_000, phrase=False)
    assert not fulltext.worth_walking(20_000, 8_000, phrase=True)
    assert fulltext.worth_walking(20_000, 40_000, phrase=True)  # each of these would be read for its places
    assert not fulltext.worth_walking(20_000, 40_000, phrase=False)
