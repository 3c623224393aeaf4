"""What the API shows of what is stored, on both databases: pages, one of each, counts, and what it refuses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from monitor.cluster.choice import choose
from monitor.model.notification import Notification
from monitor.service.clock import utc_now
from monitor.store.db.database import Database
from monitor.store.write.article_store import ArticleStore
from tests.contracts.conftest import factory, postgres_factory, sqlite_factory, url
from tests.contracts.invented import Finding, Reading, hit, keep, render
from tests.contracts.reports import signed, told
from tests.web.api.stock import ARTICLES, HOSTILE, stock
from tests.web.desk import Served, served

__all__ = ["factory", "postgres_factory", "sqlite_factory", "url"]


@pytest.fixture
async def api(tmp_path: Path, url: str) -> AsyncIterator[Served]:
    await stock(url)
    async with served(tmp_path, url) as one:
        yield one


async def pages(api: Served, **query: object) -> list[list[dict[str, Any]]]:
    """Return all pages of hits, by following Link."""
    found: list[list[dict[str, Any]]] = []
    answer = await api.get("/hits", **query)
    while True:
        assert answer.status == 200, answer.text
        found.append(answer.json()["hits"])
        following = answer.json()["next"]
        assert (following is None) == ("link" not in answer.headers)
        if following is None:
            return found
        address, _, relation = answer.headers["link"].partition("; ")
        assert relation == 'rel="next"'
        path, _, text = address.strip("<>").partition("?")
        assert f"cursor={following}" in text
        answer = await api.get(path, **dict(parse_qsl(text)))


async def test_stories_go_on_from_page_to_page(api: Served) -> None:
    whole = (await api.get("/stories", limit=500)).json()
    assert (whole["next"], len(whole["stories"]) > 3) == (None, True)
    found: list[Any] = []
    answer = await api.get("/stories", limit=3)
    while following := answer.json()["next"]:
        found += answer.json()["stories"]
        address, _, relation = answer.headers["link"].partition("; ")
        assert (relation, f"cursor={following}" in address) == ('rel="next"', True)
        path, _, text = address.strip("<>").partition("?")
        answer = await api.get(path, **dict(parse_qsl(text)))
    found += answer.json()["stories"]
    assert ("link" in answer.headers, found) == (False, whole["stories"])
    cursor = (await api.get("/stories", limit=1)).json()["next"]
    for other in ({"rule": "openai"}, {"order": "growth"}):
        assert (await api.get("/stories", cursor=cursor, **other)).status == 400
    assert (await api.get("/hits", cursor=cursor)).status == 400


async def test_each_hit_stands_on_one_page(api: Served) -> None:
    for limit in (2, 7, 31, 500):
        await _paged(api, limit)


async def _paged(api: Served, limit: int) -> None:
    found = await pages(api, limit=limit)
    keys = [(one["article"]["id"], one["rule"]["id"]) for page in found for one in page]
    assert len(keys) == ARTICLES + (ARTICLES + 2) // 3
    assert keys == sorted(set(keys), reverse=True)
    assert {len(page) for page in found[:-1]} <= {limit}


FILTERED: tuple[tuple[dict[str, str], int], ...] = (
    ({"rule": "seoul"}, 8),
    ({"source": "daily"}, 15),
    ({"tag": "ai"}, 23),
    ({"severity": "critical", "rule": "seoul"}, 0),
    ({"since": "3h 30m"}, 4),
    ({"since": "3시간 30분 전"}, 4),
    ({"until": "2000-01-01"}, 0),
    ({"alerted": "baseline"}, 7),
    ({"alerted": "pending"}, 24),
    ({"term": "openai", "lang": ""}, 31),
    ({"text": "스크립트가 없는 말"}, 0),
)


async def test_filters_and_the_count_agree(api: Served) -> None:
    for query, few in FILTERED:
        answer = await api.call("GET", "/hits", {"limit": 500, "count": "true", **query})
        assert answer.status == 200, answer.text
        assert (len(answer.json()["hits"]), answer.json()["count"]) == (few, str(few)), query
        points = (await api.call("GET", "/hits/timeline", {"by": "hour", **query})).json()["timeline"]
        assert sum(one["hits"] for one in points) == few


async def test_a_hit_has_its_history_and_its_story_has_outlets(api: Served) -> None:
    first = (await api.get("/hits", limit=1)).json()["hits"][0]
    one = (await api.get(f"/hits/{first['id']}")).json()
    assert one["hit"] == first
    assert [version["version"] for version in one["versions"]] == [1]
    story = (await api.get(f"/stories/{first['story']['id']}")).json()["story"]
    assert story["outlets"][0]["source"] == first["article"]["source"]
    assert (await api.get(f"/stories/{first['story']['id'][-12:]}")).json()["story"] == story
    assert story in (await api.get("/stories", limit=500)).json()["stories"]


async def test_an_article_and_what_concerned_a_channel_are_shown(api: Served) -> None:
    first = (await api.get("/hits", limit=1)).json()["hits"][0]
    one = (await api.get(f"/articles/{first['article']['id']}")).json()
    assert one["article"] == first["article"]
    assert one["versions"][-1]["title"] == first["article"]["title"]
    assert (await api.get("/articles/99999")).status == 404
    told = (await api.get("/notifications", hit=first["id"])).json()["notifications"]
    assert [(each["state"], each["channel_id"], each["title"]) for each in told] == [("queued", "desk", HOSTILE)]
    kept = (await api.get("/notifications", reason="baseline", limit=500)).json()["notifications"]
    assert {each["delivery_id"] for each in kept} == {None}
    assert len(kept) == 7
    assert (await api.get("/notifications", state="held")).json() == {"notifications": []}


async def test_deliveries_and_sources_are_what_commands_show(api: Served) -> None:
    rows = (await api.get("/deliveries", rule="seoul", limit=500)).json()["deliveries"]
    assert {row["state"] for row in rows} == {"pending"}
    assert len(rows) == 6
    one = (await api.get(f"/deliveries/{rows[0]['id'][-12:]}")).json()
    assert (one["delivery"], one["attempts"], "verysecret" in one["body"]) == (rows[0], [], False)
    assert (await api.get("/deliveries/000000")).status == 404
    kept = (await api.get("/deliveries", state="suppressed", limit=500)).json()["deliveries"]
    assert {row["reason"] for row in kept} == {"baseline"}
    found = {one["id"]: one for one in (await api.get("/sources")).json()["sources"]}
    assert set(found) == {"herald", "daily"}
    assert found["herald"]["schedule"]["interval"] == 300
    assert found["daily"]["hits_24h"] > 0


REFUSED: tuple[tuple[str, dict[str, str], int, str], ...] = (
    ("/hits", {"ruel": "openai"}, 422, "did you mean 'rule'?"),
    ("/hits", {"sinse": "2h"}, 422, "did you mean 'since'?"),
    ("/sources", {"x": "1"}, 422, "there are: none"),
    ("/hits/timeline", {"limit": "5"}, 422, "no parameter 'limit'"),
    ("/hits", {"since": "gestern"}, 400, "since: 'gestern' is not a time"),
    ("/stories", {"until": "13월"}, 400, "until: '13월' is not a time"),
    ("/hits", {"limit": "501"}, 422, "less than or equal to 500"),
    ("/hits", {"limit": "0"}, 422, "greater than or equal to 1"),
    ("/hits", {"cursor": "x"}, 400, "cursor: this cursor is not of this list"),
    ("/hits", {"severity": "loud"}, 422, "severity"),
    ("/hits", {"alerted": "snet"}, 422, "alerted"),
    ("/hits", {"alerted": "suppressed:same_stroy"}, 422, "alerted"),
    ("/notifications", {"reason": "same_stroy"}, 422, "'same_story'"),
    ("/hits", {"text": "a\0b"}, 422, "NUL"),
    ("/hits/99999", {}, 404, "there is no hit 99999"),
    ("/hits/9223372036854775808", {}, 422, "number"),
    ("/hits/x", {}, 422, "number"),
    ("/stories/zz", {}, 404, "/api/v1/stories shows"),
    ("/nothing", {}, 404, "there is nothing at"),
    ("/hits", {"rule": "opnai"}, 422, "no rule 'opnai'; did you mean 'openai'?"),
    ("/hits", {"source": "heral"}, 422, "no source 'heral'; did you mean 'herald'?"),
    ("/hits", {"tag": "rival"}, 422, "no tag 'rival'; there are: ai"),
    ("/hits", {"story": "abcdefabcdef"}, 422, "story: 'abcdefabcdef' ends the id of no story"),
    ("/hits/timeline", {"rule": "opnai"}, 422, "did you mean 'openai'?"),
    ("/hits/stream", {"rule": "opnai"}, 422, "did you mean 'openai'?"),
    ("/hits/stream", {"ruel": "openai"}, 422, "no parameter 'ruel'; did you mean 'rule'?"),
    ("/stories", {"rule": "opnai"}, 422, "did you mean 'openai'?"),
    ("/deliveries", {"rule": "opnai"}, 422, "did you mean 'openai'?"),
    ("/deliveries", {"source": "dayli"}, 422, "did you mean 'daily'?"),
    ("/deliveries", {"channel": "dsek"}, 422, "no channel 'dsek'; did you mean 'desk'?"),
    ("/notifications", {"channel": "dsek"}, 422, "did you mean 'desk'?"),
    ("/explain", {"hit": "1", "rule": "opnai"}, 422, "did you mean 'openai'?"),
    ("/explain", {"url": "ftp:"}, 422, "url: 'ftp:' is neither an address"),
    ("/explain", {"url": "ftp://news.example/1"}, 422, "is neither an address"),
    ("/explain", {"url": "21"}, 422, "url: a number is no address"),
    (
        "/hits",
        {"since": "2026-11-05", "until": "2026-11-04"},
        422,
        "since: nothing lies between: since '2026-11-05' is not",
    ),
    ("/hits/timeline", {"since": "1h", "until": "2h"}, 422, "nothing lies between"),
    ("/hits/stream", {"since": "1h", "until": "2h"}, 422, "nothing lies between"),
    ("/stories", {"since": "1h", "until": "2h"}, 422, "nothing lies between"),
    ("/deliveries", {"since": "1h", "until": "2h"}, 422, "nothing lies between"),
)


async def test_what_cannot_be_answered_says_why(api: Served) -> None:
    for path, query, status, words in REFUSED:
        answer = await api.call("GET", path, query)
        assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json"), (path, query)
        assert words in answer.json()["detail"]


async def test_a_rule_that_was_removed_is_asked_for_still(tmp_path: Path, url: str) -> None:
    await stock(url, "gone")
    async with served(tmp_path, url) as api:
        found = (await api.get("/hits", rule="gone", limit=500)).json()["hits"]
        assert {one["rule"]["id"] for one in found} == {"gone"}
        for path in ("/hits/timeline", "/stories", "/deliveries"):
            assert (await api.get(path, rule="gone")).status == 200, path


async def test_a_cursor_holds_for_its_filters_alone(api: Served) -> None:
    cursor = (await api.get("/hits", limit=2, rule="openai")).json()["next"]
    assert (await api.get("/hits", limit=5, rule="openai", cursor=cursor)).status == 200
    assert (await api.get("/hits", limit=2, rule="seoul", cursor=cursor)).status == 400
    assert (await api.get("/hits", limit=2, cursor=cursor)).status == 400


async def test_what_is_known_is_not_sent_again_until_something_is_stored(api: Served, url: str) -> None:
    for number, path in enumerate(
        ("/hits", "/hits?rule=openai&count=true", "/hits/timeline", "/stories", "/deliveries")
    ):
        await _asked_again(api, url, path, number)


async def _asked_again(api: Served, url: str, path: str, number: int) -> None:
    path, _, text = path.partition("?")
    query = dict(one.split("=") for one in text.split("&")) if text else {}
    for _ in range(2):  # a minute may end between the two questions
        first = await api.call("GET", path, query)
        known = {"if-none-match": f'"other", {first.headers["etag"]}'}
        again = await api.call("GET", path, query, headers=known)
        if again.status == 304:
            break
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert first.headers["cache-control"] == "private, no-cache"
    other = await api.call("GET", path, {**query, "until": "2099-01-01"}, headers=known)
    assert other.status == 200, "other filters are another list"
    database = Database(url)
    read = told(900 + number, f"later{number}", utc_now())
    await keep(
        ArticleStore(database, choose, timedelta(days=3)),
        Reading(None, read, signed(read).signature, (Finding(hit(), (Notification("desk", "openai", None),)),)),
        render,
        utc_now(),
    )
    await database.aclose()
    changed = await api.call("GET", path, query, headers=known)
    assert changed.status == 200


async def test_hostile_titles_come_as_they_are_and_as_json(api: Served) -> None:
    answer = await api.get("/hits", limit=1)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["hits"][0]["article"]["title"] == HOSTILE


async def test_head_and_options_are_answered(api: Served) -> None:
    head = await api.call("HEAD", "/hits")
    assert (head.status, head.body) == (200, b"")
    assert "etag" in head.headers
    options = await api.call("OPTIONS", "/hits")
    assert (options.status, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert "access-control-allow-origin" not in options.headers
    wrong = await api.call("DELETE", "/hits")
    assert (wrong.status, wrong.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
