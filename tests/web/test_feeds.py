"""Feeds over a real socket: who gets one, and who has it already."""

from __future__ import annotations

import feedparser
import httpx
import pytest

from monitor.model.access import Scope
from monitor.model.plan import Plan, Rule
from monitor.service.rate_limit import RateLimit
from monitor.web import feeds
from tests.contracts.conftest import sqlite_factory
from tests.contracts.databases import SqliteFactory
from tests.web.streaming import served, store

__all__ = ["sqlite_factory"]

PLAN = Plan("v1", rules=(Rule("openai", "오픈AI", "오픈AI", tags=("ai",)), Rule("idle", "", "무")))


async def asked(address: str, **headers: str) -> httpx.Response:
    """Return the answer to one request."""
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
        return await client.get(address, headers=headers)


@pytest.mark.parametrize(("form", "kind"), [("atom", "atom+xml"), ("rss", "rss+xml"), ("json", "feed+json")])
async def test_a_feed_is_sent_until_nothing_is_new(sqlite_factory: SqliteFactory, form: str, kind: str) -> None:
    url = sqlite_factory.migrated()
    await store(url, 1, 3)
    async with served(url, PLAN) as server:
        address = f"{server.address}/feeds/hits.{form}?tag=ai&limit=2"
        first = await asked(address)
        assert (first.status_code, first.headers["content-type"]) == (200, f"application/{kind}; charset=utf-8")
        tag, modified = first.headers["etag"], first.headers["last-modified"]
        assert (await asked(address, **{"If-None-Match": f'"other", W/{tag}'})).status_code == 304
        assert (await asked(address, **{"If-Modified-Since": modified})).status_code == 304
        assert (await asked(address, **{"If-None-Match": '"x"', "If-Modified-Since": modified})).status_code == 200
        assert (await asked(address, **{"If-Modified-Since": "nonsense"})).status_code == 200
        await store(url, 4, 1)
        again = await asked(address, **{"If-None-Match": tag, "If-Modified-Since": modified})
        assert (again.status_code, again.headers["etag"] != tag) == (200, True)


async def test_a_feed_has_a_name_a_size_and_filters(sqlite_factory: SqliteFactory) -> None:
    url = sqlite_factory.migrated()
    await store(url, 1, 3)
    async with served(url, PLAN) as server:
        read = feedparser.parse((await asked(f"{server.address}/feeds/hits.atom?rule=openai&limit=2")).content)
        assert (read.feed.title, len(read.entries)) == ("monitor · 오픈AI", 2)
        assert read.feed.links[0].href == f"{server.address}/feeds/hits.atom?rule=openai&limit=2"
        assert feedparser.parse((await asked(f"{server.address}/feeds/hits.rss?rule=idle")).content).entries == []
        for wrong, words in (
            ("rule=opnai", "no rule 'opnai'; did you mean 'openai'?"),
            ("ruel=openai", "no parameter 'ruel'; did you mean 'rule'?"),
            ("since=1h&until=2h", "since: nothing lies between"),
        ):
            for path in ("hits.atom", "mon_feeds/hits.json"):
                answer = await asked(f"{server.address}/feeds/{path}?{wrong}")
                assert (answer.status_code, words in answer.json()["detail"]) == (422, True), answer.text
        for wrong in (
            "hits.xml",
            "hits.atom?limit=0",
            "hits.atom?since=nonsense",
            "hits.atom?what=ever",
            "hits.atom?rule=%00",
        ):
            assert (await asked(f"{server.address}/feeds/{wrong}")).status_code in {400, 404, 422}


async def test_articles_of_many_rules_do_not_take_the_place_of_others(
    sqlite_factory: SqliteFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "_PAGE", 3)
    url = sqlite_factory.migrated()
    for rule in ("a", "b", "c", "d", "e"):
        await store(url, 1, 4, lambda _, rule=rule: rule)  # type: ignore[misc]  # bound at once
    async with served(url, PLAN) as server:
        read = feedparser.parse((await asked(f"{server.address}/feeds/hits.atom?limit=3")).content)
        assert [(entry.title, len(entry.tags)) for entry in read.entries] == [
            (f"오픈AI, 서울에 사무소 (k{number})", 5) for number in (4, 3, 2)
        ]


async def test_a_token_in_the_path_reads_feeds_and_nothing_else(sqlite_factory: SqliteFactory) -> None:
    url = sqlite_factory.migrated()
    await store(url, 1, 1)
    async with served(url, PLAN) as server:
        server.door.scope = Scope.FEED
        assert (await asked(f"{server.address}/feeds/mon_feeds/hits.atom")).status_code == 200
        assert (await asked(f"{server.address}/feeds/mon_other/hits.atom")).status_code == 404
        assert (await asked(f"{server.address}/feeds/mon_feeds/hits.atom", Host="evil.example")).status_code == 421
        assert (await asked(f"{server.address}/api/v1/hits/stream")).status_code == 403


async def test_who_asks_for_feeds_too_often_is_told_when_to_ask_again(sqlite_factory: SqliteFactory) -> None:
    url = sqlite_factory.migrated()
    await store(url, 1, 1)
    async with served(url, PLAN) as server:
        for path in ("hits.atom", "mon_feeds/hits.atom", "mon_other/hits.atom"):
            server.rate(RateLimit(lambda: 0.0, burst=2))
            states = [(await asked(f"{server.address}/feeds/{path}")).status_code for _ in range(3)]
            assert states == [404 if "other" in path else 200] * 2 + [429]
