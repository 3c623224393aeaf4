"""NAVER WORKS: what a bot says, how its account gets a token, when a new one is asked for, what may be written."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.channels import jwt
from monitor.channels.kinds.naverworks import KIND, LIFE, TOKEN_URL
from monitor.model.delivery import Verdict
from monitor.model.errors import ConfigError, InvalidValueError, MessageError
from monitor.model.plan import Channel
from monitor.net.client import HttpClient
from monitor.service.configuration import load
from tests.channels.keys import curve_pem, rsa_key, rsa_pem
from tests.channels.kinds.test_chats import hit_body
from tests.channels.samples import ARTICLE, NOW, answered, delivery, posted, sending
from tests.channels.test_sender import limits
from tests.net.raw_server import RawServer, http
from tests.replica.token_service import TOKENS, TokenService, token_service

PATH = "/v1.0/bots/12/channels/ab-cd/messages"
SECRETS = ("canary-secret", "PRIVATE KEY", "kr1.token")


def works(server: RawServer | None = None, secret: str = SECRETS[0], identity: str = "desk") -> Channel:
    base = server.url("") if server else "https://www.worksapis.com"
    options = (("client_id", "app7"), ("service_account", "x.serviceaccount@desk"), ("token_url", base + TOKENS))
    private = (("client_secret", secret), ("private_key", rsa_pem()))
    return Channel(identity, "naverworks", base + PATH, options=options, private=private)


@pytest.fixture
async def service() -> AsyncIterator[tuple[TokenService, RawServer]]:
    async with token_service(rsa_key(2048).public_key()) as running:
        yield running


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    own = HttpClient(limits("127.0.0.0/8"))
    yield own
    await own.aclose()


def message(number: int = 1) -> bytes:
    return hit_body(f"오픈AI 소식 {number}")


async def test_one_token_serves_many_messages_until_shortly_before_its_end(
    client: HttpClient, service: tuple[TokenService, RawServer]
) -> None:
    state, server = service
    sender = sending(client)
    for minutes in (0, 1, 53, 55, 56):
        outcome = await sender.send(delivery(message()), works(server), NOW + timedelta(minutes=minutes))
        assert (outcome.verdict, outcome.status) == (Verdict.DELIVERED, 201)
    assert [token for _, token, _ in state.messages] == ["kr1.token-1=="] * 3 + ["kr1.token-2=="] * 2
    at = int(NOW.timestamp())
    assert state.claims[0] == {
        "iss": "app7",
        "sub": "x.serviceaccount@desk",
        "iat": at,
        "exp": at + LIFE,
        "scope": "bot",
        "grant": "urn:ietf:params:oauth:grant-type:jwt-bearer",
    }
    path, _, said = state.messages[0]
    assert path == PATH
    assert said["content"]["link"] == ARTICLE.url
    assert said["content"]["contentText"].startswith("[OpenAI] 오픈AI 소식 1\n")


async def test_channels_of_one_account_share_a_token_and_ask_once(
    client: HttpClient, service: tuple[TokenService, RawServer]
) -> None:
    state, server = service
    sender = sending(client)
    told = [sender.send(delivery(message(n)), works(server, identity=f"desk{n}"), NOW) for n in range(6)]
    assert {outcome.verdict for outcome in await asyncio.gather(*told)} == {Verdict.DELIVERED}
    assert len(state.claims) == 1


async def test_a_token_that_ended_early_is_asked_for_anew_once(
    client: HttpClient, service: tuple[TokenService, RawServer]
) -> None:
    state, server = service
    sender = sending(client)
    await sender.send(delivery(message()), works(server), NOW)
    state.good.clear()
    assert (await sender.send(delivery(message()), works(server), NOW)).verdict is Verdict.DELIVERED
    assert (len(state.claims), state.refused, len(state.messages)) == (2, 1, 2)


async def test_an_account_that_is_not_let_in_waits_to_be_mended_and_is_not_asked_for_ever(
    client: HttpClient, service: tuple[TokenService, RawServer]
) -> None:
    state, server = service
    state.useless = True
    outcome = await sending(client).send(delivery(message()), works(server), NOW)
    assert (outcome.verdict, outcome.status) == (Verdict.RETRY, 401)
    assert (len(state.claims), state.refused) == (2, 2)
    assert not [secret for secret in SECRETS if secret in repr(outcome)]


@pytest.mark.parametrize(
    ("answer", "status", "wait"),
    [
        (http(b'{"error":"invalid_grant"}', "400 Bad Request"), 400, None),
        (http(b"", "429 Too Many Requests", "Retry-After: 7"), 429, 7.0),
        (http(b"", "503 Service Unavailable"), 503, None),
        (http(b"", "410 Gone"), 410, None),
        (http(b"{}", "200 OK"), 200, None),
        (http(b'{"access_token":"a\\r\\nX-Evil: 1"}', "200 OK"), 200, None),
        (http(b'{"access_token":7}', "200 OK"), 200, None),
        (http(b"<html>", "200 OK"), 200, None),
        (http(b"", "302 Found", "Location: /elsewhere"), 302, None),
    ],
)
async def test_without_a_token_the_message_waits(
    client: HttpClient, service: tuple[TokenService, RawServer], answer: bytes, status: int, wait: float | None
) -> None:
    state, server = service
    state.answers.append(answer)
    sender = sending(client)
    outcome = await sender.send(delivery(message()), works(server), NOW)
    assert (outcome.verdict, outcome.status, outcome.retry_after) == (Verdict.RETRY, status, wait)
    assert outcome.detail.startswith("no token: ")
    assert state.messages == []
    assert (await sender.send(delivery(message()), works(server), NOW)).verdict is Verdict.DELIVERED


async def test_a_wrong_secret_is_told_without_it(client: HttpClient, service: tuple[TokenService, RawServer]) -> None:
    outcome = await sending(client).send(delivery(message()), works(service[1], "another-canary"), NOW)
    assert (outcome.verdict, outcome.status) == (Verdict.RETRY, 401)
    assert "another-canary" not in repr(outcome)


@pytest.mark.parametrize("life", [None, True, "soon", -1, 0, "0", 1e99, [], "99999999999"])
async def test_whatever_life_a_service_gives_a_token(
    client: HttpClient, service: tuple[TokenService, RawServer], life: object
) -> None:
    service[0].life = life
    outcome = await sending(client).send(delivery(message()), works(service[1]), NOW)
    assert outcome.verdict is Verdict.DELIVERED


async def test_a_service_that_is_silent_is_left_within_one_deadline(service: tuple[TokenService, RawServer]) -> None:
    own = HttpClient(limits("127.0.0.0/8", timeout=0.3))
    service[0].answers.append(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n")
    outcome = await sending(own).send(delivery(message()), works(service[1]), NOW)
    await own.aclose()
    assert (outcome.verdict, outcome.status) == (Verdict.RETRY, None)
    assert outcome.detail.startswith("timeout")


async def test_a_closed_address_gives_no_token(service: tuple[TokenService, RawServer]) -> None:
    own = HttpClient(limits())
    outcome = await sending(own).send(delivery(message()), works(service[1]), NOW)
    await own.aclose()
    assert outcome.detail.startswith("blocked_address")
    assert service[1].connections == 0


def test_a_limit_tells_when_it_ends() -> None:
    said = answered(429, {"ratelimit-reset": "31"}, b'{"code":"TOO_MANY_REQUESTS"}')
    assert KIND.judge(said, works(), NOW).retry_after == 31
    assert KIND.judge(replace(said, status=500), works(), NOW).retry_after == 31
    assert KIND.judge(replace(said, status=201), works(), NOW).retry_after is None


@pytest.mark.parametrize("text", ['<m userId="all">', "</m>", "<M userid='x'>", "@all"])
def test_nobody_is_called(text: str) -> None:
    said = posted(KIND, delivery(hit_body(text, text, text, text)), works()).body.decode()
    assert not re.search(r"</?m\b|@all", said, re.IGNORECASE)


def test_a_link_that_is_too_long_stays_out() -> None:
    body = hit_body("제목").replace(ARTICLE.url.encode(), b"https://a.example/" + b"x" * 1_000)
    assert b'"type":"text"' in posted(KIND, delivery(body), works()).body


@pytest.mark.parametrize("key", ["client_id", "client_secret", "service_account", "private_key"])
def test_a_channel_without_a_key_sends_nothing(key: str) -> None:
    channel = works()
    options = tuple(pair for pair in channel.options if pair[0] != key)
    private = tuple(pair for pair in channel.private if pair[0] != key)
    with pytest.raises(MessageError, match=key):
        KIND.compose(delivery(message()), replace(channel, options=options, private=private), NOW)


NO_KEYS: Mapping[str, Callable[[], str]] = {
    "empty": lambda: "",
    "word": lambda: "x",
    "broken": lambda: "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
    "short": lambda: rsa_pem(1024),
    "locked": lambda: rsa_pem(2048, b"pass"),
    "curve": curve_pem,
}


@pytest.mark.parametrize("kind", NO_KEYS)
def test_what_is_no_key(kind: str) -> None:
    key = NO_KEYS[kind]()
    with pytest.raises(InvalidValueError, match="RSA private key"):
        jwt.private_key(key)
    with pytest.raises(MessageError):
        jwt.rs256({"a": 1}, key)


def test_a_key_may_stand_on_one_line() -> None:
    assert jwt.private_key(rsa_pem().replace("\n", "\\n")) == rsa_pem()


WRITTEN = """channels:
  - id: works
    kind: naverworks
    url: https://www.worksapis.com/v1.0/bots/12/users/kim@desk/messages
    client_id: app7
    client_secret: canary-secret
    service_account: x.serviceaccount@desk
    private_key_file: key.pem
