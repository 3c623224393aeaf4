"""An address that nobody listed, tried live: by monitor explain and monitor doctor --trace, against a real server."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from monitor.service.app import App as Opened
from monitor.store.db.database import Database
from monitor.store.write.source_store import SourceStore
from tests.cli.conftest import NOW, SOURCES, App

TITLE = "오픈AI, 부산에 사무소를 연다"
TEXT = "오픈AI는 부산에 사무소를 연다고 5일 밝혔다. 직원은 서른 명이다. 도쿄와 서울 다음이다. 시장은 반겼다. "
STEPS = ["robots", "fetch", "extract", "match", "story", "tell"]


def page(title: str, text: str) -> bytes:
    """Return an article page of several paragraphs."""
    body = "".join(f"<p>{text}</p>" for _ in range(5))
    head = f"<title>{title}</title><meta property='og:title' content='{title}'>"
    return f"<html lang=ko><head><meta charset=utf-8>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>".encode()


class Paper(BaseHTTPRequestHandler):
    """A newspaper of few pages, of which robots may read all but those under /closed/."""

    pages: ClassVar[dict[str, bytes]] = {
        "/robots.txt": b"User-agent: *\nDisallow: /closed/\n",
        "/news/1": page(TITLE, TEXT),
        "/news/2": page("날씨가 맑다", "오늘은 전국이 맑겠다. 내일도 맑겠다. "),
        "/news/3": page("오픈AI스러운 하루 \u202e\u0007속보", "오픈AI스러운 일이 있었다. 모두 웃었다. "),
        "/closed/4": page(TITLE, TEXT),
        "/empty": b"<html></html>",
    }

    def do_GET(self) -> None:
        """Answer with a page, or 404."""
        body = self.pages.get(self.path.partition("?")[0])
        self.send_response(404 if body is None else 200)
        self.send_header("content-type", "text/plain" if self.path == "/robots.txt" else "text/html; charset=utf-8")
        self.send_header("content-length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[str]:
    """Serve the newspaper on the loopback; yield its base URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Paper) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def running(stocked: App) -> App:
    """The installation with hits, and the plan of its files in force."""
    asyncio.run(_in_force(stocked))
    return stocked


async def _in_force(stocked: App) -> None:
    environ = stocked.installation.environ
    with Opened(folder=stocked.installation.config, environ=environ) as opened:
        plan = (await opened.prepare()).plan
    database = Database(f"sqlite:///{stocked.installation.database}")
    try:
        await SourceStore(database).sync_plan(plan, NOW)
    finally:
        await database.aclose()


@pytest.fixture
def base() -> Iterator[str]:
    """The newspaper, served."""
    with served() as url:
        yield url


def explained(app: App, *words: str) -> dict[str, Any]:
    outcome = app("explain", *words, "--format", "json")
    assert outcome.code == 0, outcome.err
    found: dict[str, Any] = json.loads(outcome.out)
    return found


def words(found: dict[str, Any]) -> str:
    return "; ".join(cause["words"] for cause in found["why"])


def rows(app: App) -> list[tuple[Any, ...]]:
    tables = ("article", "entry", "hit", "notification", "delivery", "story")
    return [(name, *app.installation.rows(f"SELECT count(*) FROM {name}")[0]) for name in tables]  # noqa: S608 - our own names


