"""Apprise: plain words that nothing takes for markup, really sent; what it cannot tell, and what is said of that."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.kinds import apprise as kind
from monitor.channels.kinds.apprise import KIND
from monitor.model.delivery import Verdict
from monitor.model.errors import ConfigError, MessageError
from monitor.model.plan import Channel
from monitor.net.apprise_client import AppriseClient
from monitor.service.configuration import load
from monitor.service.reachable import closed_addresses
from tests.channels.kinds.receivers import receiver_of
from tests.channels.kinds.test_chats import HOSTILE, hit_body
from tests.channels.samples import ARTICLE, NOW, delivery, sending
from tests.net.raw_server import RawServer, fixed, http, serving

DESK = receiver_of("apprise")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the library, as it loads its services


@pytest.fixture
async def relay() -> AsyncIterator[AppriseClient]:
    own = AppriseClient(10.0)
    yield own
    await own.aclose()


def to(server: RawServer) -> Channel:
    return replace(DESK, url=f"json://127.0.0.1:{server.port}/T0-canary-7")


async def test_a_message_is_taken(relay: AppriseClient) -> None:
    async with serving(fixed(http(b"ok"))) as server:
        outcome = await sending(relay=relay).send(delivery(hit_body("오픈AI, 투자 <속보>")), to(server), NOW)
    assert (outcome.verdict, outcome.status, outcome.detail) == (Verdict.DELIVERED, None, "taken, as Apprise says")
    (body,) = server.bodies
    said = json.loads(body)
    assert said["title"] == "[OpenAI] 오픈AI, 투자 <속보>"
    assert said["message"].endswith(ARTICLE.url)
    assert "미디어펜" in said["message"]


@pytest.mark.parametrize(
    "status", ["400 Bad Request", "404 Not Found", "410 Gone", "429 Too Many Requests", "503 Unavailable"]
)
async def test_whatever_refuses_is_tried_again(relay: AppriseClient, status: str) -> None:
    async with serving(fixed(http(b"T0-canary-7", status))) as server:
        outcome = await sending(relay=relay).send(delivery(hit_body("제목")), to(server), NOW)
    assert (outcome.verdict, outcome.status, outcome.retry_after) == (Verdict.RETRY, None, None)
    assert "did not take it" in outcome.detail
    assert "canary" not in repr(outcome)


async def test_one_that_hangs_is_left_at_the_deadline() -> None:
    own, freed = AppriseClient(0.3), asyncio.Event()

    async def hang(_caller: object) -> None:
        await freed.wait()

    async with serving(hang) as server:
        outcome = await sending(relay=own).send(delivery(hit_body("제목")), to(server), NOW)
        freed.set()
    await own.aclose()
    assert outcome.verdict is Verdict.RETRY
    assert outcome.detail.startswith("timeout")


async def test_nobody_listening_and_no_service_are_tried_again(relay: AppriseClient) -> None:
    for url in ("json://127.0.0.1:9/T0-canary-7", "nonsense://T0-canary-7", "json://[/T0-canary-7"):
        outcome = await sending(relay=relay).send(delivery(hit_body("제목")), replace(DESK, url=url), NOW)
        assert outcome.verdict is Verdict.RETRY
        assert "canary" not in repr(outcome)


def tells(text: str) -> Sequence[str]:
    """Return title and text of a message in which a stranger wrote `text` everywhere, without the address."""
    request = KIND.compose(delivery(hit_body(text, text, text[:3] or "x", text)), DESK, NOW)
    return request.title, request.text.removesuffix(ARTICLE.url)


@pytest.mark.parametrize("text", [HOSTILE, "<!channel>", "@everyone", "<@U1>", "<img src=x>", "</b>"])
def test_nothing_is_a_tag_or_a_mention(text: str) -> None:
    for told in tells(text):
        assert not re.search(r"<[!@#&/a-z]|@\w", told, re.IGNORECASE)


@given(st.text(max_size=3_000))
def test_any_headline_makes_a_message_of_bounded_length(text: str) -> None:
    title, told = tells(text)
    assert len(title) <= 250
    assert len(told) <= 1_500


def test_the_address_stays_hidden_and_a_missing_one_is_an_error() -> None:
    assert "T0-secret" not in repr(KIND.compose(delivery(hit_body("제목")), DESK, NOW))
    with pytest.raises(MessageError, match="no URL"):
        KIND.compose(delivery(hit_body("제목")), replace(DESK, url=""), NOW)


WRITTEN = "channels:\n  - id: desk\n    kind: apprise\n    url: json://10.0.0.1/T0-canary-7\n"


def written(folder: Path, text: str = WRITTEN) -> None:
    (folder / "sources.yaml").write_text(
        "sources: [{id: a, kind: feed, url: 'https://a.example/', every: 5m}]", "utf-8"
    )
    (folder / "rules.yaml").write_text("rules: [{id: a, match: b, channels: [desk]}]", "utf-8")
    (folder / "channels.yaml").write_text(text, "utf-8")


def test_the_check_says_what_apprise_cannot_do_and_of_no_guard(tmp_path: Path) -> None:
    written(tmp_path)
    loaded = load(tmp_path, {})
    (warning,) = loaded.warnings
    assert (warning.code, warning.line) == ("CFG106", 3)
    for word in ("not known", "twice", "allow_networks"):
        assert word in warning.message
    assert list(closed_addresses(loaded)) == []


@pytest.mark.parametrize(
    "url", ["nonsense://T0-canary-7/x", "slack://T0-canary-7", "T0-canary-7", "json://a b/T0-canary-7"]
)
def test_an_address_that_apprise_does_not_know_is_refused(tmp_path: Path, url: str) -> None:
    written(tmp_path, WRITTEN.replace("json://10.0.0.1/T0-canary-7", url))
    with pytest.raises(ConfigError, match="Apprise URL") as caught:
        load(tmp_path, {})
    assert "canary-7" not in str(caught.value)


async def test_without_the_package_the_check_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, relay: AppriseClient
) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    written(tmp_path)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})
    assert [problem.code for problem in caught.value.problems] == [kind.LIBRARY]
    assert "monitor[apprise]" in str(caught.value)
    outcome = await sending(relay=relay).send(delivery(hit_body("제목")), DESK, NOW)
    assert outcome.verdict is Verdict.RETRY
    assert "monitor[apprise]" in outcome.detail
