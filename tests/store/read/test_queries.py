"""Questions to the store, with the same answers from both databases."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.model.errors import StoreError
from monitor.model.notification import Suppression
from monitor.model.records import ArticleRecord, DeliveryQuery, HitQuery
from monitor.model.story import Signature
from monitor.store.db.database import Database
from monitor.store.db.engines import open_writer, read_url
from monitor.store.read.queries import SqlReader
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.maintenance import Maintenance
from monitor.store.write.outbox import Outbox
from monitor.store.write.source_store import PollResult, SourceStore
from tests.contracts.databases import PostgresFactory, SqliteFactory
from tests.contracts.invented import (
    LEASE,
    NOW,
    UNTOLD,
    Reading,
    article,
    finding,
    hit,
    keep,
    later,
    plan,
    reading,
    render,
    result,
    source,
)
from tests.store.db.test_migrate import move

TEXTS: dict[str, dict[str, Any]] = {
    "a": {"title": "카카오, 오픈AI와 손잡다", "body": "두 회사는 5일 발표했다."},
    "b": {"title": "메타의 새 안경", "subtitle": "카메라가 둘", "body": "메타버스는 잊었다."},
    "c": {"title": "증시 마감", "body": "삼성전자가 3.5% 올랐다.", "captions": ("사진=카카오 제공",)},
}


@pytest.fixture
async def news(article_store: ArticleStore) -> None:
    """Three articles with a hit each, and one without that says everything."""
    for number, (key, fields) in enumerate(TEXTS.items()):
        told = article(key, **({"body": ""} | fields))
        await keep(article_store, Reading(None, told, Signature(), (finding(f"r-{key}"),)), render, later(number))
    everything = article("z", body="카카오 메타 삼성전자 오픈AI")
    await keep(article_store, Reading(None, everything, Signature(), ()), render, NOW)


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        ("카카", "ca"),
        ("카카오", "ca"),
        ("오픈AI", "a"),
        ("오픈 ai", "a"),
        ("OPEN", ""),
        ("메타", "b"),
        ("안경", "b"),
        ("카메라가 둘", "b"),
        ("삼성", "c"),
        ("올랐다", "c"),
        ("둘 메타버스", ""),
        ("'; DROP TABLE hit; --", ""),
        ('"', ""),
        ("%", ""),
        ("3.5%", "c"),
        ("*", ""),
        ("a OR b", ""),
        ("\x00", ""),
    ],
)
@pytest.mark.usefixtures("news")
async def test_text_is_found_where_it_stands(url: str, wanted: str, keys: str) -> None:
    with SqlReader(url) as reader:
        assert [record.rule_id for record in reader.hits(HitQuery(text=wanted))] == [f"r-{key}" for key in keys]


@pytest.mark.usefixtures("news")
async def test_filters_hold_together(url: str) -> None:
    def ids(**wanted: object) -> list[str]:
        return [record.rule_id for record in reader.hits(replace(HitQuery(), **wanted))]  # type: ignore[arg-type] # the fields are HitQuery's

    with SqlReader(url) as reader:
        assert ids() == ["r-c", "r-b", "r-a"], "newest first"
        assert ids(limit=2) == ["r-c", "r-b"]
        assert ids(rule="r-b") == ["r-b"]
        assert ids(rule="r-b", text="카카오") == []
        assert ids(source="herald", text="카카오") == ["r-c", "r-a"]
        assert ids(source="other") == []
        assert ids(since=later(1)) == ["r-c", "r-b"]
        assert ids(until=later(1)) == ["r-a"]
        assert ids(since=later(1), until=later(2)) == ["r-b"]


async def test_a_hit_comes_with_all_that_users_see(url: str, article_store: ArticleStore) -> None:
    told = article(authors=("김하늘", "이바다"), published_at=later(-60))
    written = await keep(article_store, Reading(None, told, Signature(), (finding(),)), render, NOW)
    with SqlReader(url) as reader:
        (record,) = reader.hits(HitQuery())
    assert record.article == ArticleRecord(
        written.article_id, told.url, told.title, "herald", "김하늘, 이바다", later(-60), NOW, source_name="herald"
    )
    assert (record.created_at, record.rule_id, record.rule_name, record.excerpt) == (NOW, "openai", "OPENAI", "…")
    assert (record.matches, record.alerted) == (hit().matches, "pending")


async def test_a_hit_tells_how_sure_the_reader_was_of_its_text(url: str, article_store: ArticleStore) -> None:
    told = article(field_sources={"body": "generic", "confidence": "0.42"})
    await keep(article_store, Reading(None, told, Signature(), (finding(),)), render, NOW)
    with SqlReader(url) as reader:
        (record,) = reader.hits(HitQuery())
    assert record.article.confidence == 0.42


async def test_a_second_source_finds_its_own_hits(url: str, article_store: ArticleStore) -> None:
    await keep(article_store, reading("k", finding("a")), render, NOW)
    twin = Reading(None, article("k", source_id="twin"), Signature(), (finding("a"), finding("b")))
    await keep(article_store, twin, render, NOW)
    with SqlReader(url) as reader:
        (record,) = reader.hits(HitQuery(source="twin"))
        assert (record.rule_id, record.article.source) == ("b", "twin")
        assert len(reader.hits(HitQuery(text="사무소"))) == 2


async def test_an_article_is_found_when_its_first_hit_comes_late(url: str, article_store: ArticleStore) -> None:
    await keep(article_store, Reading(None, article(), Signature(), ()), render, NOW)
    await keep(article_store, reading("k1", finding("a")), render, later(1))
    await keep(article_store, reading("k1", finding("b")), render, later(2))
    with SqlReader(url) as reader:
        assert [record.rule_id for record in reader.hits(HitQuery(text="사무소"))] == ["b", "a"]


async def test_a_monstrous_article_is_indexed(url: str, article_store: ArticleStore) -> None:
    told = article(title="처음", body="가나다 " * 40_000, captions=("끝말",))
    await keep(article_store, Reading(None, told, Signature(), (finding(),)), render, NOW)
    with SqlReader(url) as reader:
        assert [len(reader.hits(HitQuery(text=wanted))) for wanted in ("처음", "가나다", "끝말")] == [1, 1, 0]


async def test_sources_show_how_they_do(url: str, source_store: SourceStore, article_store: ArticleStore) -> None:
    await source_store.sync_plan(plan(source("herald"), source("off", enabled=False)), NOW)
    await source_store.claim_source("herald", "me", NOW, LEASE)
    with SqlReader(url) as reader:
        assert [record.polling for record in reader.sources(NOW)] == [True, False]
        assert [record.polling for record in reader.sources(NOW + LEASE)] == [False, False]
    await source_store.complete_poll(PollResult("herald", "me", later(60), "timeout", 5.0), NOW)
    await keep(article_store, reading("k1"), render, NOW)
    await keep(article_store, reading("k0"), render, NOW - timedelta(hours=24))
    with SqlReader(url) as reader:
        herald, off = reader.sources(NOW)
    assert (herald.id, herald.name, herald.kind, herald.enabled) == ("herald", "한빛일보", "list", True)
    assert (herald.failures, herald.last_error, herald.last_success_at) == (1, "timeout", None)
    assert (herald.next_poll_at, herald.articles_24h, herald.hits_24h) == (later(60), 1, 1)
    assert (off.enabled, off.next_poll_at, off.articles_24h) == (False, None, 0)


async def test_deliveries_are_listed_newest_first(url: str, article_store: ArticleStore, outbox: Outbox) -> None:
    await keep(article_store, reading("k0", finding(suppressed=Suppression.BASELINE)), render, NOW)
    ids = [(await keep(article_store, reading(f"k{n}"), render, NOW)).deliveries[0] for n in (1, 2)]
    held = await outbox.claim_delivery(ids[0], "me", NOW, LEASE)
    assert held is not None
    await outbox.complete_delivery(held, result(status=204), later(1), UNTOLD)
    with SqlReader(url) as reader:
        every = reader.deliveries()
        assert [(row.seq, row.state, row.reason) for row in every] == [
            (2, "pending", ""),
            (1, "done", ""),
            (None, "suppressed", "baseline"),
        ]
        assert reader.deliveries(limit=1) == every[:1]
        assert reader.deliveries("done") == every[1:2]
        assert reader.deliveries(suppressed=False) == every[:2]
        assert reader.deliveries("suppressed", suppressed=False) == every[2:]
        chosen = reader.chosen_deliveries
        everybody = DeliveryQuery(rule="openai", channel=every[1].channel_id, source="herald")
        assert chosen(everybody) == every
        assert chosen(everybody, suppressed=False) == every[:2]
        assert chosen(everybody, "suppressed", suppressed=False) == every[2:]
        assert chosen(everybody, "done") == every[1:2]
        assert chosen(everybody, limit=1) == every[:1]
        assert chosen(DeliveryQuery(since=NOW)) == every
        assert chosen(DeliveryQuery(until=NOW)) == chosen(DeliveryQuery(since=later(1))) == ()
        for nobody in (DeliveryQuery(rule="x"), DeliveryQuery(channel="x"), DeliveryQuery(source="x")):
            assert chosen(nobody) == ()
    done = every[1]
    assert (done.id, done.rule_id, done.title, done.url) == (ids[0], "openai", article("k1").title, article("k1").url)
    assert (done.attempts, done.created_at, done.due_at, done.done_at) == (1, NOW, None, later(1))
    assert (done.last_status, done.last_error) == (204, "")


async def test_the_plan_in_force_is_known(url: str, source_store: SourceStore) -> None:
    with SqlReader(url) as reader:
        assert reader.plan_version() == ""
        for version in ("v1", "v2"):
            await source_store.sync_plan(plan(version=version), NOW)
            assert reader.plan_version() == version


async def test_reading_goes_on_beside_the_writer(url: str, article_store: ArticleStore, db: Database) -> None:
    with SqlReader(url) as reader:
        for number in range(5):
            await keep(article_store, reading(f"k{number}"), render, NOW)
            assert len(reader.hits(HitQuery())) == number + 1
        await Maintenance(db).optimize()
        assert len(reader.hits(HitQuery())) == 5


def test_a_missing_database_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no database at"):
        SqlReader(f"sqlite:///{tmp_path}/none.db")
    assert not list(tmp_path.iterdir()), "looking makes nothing"


def test_a_database_without_schema_is_said_plainly(factory: SqliteFactory) -> None:
    url = factory.empty()
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).touch()
    with SqlReader(url) as reader, pytest.raises(StoreError, match="db upgrade"):
        reader.sources(NOW)


@pytest.mark.slow
def test_asking_imports_neither_the_writer_nor_the_migrations() -> None:
    look = "import sys, monitor.store.read.queries; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout.split()
    assert "monitor.store.read.queries" in loaded
    assert not {"alembic", "psycopg", "uuid6", "sqlalchemy.orm", "monitor.store.db.database"} & set(loaded)


def test_a_database_of_an_older_program_is_told_what_to_do(factory: SqliteFactory | PostgresFactory) -> None:
    url = factory.empty()
    engine = open_writer(read_url(url))
    move(engine, "0008")
    with (
        SqlReader(url) as reader,
        pytest.raises(StoreError, match="no current schema; `monitor db upgrade`"),
    ):
        reader.sources(NOW)