def test_an_address_that_nobody_listed_is_tried_and_nothing_is_stored(running: App, base: str) -> None:
    before = rows(running)
    found = explained(running, f"{base}/news/1?utm_source=x")
    assert (found["fate"], found["live"], found["read"]["article_id"]) == ("tried", True, None)
    assert [(step["step"], step["ok"]) for step in found["steps"]] == [(name, True) for name in STEPS]
    assert "no list or feed has shown it" in words(found)
    assert "rule openai would hit; desk: at once" in words(found)
    assert [(one["rule"], one["channel"], one["outcome"]) for one in found["hearing"]] == [
        ("openai", "desk", "at once")
    ]
    assert found["notifications"] == []
    assert rows(running) == before


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/closed/4", "tried just now: robots failed: robots: robots.txt disallows it"),
        ("/news/9", "tried just now: fetch failed: status: the server answered 404"),
        ("/empty", "tried just now: extract failed: the page holds no article"),
    ],
)
def test_the_step_that_ends_it_is_named(running: App, base: str, path: str, said: str) -> None:
    found = explained(running, base + path)
    assert said in words(found)
    assert [step["ok"] for step in found["steps"]][-1] is False
    assert (found["fate"], found["read"]) == ("tried", None)
    assert running("doctor", "--trace", base + path).code == 1


def test_what_no_rule_meets_says_what_came_near(running: App, base: str) -> None:
    found = explained(running, f"{base}/news/3")
    assert found["hearing"] == []
    (rule,) = found["rules"]
    assert (rule["rule"]["id"], rule["matches_now"]) == ("openai", False)
    assert rule["refused"][0]["surface"] == "오픈AI"
    assert explained(running, f"{base}/news/2")["rules"] == []
    assert explained(running, f"{base}/news/2", "--rule", "openai")["rules"][0]["missing"] == ["@openai"]


def test_offline_nothing_is_fetched(running: App, base: str) -> None:
    found = explained(running, f"{base}/news/1", "--offline")
    assert (found["fate"], found["live"], found["steps"]) == ("never_listed", False, [])


def test_a_trace_shows_every_step_with_its_time_and_who_would_hear(running: App, base: str) -> None:
    before = rows(running)
    outcome = running("doctor", "--trace", f"{base}/news/1")
    assert outcome.code == 0, outcome.err
    lines = outcome.out.splitlines()
    assert [line.split()[1] for line in lines if line.startswith("   ok   ")] == STEPS
    assert any(line.startswith("   ok   fetch (") and "status 200" in line for line in lines)
    assert any("title by meta" in line for line in lines)
    assert "   openai: would hit" in lines
    assert any("title 0-4 «오픈AI»" in line for line in lines)
    assert any("rule openai -> desk (named by the rule): at once" in line for line in lines)
    assert rows(running) == before


def test_a_trace_needs_no_database(app: App, base: str) -> None:
    outcome = app("doctor", "--trace", f"{base}/news/1")
    assert outcome.code == 0, outcome.err
    assert "there is no database to ask yet" in outcome.out


def test_a_source_of_the_host_says_which_rules_look_there(running: App, base: str) -> None:
    running.installation.write(
        [{**SOURCES[0], "url": [f"{base}/list"]}, SOURCES[1]],
        [{"id": "openai", "match": "@openai", "channels": ["desk"], "sources": ["daily"]}],
    )
    outcome = running("doctor", "--trace", f"{base}/news/1")
    assert outcome.code == 0, outcome.err
    assert "sources of its host: herald" in outcome.out
    assert "openai: its words are there, but it looks only at daily" in outcome.out
    assert "nothing to tell: no rule hits" in outcome.out


def test_a_silence_and_a_hostile_title(running: App, base: str) -> None:
    assert running("silence", "add", "--rule", "openai", "--until", "2h", "--why", "launch day").code == 0
    found = explained(running, f"{base}/news/1")
    assert [one["outcome"] for one in found["hearing"]] == ["not told"]
    assert "launch day" in found["hearing"][0]["why"][0]
    assert not {"\u202e", "\u0007"} & set(running("doctor", "--trace", f"{base}/news/3").out)


@pytest.mark.parametrize(
    "options",
    [
        ["--trace", "https://news.example/", "herald"],
        ["--trace", "https://news.example/", "--quick"],
        ["--trace", "4711"],
    ],
)
def test_a_trace_takes_an_address_and_stands_alone(running: App, options: list[str]) -> None:
    assert running("doctor", *options).code in {1, 2}
