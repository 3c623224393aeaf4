"""An installation with hits in its database, and a way to run commands on it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from monitor.channels.words.render import render
from monitor.cli import process
from monitor.cli.app import app as command_line
from monitor.cluster.choice import WINDOW, choose
from monitor.model.article import Article
from monitor.model.delivery import AttemptResult, DeliveryState
from monitor.model.hit import Hit, Match
from monitor.model.notification import Notification, Suppression
from monitor.model.plan import Channel, Interval, Plan, Rule, Source
from monitor.model.story import Signature
from monitor.store.db.database import Database
from monitor.store.db.migrate import upgrade
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.outbox import Outbox
from monitor.store.write.source_store import PollResult, SourceStore
from tests.contracts.invented import UNTOLD, Finding, Reading, keep
from tests.journeys.installation import Installation

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # noon in Seoul
HOSTILE = "=cmd|'/c calc'!A0 \x1b[31m[bold]속보[/bold]\x9b2J \u202eOpenAI"
SOURCES = [
    {"id": "herald", "name": "한빛일보", "kind": "list", "url": ["http://127.0.0.1:9/list"]},
    {"id": "daily", "name": "Daily", "kind": "feed", "url": ["http://127.0.0.1:9/rss"]},
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Any]:
        """Its output read as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class App:
    """An installation on disk."""

    installation: Installation

    def __call__(self, *words: str, stdin: bytes | str | None = None) -> Outcome:
        """Run a command in this process."""
        result: Result = CliRunner().invoke(command_line, list(words), input=stdin, env=self.installation.environ)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Outcome(result.exit_code, result.stdout, result.stderr)

    def rules(self, text: str) -> Path:
        """Replace the rules file."""
        path = self.installation.config / "rules.yaml"
        path.write_text(text, "utf-8")
        return path

    def deliveries(self) -> dict[str, str]:
        """Return the ids of all deliveries by their state."""
        return {state: row_id for row_id, state in self.installation.rows("SELECT id, state FROM v_deliveries")}


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> App:
    """Configuration files and no database yet; the clock stands at NOW."""
    installation = Installation(tmp_path, webhook="http://127.0.0.1:9/hook")
    installation.write(SOURCES)
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(process, "now", lambda: NOW)
    monkeypatch.setenv("COLUMNS", "200")
    return App(installation)


@pytest.fixture
def stocked(app: App) -> App:
    """The same with three hits: one sent, one given up, one that was there before."""
    url = f"sqlite:///{app.installation.database}"
    upgrade(url)
    asyncio.run(_stock(url))
    return app


def article(key: str, source: str, title: str, body: str) -> Article:
    """Return an article as a reader would have read it an hour ago."""
    seen = NOW - timedelta(hours=1)
    return Article(key, f"https://news.example/{key}", source, title, seen, body=body, authors=("김기자",))


def hit(rule: str, title: str, surface: str) -> Hit:
    """Return a hit of one mention in the headline."""
    start = title.index(surface)
    match = Match(rule, surface, "title", start, start + len(surface), surface, "bare")
    return Hit(rule, rule, "v1", (match,), f"…{surface}는 5일 발표했다…")


async def _stock(url: str) -> None:
    database = Database(url)
    try:
        await _plan(SourceStore(database))
        await _hits(ArticleStore(database, choose, WINDOW))
        await _attempts(Outbox(database))
    finally:
        await database.aclose()


async def _plan(source_store: SourceStore) -> None:
    sources = tuple(
        Source(str(row["id"]), str(row["name"]), "list", tuple(row["url"]), Interval(60.0)) for row in SOURCES
    )
    rule = Rule("openai", "OpenAI", "@openai", channels=("desk",))
    channel = Channel("desk", "webhook", "https://hooks.example")
    await source_store.sync_plan(Plan("v1", sources, (rule,), (channel,)), NOW - timedelta(days=1))
    for source, error in (("herald", ""), ("daily", "timeout: no answer within 20 s")):
        claimed = await source_store.claim_source(source, "me", NOW - timedelta(minutes=3), timedelta(minutes=1))
        assert claimed
        result = PollResult(source, "me", NOW + timedelta(minutes=2), error)
        await source_store.complete_poll(result, NOW - timedelta(minutes=3))


async def _hits(article_store: ArticleStore) -> None:
    for key, source, rule, title, surface, age, reason in (
        ("old", "herald", "stargate", "스타게이트, 첫 삽", "스타게이트", timedelta(days=3), Suppression.BASELINE),
        ("sent", "herald", "openai", "오픈AI, 서울에 사무소", "오픈AI", timedelta(hours=2), None),
        ("dead", "daily", "openai", HOSTILE, "OpenAI", timedelta(minutes=30), None),
    ):
        read = article(key, source, title, f"본문 {title}")
        finding = Finding(hit(rule, title, surface), (Notification("desk", rule, reason),))
        await keep(article_store, Reading(None, read, Signature(), (finding,)), render, NOW - age)


async def _attempts(outbox: Outbox) -> None:
    """The first message is taken, the second refused for good."""
    for result in (
        AttemptResult(DeliveryState.DONE, 200, "", 12.0),
        AttemptResult(DeliveryState.DEAD, 422, "refused \x1b[2J", 9.0),
    ):
        (row_id,) = await outbox.due_deliveries(NOW, 9)
        delivery = await outbox.claim_delivery(row_id, "me", NOW, timedelta(minutes=1))
        assert delivery
        await outbox.complete_delivery(delivery, result, NOW, UNTOLD)
