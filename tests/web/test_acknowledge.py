"""The page of a hit: to look at it changes nothing, the form does, and only for who may, from this very server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI

from monitor.cluster.choice import choose
from monitor.config.settings import WebSettings
from monitor.model.access import Scope
from monitor.model.handling import Handling, HandlingState, HandlingSubject
from monitor.model.hit import Hit, Match
from monitor.model.plan import Plan
from monitor.model.story import Signature
from monitor.service.desk import DeskQueries
from monitor.service.handling import handle
from monitor.service.reading import Reading
from monitor.store.db.database import Database
from monitor.store.write.article_store import ArticleStore
from monitor.web import acknowledge, problems
from monitor.web.acknowledge import CSP
from monitor.web.guard import Guard
from tests.contracts.conftest import sqlite_factory
from tests.contracts.databases import SqliteFactory
from tests.contracts.invented import NOW, Finding, article, keep, render
from tests.contracts.invented import Reading as ArticleReading
from tests.web.asgi import Answer, ask
from tests.web.streaming import Door

__all__ = ["sqlite_factory"]

HOSTILE = "<script>alert(1)</script>\"'&<b>오픈AI</b>"
FORM = {"content-type": "application/x-www-form-urlencoded", "host": "localhost", "sec-fetch-site": "same-origin"}


@dataclass
class Page:
    """The page of the one hit there is, who is let in, and what was said."""

    app: Any
    door: Door
    queries: DeskQueries

    async def get(self, path: str = "/hits/1") -> Answer:
        return await ask(self.app, path)

    async def post(self, path: str = "/hits/1", headers: dict[str, str] | None = None, **fields: str) -> Answer:
        return await ask(self.app, path, method="POST", headers=headers or FORM, body=urlencode(fields).encode())

    async def said(self) -> tuple[Handling, ...]:
        return await self.queries.handlings(HandlingSubject(1))


@pytest.fixture
async def page(sqlite_factory: SqliteFactory) -> AsyncIterator[Page]:
    """A hit whose every text is hostile."""
    url = sqlite_factory.migrated()
    database = Database(url)
    found = Finding(Hit("openai", HOSTILE, "v1", (Match("a", "", "title", 0, 1, HOSTILE, "bare"),), HOSTILE), ())
    read = article("k1", title=HOSTILE, url="javascript:alert(1)")
    await keep(
        ArticleStore(database, choose, timedelta(days=3)),
        ArticleReading(None, read, Signature(), (found,)),
        render,
        NOW,
    )
    await database.aclose()
    reading, door = Reading(url), Door(scope=Scope.WRITE)
    plans: Any = SimpleNamespace(current=lambda: (Plan("v1"), None))
    queries = DeskQueries(reading, plans, NOW)
    app = FastAPI(openapi_url=None)
    problems.install(app)
    app.state.desk = SimpleNamespace(queries=queries, access=door, app=SimpleNamespace(handle=partial(handle, url)))
    app.include_router(acknowledge.router)
    yield Page(Guard(app, WebSettings(), lambda *_: None), door, queries)
    await reading.aclose()


async def test_to_look_at_it_changes_nothing(page: Page) -> None:
    for _ in range(3):
        answer = await page.get()
        assert (answer.status, answer.headers["content-security-policy"]) == (200, CSP)
    assert (await ask(page.app, "/hits/1", query=b"state=handled")).status == 200
    assert await page.said() == ()


async def test_whatever_strangers_wrote_stays_text(page: Page) -> None:
    await page.post(state="kept", owner=HOSTILE[:80], note=HOSTILE, who=HOSTILE[:80])
    shown = (await page.get()).text
    assert "<script" not in shown
    assert "<b>" not in shown
    assert "javascript:" not in shown
    assert shown.count("<form") == 1


async def test_the_form_says_what_became_of_it(page: Page) -> None:
    answer = await page.post(state="kept", owner="이수민", note="전화")
    assert (answer.status, answer.headers["location"]) == (303, "/hits/1")
    await page.post(state="handled", owner="", who="kim")
    first, last = await page.said()
    assert (first.state, first.owner, first.note, first.author) == (HandlingState.KEPT, "이수민", "전화", "test")
    assert (last.state, last.owner, last.author) == (HandlingState.HANDLED, "", "kim")
    assert "처리됨 · handled · kim" in (await page.get()).text


@pytest.mark.parametrize(
    "headers",
    [
        FORM | {"sec-fetch-site": "cross-site"},
        FORM | {"sec-fetch-site": "same-site"},
        {key: value for key, value in FORM.items() if key != "sec-fetch-site"} | {"origin": "https://evil.example"},
        FORM | {"host": "evil.example"},
    ],
)
async def test_a_foreign_page_says_nothing(page: Page, headers: dict[str, str]) -> None:
    assert (await page.post(headers=headers, state="ignored")).status in {403, 421}
    assert await page.said() == ()


async def test_who_may_only_read_looks_and_says_nothing(page: Page) -> None:
    page.door.scope = Scope.READ
    assert (await page.get()).status == 200
    assert (await page.post(state="ignored")).status == 403
    page.door.open = False
    assert (await page.get()).status == 401
    assert (await page.post(state="ignored")).status == 401
    assert await page.said() == ()


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/hits/2", {"state": "kept"}, 404),
        ("/hits/0", {"state": "kept"}, 422),
        ("/hits/x", {"state": "kept"}, 422),
        (f"/hits/{2**63}", {"state": "kept"}, 422),
        ("/hits/1", {"state": "done"}, 422),
        ("/hits/1", {}, 422),
        ("/hits/1", {"state": "kept", "note": "긴" * 2001}, 422),
    ],
)
async def test_what_makes_no_sense_is_refused(page: Page, path: str, fields: dict[str, str], status: int) -> None:
    answer = await page.post(path, None, **fields)
    assert answer.status in {status, 400}
    assert await page.said() == ()