"""


def read(folder: Path, text: str) -> Channel:
    (folder / "sources.yaml").write_text(
        "sources: [{id: a, kind: feed, url: 'https://a.example/', every: 5m}]", "utf-8"
    )
    (folder / "channels.yaml").write_text(text, "utf-8")
    (folder / "key.pem").write_text(rsa_pem(), "utf-8")
    (channel,) = load(folder, {}).plan.channels
    return channel


def test_a_channel_as_it_is_written(tmp_path: Path) -> None:
    channel = read(tmp_path, WRITTEN)
    asked = posted(KIND, delivery(message()), channel).token
    assert asked is not None
    assert asked.ask().url == TOKEN_URL
    assert not [secret for secret in SECRETS if secret in repr(channel)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    client_id: app7\n", "", "needs `client_id`"),
        ("    client_secret: canary-secret\n", "", "needs `client_secret`"),
        ("    service_account: x.serviceaccount@desk\n", "", "needs `service_account`"),
        ("    private_key_file: key.pem\n", "", "needs `private_key`"),
        ("private_key_file: key.pem", "private_key: canary-secret", "RSA private key"),
        ("/messages", "", "no address for messages of a bot"),
        ("/v1.0/bots", "/v1.0/rooms", "no address for messages of a bot"),
        ("canary-secret", '"canary-secret two"', "one word"),
        ("kind: naverworks", "kind: lineworks", "naverworks"),
    ],
)
def test_what_is_written_wrongly_is_said_with_its_mend(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, WRITTEN.replace(old, new))
    assert said in str(caught.value)
    assert "canary-secret" not in str(caught.value)


def test_without_the_package_the_check_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jwt, "find_spec", lambda _: None)
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, WRITTEN)
    assert [problem.code for problem in caught.value.problems] == ["CFG042"]
    assert "monitor[naverworks]" in str(caught.value)
    with pytest.raises(MessageError, match="not installed"):
        jwt.rs256({"a": 1}, rsa_pem())
