"""Articles with the words are the same, whichever way the database goes to them."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from sqlalchemy import text

from monitor.model.records import HitQuery
from monitor.store.db.engines import open_writer, read_url
from monitor.store.read.queries import SqlReader
from monitor.store.tables import fulltext
from monitor.store.write.article_store import ArticleStore
from tests.contracts.databases import PostgresFactory
from tests.contracts.test_hits import asked, stored

WAYS = (
    (fulltext._WALK, "off", "search_index_pkey"),
    (fulltext._LOOK_UP, "on", "ix_search_index_words"),
    (fulltext._LOOK_UP_PHRASE, "on", "ix_search_index_words"),
)


@pytest.mark.parametrize(
    "way",
    [lambda *_, **__: 0, lambda newest, *_, **__: newest[-1].id, lambda *_, **__: None],
    ids=["the newest are read", "some of the newest are read first", "all with the words are looked up"],
)
async def test_either_way_finds_what_a_look_at_all_finds(
    article_store: ArticleStore,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    way: Callable[..., int | None],
) -> None:
    draw = random.Random(11)
    await stored(article_store, draw, 40)
    queries = [HitQuery(lang="ko"), *(asked(draw, 40) for _ in range(25))]
    with SqlReader(url) as reader:
        expected = [reader.hit_page(query) for query in queries]
        monkeypatch.setattr(fulltext, "_LOOKED_AT", 3)
        monkeypatch.setattr(fulltext, "_reach", way)
        assert [reader.hit_page(query) for query in queries] == expected


@pytest.mark.postgres
@pytest.mark.parametrize("walk", [True, False])
def test_postgres_is_kept_to_the_way_that_was_chosen(
    postgres_factory: PostgresFactory,
    monkeypatch: pytest.MonkeyPatch,
    walk: bool,  # noqa: FBT001 - a parameter
) -> None:
    monkeypatch.setattr(fulltext, "_LOOKED_AT", 3)
    monkeypatch.setattr(fulltext, "worth_walking", lambda *_: walk)
    phrase = {"wanted": "'카카' <-> '카오'", "scattered": "'카카' & '카오'", "low": 0, "high": 99, "most": 5}
    with postgres_factory.lent() as url:
        engine = open_writer(read_url(url))
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # the index alone, no articles
            for number in range(1, 40):
                fulltext.index_article(connection, number, ["카카오가 메타와"], [])
            for wanted in ("'카카' <-> '카오'", "'메타'"):
                assert fulltext.find_articles(connection, wanted, 0, 99, 5) == [39, 38, 37, 36, 35]
                assert connection.execute(text("SHOW enable_seqscan")).scalar() == "on"
        for way, bitmaps, index in WAYS:
            with engine.begin() as connection:
                connection.execute(fulltext._KEPT_FROM, {"bitmaps": bitmaps})
                plan = "\n".join(connection.execute(text(f"EXPLAIN {way.text}"), phrase).scalars())
                assert "Seq Scan" not in plan, plan
                assert index in plan, plan
        engine.dispose()


def test_rare_words_are_looked_up_and_common_ones_met_on_the_way() -> None:
    assert fulltext.worth_walking(1_000, 160_000, 0)
    assert not fulltext.worth_walking(20_000, 8_000, 0)
    assert not fulltext.worth_walking(20_000, 8_000, 8_000)
    assert fulltext.worth_walking(20_000, 40_000, 40_000)  # each of these would be read for its places
    assert not fulltext.worth_walking(20_000, 40_000, 0)
    assert not fulltext.worth_walking(20_000, 40_000, 1_000)  # few of them are, until there are enough
