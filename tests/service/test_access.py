"""Who is let in, as whom, and until when; on both databases."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from monitor.config.settings import WebSettings
from monitor.model.access import Grant, Scope
from monitor.model.errors import MonitorError
from monitor.service.access import LASTS, Access, Credentials, LoginError
from monitor.service.login_throttle import FREE, LoginThrottle
from monitor.service.reading import Reading
from monitor.service.tokens import PREFIX, add_token, all_tokens, digest, revoke_token
from monitor.store.db.database import Database
from monitor.store.tables.schema import api_token, web_session
from monitor.store.write.access_store import AccessStore
from tests.contracts.conftest import db, factory, postgres_factory, sqlite_factory, url

__all__ = ["db", "factory", "postgres_factory", "sqlite_factory", "url"]

NOW = datetime(2026, 7, 5, 23, 59, tzinfo=UTC)
OPERATOR, READER = "an operator's own words", "what readers know"
HERE = "192.0.2.1"


class World:
    """A database, a clock that a test sets, and what goes by them."""

    def __init__(self, url: str, db: Database) -> None:
        self.url = url
        self.db = db
        self.now = NOW
        self.opened: list[Access] = []

    @property
    def seconds(self) -> float:
        """Return the clock as one that never runs backwards."""
        return self.now.timestamp()

    def access(self, settings: WebSettings) -> Access:
        """Return what a daemon with those settings has."""
        made = Access(
            settings=settings,
            reading=Reading(self.url, threads=1),
            store=AccessStore(self.db),
            clock=lambda: self.now,
            throttle=LoginThrottle(lambda: self.seconds),
        )
        self.opened.append(made)
        return made


@pytest.fixture
async def world(url: str, db: Database) -> AsyncIterator[World]:
    """A fresh one."""
    made = World(url, db)
    yield made
    for one in made.opened:
        await one.aclose()


CLOSED = WebSettings(password=OPERATOR, reader_password=READER)


async def test_without_a_password_this_machine_alone_may_do_everything(world: World) -> None:
    access = world.access(WebSettings())
    assert access.is_open
    assert await access.grant(Credentials(is_local=True)) == Grant("local", Scope.ADMIN)
    assert await access.grant(Credentials()) is None
    assert await access.grant(Credentials(bearer="", is_local=True)) is None, (
        "a token that is wrong is never overlooked"
    )


@pytest.mark.parametrize(("password", "name", "scope"), [(OPERATOR, "operator", "admin"), (READER, "reader", "read")])
async def test_who_knows_a_password_gets_a_session_of_its_role(
    world: World, password: str, name: str, scope: str
) -> None:
    access = world.access(CLOSED)
    secret, grant = await access.log_in(password, HERE)
    assert (grant.name, grant.scope) == (name, scope)
    assert await access.grant(Credentials(cookie=secret)) == grant
    again = world.access(CLOSED)
    assert await again.grant(Credentials(cookie=secret)) == grant, "a restart ends no session"
    rows = await world.db.read(lambda one: one.execute(select(web_session)).all())
    assert not [row for row in rows if secret in str(row) or password in str(row)]
    await access.log_out(secret)
    assert await access.grant(Credentials(cookie=secret)) is None
    assert await again.grant(Credentials(cookie=secret)) is None


async def test_a_session_ends_by_itself(world: World) -> None:
    access = world.access(CLOSED)
    secret, _ = await access.log_in(READER, HERE)
    world.now += LASTS - timedelta(seconds=1)
    assert await access.grant(Credentials(cookie=secret))
    world.now += timedelta(seconds=1)
    assert await access.grant(Credentials(cookie=secret)) is None
    await access.log_in(READER, HERE)
    kept = await world.db.read(lambda one: one.execute(select(web_session.c.digest)).all())
    assert len(kept) == 1, "what is over is forgotten"


@pytest.mark.parametrize(
    "settings",
    [
        WebSettings(password="another one altogether", reader_password=READER),
        WebSettings(password=READER, reader_password="another one altogether"),
        WebSettings(password=PasswordHasher(time_cost=1, memory_cost=64).hash(OPERATOR)),
    ],
)
async def test_another_password_ends_the_sessions_of_the_one_before(world: World, settings: WebSettings) -> None:
    secret, _ = await world.access(CLOSED).log_in(OPERATOR, HERE)
    assert await world.access(settings).grant(Credentials(cookie=secret)) is None


async def test_a_keyboard_that_sends_hangul_in_pieces_knows_the_same_password(world: World) -> None:
    access = world.access(WebSettings(password="모니터 열려라 참깨요"))
    assert await access.log_in(unicodedata.normalize("NFD", "모니터 열려라 참깨요"), HERE)


async def test_a_hash_stands_for_its_password(world: World) -> None:
    settings = WebSettings(password=PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(OPERATOR))
    access = world.access(settings)
    secret, grant = await access.log_in(OPERATOR, HERE)
    assert grant.scope is Scope.ADMIN
    assert await world.access(settings).grant(Credentials(cookie=secret)) == grant
    with pytest.raises(LoginError):
        await access.log_in(settings.password, HERE)


@pytest.mark.parametrize("wrong", ["", "x", OPERATOR + " ", OPERATOR.upper(), "가" * 5_000, "\udc80"])
async def test_what_is_wrong_opens_nothing(world: World, wrong: str) -> None:
    with pytest.raises(LoginError, match="wrong"):
        await world.access(CLOSED).log_in(wrong, HERE)


async def test_who_tries_waits_and_a_right_one_in_time_does_not_help(world: World) -> None:
    access = world.access(CLOSED)
    for _ in range(FREE):
        with pytest.raises(LoginError, match="wrong"):
            await access.log_in("guessed", HERE)
    with pytest.raises(LoginError) as told:
        await access.log_in(OPERATOR, HERE)
    assert told.value.wait == 5.0
    assert (await access.log_in(OPERATOR, "198.51.100.1"))[1].scope is Scope.ADMIN
    world.now += timedelta(seconds=5)
    assert (await access.log_in(OPERATOR, HERE))[1].scope is Scope.ADMIN


async def test_many_tries_at_once_are_not_more_tries(world: World) -> None:
    access = world.access(CLOSED)
    found = await asyncio.gather(*(access.log_in("guessed", HERE) for _ in range(50)), return_exceptions=True)
    checked = [one for one in found if isinstance(one, LoginError) and not one.wait]
    assert len(checked) <= FREE


@pytest.mark.parametrize("scope", list(Scope))
async def test_a_token_lets_its_bearer_in_until_it_is_revoked(world: World, scope: Scope) -> None:
    access = world.access(CLOSED)
    token = await add_token(world.url, "grafana", scope, NOW, None)
    assert token.startswith(PREFIX)
    assert await access.grant(Credentials(bearer=token)) == Grant("grafana", scope, is_token=True)
    with pytest.raises(MonitorError, match="in force already"):
        await add_token(world.url, "grafana", scope, NOW, None)
    rows = await world.db.read(lambda one: one.execute(select(api_token)).all())
    assert not [row for row in rows if token in str(row)]
    ended = await revoke_token(world.url, "grafana", NOW)
    assert ended
    assert ended.in_force(NOW)
    assert await access.grant(Credentials(bearer=token)) is None
    again = await add_token(world.url, "grafana", scope, NOW, None)
    assert await access.grant(Credentials(bearer=again))
    assert await access.grant(Credentials(bearer=token)) is None
    assert len(all_tokens(world.url)) == 2


async def test_a_token_ends_when_it_was_to_end(world: World) -> None:
    access = world.access(WebSettings())
    token = await add_token(world.url, "trial", Scope.READ, NOW, timedelta(days=1))
    world.now += timedelta(days=1) - timedelta(seconds=1)
    assert await access.grant(Credentials(bearer=token))
    world.now += timedelta(seconds=1)
    assert await access.grant(Credentials(bearer=token)) is None


async def test_the_day_of_its_last_use_is_kept_once_a_day(world: World) -> None:
    access = world.access(CLOSED)
    token = await add_token(world.url, "grafana", Scope.READ, NOW, None)
    assert all_tokens(world.url)[0].last_used_on is None
    for _ in range(2):
        assert await access.grant(Credentials(bearer=token))
    assert all_tokens(world.url)[0].last_used_on == NOW.date()
    world.now += timedelta(minutes=1)
    assert await access.grant(Credentials(bearer=token))
    assert all_tokens(world.url)[0].last_used_on == world.now.date() != NOW.date()


@pytest.mark.parametrize("wrong", ["", "mon_", "x" * 10_000, "mon_\x00", "가", "\udc80"])
async def test_what_is_no_token_lets_nobody_in(world: World, wrong: str) -> None:
    access = world.access(CLOSED)
    await add_token(world.url, "grafana", Scope.ADMIN, NOW, None)
    assert await access.grant(Credentials(bearer=wrong, cookie=wrong, is_local=True)) is None
    assert await access.grant(Credentials(cookie=wrong or "x", is_local=True)) is None


async def test_nobody_is_revoked_by_a_name_that_nobody_has(world: World) -> None:
    assert await revoke_token(world.url, "nobody", NOW) is None


@pytest.mark.parametrize(
    ("has", "wanted", "may"),
    [
        ("read", "read", True),
        ("read", "write", False),
        ("write", "read", True),
        ("write", "admin", False),
        ("admin", "write", True),
        ("admin", "admin", True),
    ],
)
def test_each_scope_includes_those_before_it(has: str, wanted: str, may: bool) -> None:  # noqa: FBT001 - a column
    assert Scope(has).covers(Scope(wanted)) is may


def test_a_digest_is_no_secret() -> None:
    assert len(digest("x")) == 64
