"""Who may call what: every route of the API, with no token and with one of each scope."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from monitor.model.access import Scope
from monitor.service.rate_limit import RateLimit
from monitor.web.api.contract import PREFIX
from tests.contracts.conftest import sqlite_factory
from tests.contracts.databases import SqliteFactory
from tests.web.desk import Served, served

__all__ = ["sqlite_factory"]

NEEDED: dict[tuple[str, str], Scope] = {
    ("GET", "/hits"): Scope.READ,
    ("GET", "/hits/timeline"): Scope.READ,
    ("GET", "/hits/stream"): Scope.READ,
    ("GET", "/hits/{number}"): Scope.READ,
    ("GET", "/stories"): Scope.READ,
    ("GET", "/stories/{story_id}"): Scope.READ,
    ("GET", "/deliveries"): Scope.READ,
    ("GET", "/deliveries/{delivery_id}"): Scope.READ,
    ("GET", "/sources"): Scope.READ,
    ("GET", "/articles/{number}"): Scope.READ,
    ("GET", "/notifications"): Scope.READ,
    ("GET", "/rules"): Scope.READ,
    ("GET", "/channels"): Scope.READ,
    ("GET", "/silences"): Scope.READ,
    ("GET", "/health"): Scope.READ,
    ("GET", "/explain"): Scope.READ,
    ("POST", "/silences"): Scope.WRITE,
    ("DELETE", "/silences/{number}"): Scope.WRITE,
    ("POST", "/deliveries/replay"): Scope.WRITE,
    ("POST", "/channels/{channel_id}/open"): Scope.WRITE,
    ("POST", "/channels/{channel_id}/test"): Scope.WRITE,
    ("POST", "/sources/{source_id}/fetch"): Scope.WRITE,
    ("POST", "/hits/{number}/handling"): Scope.WRITE,
    ("POST", "/stories/{story_id}/handling"): Scope.WRITE,
    ("POST", "/hits/{number}/feedback"): Scope.WRITE,
    ("GET", "/hits/{number}/suggestions"): Scope.READ,
    ("POST", "/backtest"): Scope.WRITE,
    ("POST", "/reload"): Scope.ADMIN,
}
FILLED = {
    "{number}": "1",
    "{story_id}": "nothing-like-it",
    "{channel_id}": "none",
    "{source_id}": "none",
    "{delivery_id}": "none",
}
ORDER = [None, *Scope]


@pytest.fixture
async def api(tmp_path: Path, sqlite_factory: SqliteFactory) -> AsyncIterator[Served]:
    with sqlite_factory.lent() as url:
        async with served(tmp_path, url) as one:
            yield one


async def test_every_operation_is_in_the_table(api: Served) -> None:
    described = (await api.get("/openapi.json")).json()
    found = {
        (method.upper(), path.removeprefix(PREFIX))
        for path, operations in described["paths"].items()
        for method in operations
    }
    assert found == set(NEEDED)


async def test_every_operation_says_what_it_is_for_and_how_it_fails(api: Served) -> None:
    described = (await api.get("/openapi.json")).json()
    assert described["openapi"].startswith("3.1")
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], path
            assert len(operation["description"]) > 20, path
            assert {"400", "401", "403", "422", "429", "503"} <= set(operation["responses"]), path
            assert "404" in operation["responses"] or "{" not in path, path
            good = "text/event-stream" if path.endswith("/stream") else "application/json"
            assert "304" in operation["responses"] or method != "get" or good != "application/json", path
            for code, answer in operation["responses"].items():
                wanted = good if code < "300" else "application/problem+json"
                assert code in {"204", "304"} or list(answer["content"]) == [wanted], (path, code)


@pytest.mark.parametrize("scope", ORDER)
async def test_nobody_does_what_their_scope_does_not_cover(api: Served, scope: Scope | None) -> None:
    for (method, path), needed in NEEDED.items():
        if path.endswith("/stream") and scope and scope.covers(needed):
            continue  # an answer without an end; its own tests listen to it
        for template, filled in FILLED.items():
            path = path.replace(template, filled)  # noqa: PLW2901 - the same path, with values
        answer = await api.call(method, path, scope=scope)
        if scope is None:
            assert (answer.status, "Bearer" in answer.headers["www-authenticate"]) == (401, True), path
        elif scope.covers(needed):
            assert answer.status not in {401, 403}, (path, answer.text)
        else:
            assert (answer.status, f'scope="{needed}"' in answer.headers["www-authenticate"]) == (403, True), path
    if scope is None:
        assert (await api.call("GET", "/openapi.json", scope=None)).status == 401


async def test_who_asks_too_often_is_told_when_to_ask_again(api: Served) -> None:
    now = 0.0
    api.rate(RateLimit(lambda: now, rate=2, burst=3))
    states = [(await api.get("/sources")).status for _ in range(4)]
    assert states == [200, 200, 200, 429]
    refused = await api.get("/sources")
    assert (refused.headers["retry-after"], "too many requests" in refused.json()["detail"]) == ("1", True)
    assert (await api.call("GET", "/sources", scope=Scope.WRITE)).status == 200, "another token has its own"
    now = 0.6
    assert [(await api.get("/sources")).status for _ in range(2)] == [200, 429]


async def test_who_guesses_tokens_is_slowed_down_by_the_address(api: Served) -> None:
    api.rate(RateLimit(lambda: 0.0, rate=1, burst=4))
    guesses = [
        (await api.call("GET", "/sources", scope=None, headers={"authorization": f"Bearer mon_{n}"})).status
        for n in range(6)
    ]
    assert guesses == [401, 401, 401, 401, 429, 429]
