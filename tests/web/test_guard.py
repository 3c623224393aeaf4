"""What no route sees, and what every answer carries."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from monitor.config.settings import WebSettings
from monitor.service import telemetry
from monitor.web import guard
from monitor.web.guard import ALWAYS, MOST_BODY, Guard, host_names
from monitor.web.pages.faults import as_page
from tests.web.asgi import Answer, ask


def deaf(_route: str, _method: str, _status: int, _seconds: float) -> None:
    """Hear of no answer."""


async def echo(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with how many bytes came."""
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


async def asked(settings: WebSettings | None = None, **request: Any) -> Answer:  # noqa: ANN401 - what `ask` takes
    return await ask(Guard(echo, settings or WebSettings(), deaf), **request)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8765",
        "localhost",
        "[::1]:1",
        "LocalHost:80",
        "10.1.1.1",
        "desk.example.com:443",
        "192.0.2.9:8765",
        "[2001:db8::9]:1",
    ],
)
async def test_its_own_names_are_answered(host: str) -> None:
    settings = WebSettings("10.1.1.1", 8765, hosts=("desk.example.com",), password="x" * 12)
    assert (await asked(settings, headers={"host": host})).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "2130706433",
        "notdesk.example.com",
        "0177.0.0.1",
    ],
)
async def test_a_name_that_leads_here_by_somebody_elses_will_is_refused(host: str) -> None:
    answer = await asked(WebSettings(hosts=("desk.example.com",)), headers={"host": host})
    assert answer.status == 421
    assert "web.hosts" in answer.json()["detail"]


@pytest.mark.parametrize("host", ["", "a b", "a/b", "a@b", "[::1]x"])
async def test_a_host_that_is_none_is_refused(host: str) -> None:
    assert (await asked(headers={"host": host})).status == 400


def test_an_ipv6_address_of_its_own_is_a_name() -> None:
    assert "[2001:db8::1]" in host_names(WebSettings("2001:DB8::1", 80, password="x" * 12))


FOREIGN = [
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:9999"},
    {"origin": "https://127.0.0.1:8765"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:8765"},
    {"sec-fetch-site": "cross-site", "authorization": "Bearer x"},
]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PROPFIND"])
@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_foreign_page_changes_nothing(method: str, headers: dict[str, str]) -> None:
    answer = await asked(method=method, headers={"host": "127.0.0.1:8765", **headers})
    assert answer.status == 403


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "http://127.0.0.1:8765"}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}],
)
async def test_our_own_pages_and_programs_may(headers: dict[str, str]) -> None:
    assert (await asked(method="POST", headers={"host": "127.0.0.1:8765", **headers})).status == 200


async def test_a_foreign_page_may_lead_here() -> None:
    answer = await asked(headers={"host": "127.0.0.1:8765", "sec-fetch-site": "cross-site"})
    assert answer.status == 200


@pytest.mark.parametrize("said", [True, False])
async def test_a_body_has_an_end(*, said: bool) -> None:
    body = b"x" * (MOST_BODY + 1)
    answer = await asked(method="POST", body=body, chunk=65_536, length=said)
    assert answer.status == 413
    assert (await asked(method="POST", body=body[:-1], chunk=65_536, length=said)).body == str(MOST_BODY).encode()


@pytest.mark.parametrize("said", ["abc", "-1", "9" * 400])
async def test_a_length_that_is_none_is_no_fault_of_ours(said: str) -> None:
    answer = await asked(method="POST", headers={"host": "localhost", "content-length": said})
    assert answer.status in {200, 413}


async def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.05)
    assert (await asked(method="POST", silent=True)).status == 408


async def test_an_answer_that_does_not_begin_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "ANSWER_SECONDS", 0.05)
    ended = asyncio.Event()

    async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    answer = await ask(Guard(never, WebSettings(), deaf))
    assert answer.status == 503
    await ended.wait()


async def test_a_stream_that_has_begun_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "ANSWER_SECONDS", 0.05)

    async def slow(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(0.2)
        await send({"type": "http.response.body", "body": b"end"})

    assert (await ask(Guard(slow, WebSettings(), deaf))).body == b"end"


async def test_a_fault_that_passes_every_handler_is_told_by_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    telemetry.configure("json")

    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("the secret of the inside")

    answer = await ask(Guard(broken, WebSettings(), deaf))
    assert answer.status == 500
    assert "secret" not in answer.text
    assert answer.json()["reference"] in "".join(capsys.readouterr())


async def test_every_answer_carries_the_headers() -> None:
    for answer in (await asked(), await asked(headers={"host": "evil"}), await asked(method="POST", body=b"x" * 2**21)):
        assert ALWAYS.items() <= answer.headers.items()
    assert "frame-ancestors 'none'" in ALWAYS["content-security-policy"]


async def test_an_answer_may_bring_its_own_headers() -> None:
    async def page(_scope: Scope, _receive: Receive, send: Send) -> None:
        own = [(b"Content-Security-Policy", b"default-src 'self'")]
        await send({"type": "http.response.start", "status": 200, "headers": own})
        await send({"type": "http.response.body", "body": b""})

    assert (await ask(Guard(page, WebSettings(), deaf))).headers["content-security-policy"] == "default-src 'self'"


async def test_what_is_no_request_is_left_alone() -> None:
    async def silence() -> Message:
        raise AssertionError

    async def nothing(_message: Message) -> None:
        raise AssertionError

    await Guard(echo, WebSettings(), deaf)({"type": "lifespan"}, silence, nothing)


def test_the_problem_is_one_of_the_standard() -> None:
    made = guard.too_large()
    assert made.media_type == "application/problem+json"
    assert json.loads(bytes(made.body)).keys() == {"type", "title", "status", "detail"}


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"method": "POST", "body": b"x" * (MOST_BODY + 1)}, 413),
        ({"headers": {"host": "localhost", "cookie": "x" * guard.MOST_HEAD}}, 431),
        ({"headers": {"host": "evil.example"}}, 421),
        ({"method": "POST", "headers": {"host": "localhost", "sec-fetch-site": "cross-site"}}, 403),
    ],
)
async def test_a_browser_reads_a_page(request_: dict[str, Any], status: int) -> None:
    guarded = Guard(echo, WebSettings(), deaf, as_page)
    for accept, kind in (("text/html,*/*", "text/html"), ("*/*", "application/problem+json")):
        headers = {"host": "localhost", **request_.get("headers", {}), "accept": accept}
        answer = await ask(guarded, **{**request_, "headers": headers})
        assert answer.status == status
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["x-content-type-options"] == "nosniff"
