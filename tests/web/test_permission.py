"""`require(scope)` is all that a route says, and all that it needs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI

from monitor.config.settings import WebSettings
from monitor.model.access import Grant, Scope
from monitor.service.access import Access
from monitor.service.login_throttle import LoginThrottle
from monitor.service.reading import Reading
from monitor.service.tokens import add_token
from monitor.store.db.database import Database
from monitor.store.write.access_store import AccessStore
from monitor.web import problems
from monitor.web.guard import Guard
from monitor.web.permission import COOKIE, require
from tests.contracts.conftest import sqlite_factory
from tests.contracts.databases import SqliteFactory
from tests.web.asgi import Answer, ask

__all__ = ["sqlite_factory"]

NOW = datetime(2026, 7, 5, 12, 0, tzinfo=UTC)
PASSWORD, READER = "an operator's own words", "what readers know"


def _named(permission: Any) -> Callable[[Grant], Awaitable[str]]:  # noqa: ANN401 - as `require` is typed
    """Return a route that says who asks."""

    async def named(who: Grant = permission) -> str:
        return who.name

    return named


class Door:
    """An application with a route for each scope, and the real Access."""

    def __init__(self, url: str, database: Database, settings: WebSettings) -> None:
        self.url = url
        self.database = database
        self.access = Access(
            settings=settings,
            reading=Reading(url, threads=1),
            store=AccessStore(database),
            clock=lambda: NOW,
            throttle=LoginThrottle(NOW.timestamp),
        )
        app = FastAPI(openapi_url=None)
        problems.install(app)
        app.state.desk = SimpleNamespace(access=self.access)
        for scope in Scope:
            app.add_api_route(f"/{scope}", _named(require(scope)))
        app.add_api_route("/here", _named(require(Scope.READ, unless_local=True)))
        self.app = Guard(app, settings, lambda *_: None)

    async def asked(self, path: str, client: str = "192.0.2.1", **headers: str) -> Answer:
        """Return the answer to somebody."""
        given = {key.replace("_", "-"): value for key, value in headers.items()}
        return await ask(self.app, path, client=client, headers={"host": "localhost", **given})


@pytest.fixture(params=["closed", "open"])
async def door(request: pytest.FixtureRequest, sqlite_factory: SqliteFactory) -> AsyncIterator[Door]:
    """One with passwords, or one without."""
    closed = WebSettings(password=PASSWORD, reader_password=READER)
    with sqlite_factory.lent() as url:
        database = Database(url)
        made = Door(url, database, closed if request.param == "closed" else WebSettings())
        yield made
        await made.access.aclose()
        await database.aclose()


REACH = {
    "feed": ["feed"],
    "read": ["feed", "read"],
    "write": ["feed", "read", "write"],
    "admin": ["feed", "read", "write", "admin"],
}


@pytest.mark.parametrize("scope", list(Scope))
async def test_a_token_reaches_what_its_scope_covers(door: Door, scope: Scope) -> None:
    token = await add_token(door.url, "bot", scope, NOW, None)
    for wanted in Scope:
        answer = await door.asked(f"/{wanted}", authorization=f"bearer {token}")
        if wanted in REACH[scope]:
            assert (answer.status, answer.json()) == (200, "bot")
        else:
            assert answer.status == 403
            assert f'scope="{wanted}"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize(("password", "role"), [(PASSWORD, "admin"), (READER, "read")])
@pytest.mark.parametrize("door", ["closed"], indirect=True)
async def test_a_session_reaches_what_its_role_may(door: Door, password: str, role: str) -> None:
    secret, _ = await door.access.log_in(password, "192.0.2.1")
    found = [wanted for wanted in Scope if (await door.asked(f"/{wanted}", cookie=f"{COOKIE}={secret}")).status == 200]
    assert found == REACH[role]


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer x", "Basic dTpw", "x", "bearer mon_"])
@pytest.mark.parametrize("client", ["127.0.0.1", "192.0.2.1"])
async def test_what_lets_nobody_in_lets_nobody_in_anywhere(door: Door, authorization: str, client: str) -> None:
    for path in ("/read", "/admin", "/here"):
        answer = await door.asked(path, client, authorization=authorization)
        assert (answer.status, "Bearer" in answer.headers["www-authenticate"]) == (401, True)


@pytest.mark.parametrize(
    "relayed", [{"x_forwarded_for": "127.0.0.1"}, {"forwarded": "for=127.0.0.1"}, {"via": "1.1 x"}]
)
async def test_who_comes_through_a_proxy_is_a_stranger(door: Door, relayed: dict[str, str]) -> None:
    for path in ("/read", "/here"):
        assert (await door.asked(path, "127.0.0.1", **relayed)).status == 401


@pytest.mark.parametrize(("door", "status"), [("closed", 401), ("open", 200)], indirect=["door"])
async def test_this_machine_may_do_everything_while_there_is_no_password(door: Door, status: int) -> None:
    assert (await door.asked("/admin", "127.0.0.1")).status == status
    assert (await door.asked("/here", "127.0.0.1")).status == 200
    assert (await door.asked("/here", "192.0.2.1")).status == 401


@pytest.mark.parametrize("door", ["closed"], indirect=True)
async def test_a_browser_is_led_to_the_form_and_a_program_is_not(door: Door) -> None:
    led = await door.asked("/read", accept="text/html,*/*")
    assert (led.status, led.headers["location"]) == (303, "/login?next=/read")
    assert (await door.asked("/read", accept="application/json")).status == 401
