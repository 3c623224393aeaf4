"""A sample goes through the real sender, and its outcome is said with what to do."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from monitor.channels.words.schemas import types
from monitor.config.settings import DeliverSettings, Settings
from monitor.model.delivery import Outcome, Verdict
from monitor.model.errors import FetchReason
from monitor.model.plan import Channel
from monitor.model.records import ChannelRecord
from monitor.service.sample_sending import action, line_notes, send_sample
from tests.journeys.installation import SECRET
from tests.patience import PATIENCE
from tests.replica.mail_server import MailServerReplica
from tests.replica.receiver import Receiver, Reply

CANARY = "canary-path-4711"
FARES = ChannelRecord("desk", "webhook", "open", None, "", 0, 0, 0, None, None, None)


@pytest.fixture
def settings() -> Settings:
    """Settings that let messages out to loopback, with a patient deadline."""
    return Settings(deliver=replace(DeliverSettings(), timeout=PATIENCE, allow_networks=(ip_network("127.0.0.0/8"),)))


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """One that checks signatures and refuses what is not signed."""
    async with Receiver(secrets=(SECRET,), refuse_unverified=True) as own:
        yield own


def present() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the receiver checks the age of a signature


@pytest.mark.parametrize("name", types())
async def test_a_receiver_gets_one_signed_message_that_says_it_is_a_test(
    settings: Settings, receiver: Receiver, name: str
) -> None:
    sent = await send_sample(settings, Channel("desk", "webhook", receiver.url, (SECRET,)), name, present())
    assert (sent.taken, sent.status, sent.action, sent.type) == (True, 200, "", name)
    (post,) = receiver.posts
    body = json.loads(post.body)
    assert (post.verified, post.id, post.seq, body["type"], body["data"]["test"]) == (True, sent.id, 0, name, True)


@pytest.mark.parametrize(
    ("reply", "status", "means", "todo"),
    [
        (Reply(404, body=f"no {CANARY} here".encode()), 404, "refused", "correct `url`"),
        (Reply(410), 410, "refused for good", "make a new one"),
        (Reply(503), 503, "not now", "the fault is on its side"),
        (Reply(307, {"location": "/other"}), 307, "refused", "redirects are not followed"),
        (Reply(429, {"retry-after": "7"}), 429, "not now", "try again later"),
        (Reply(422), 422, "refused", "does not take the form"),
        (Reply(418), 418, "refused", "words say why"),
        (Reply(drop=True), None, "not now", ""),
    ],
)
async def test_what_it_answers_is_said_without_secrets_and_with_what_to_do(
    settings: Settings, receiver: Receiver, reply: Reply, status: int | None, means: str, todo: str
) -> None:
    receiver.then(reply)
    desk = Channel("desk", "webhook", f"{receiver.url}/{CANARY}", (SECRET,))
    sent = await send_sample(settings, desk, "test", present())
    assert (sent.taken, sent.status) == (False, status)
    assert sent.means.startswith(means)
    assert todo in sent.action
    assert sent.action
    assert CANARY not in repr(sent)
    assert len(receiver.posts) == 1


async def test_a_wrong_key_is_refused_and_named(settings: Settings, receiver: Receiver) -> None:
    sent = await send_sample(settings, Channel("desk", "webhook", receiver.url), "test", present())
    assert (sent.taken, sent.status) == (False, 401)
    assert "`secret`" in sent.action


async def test_a_receiver_that_says_nothing_is_given_up_at_the_deadline(settings: Settings, receiver: Receiver) -> None:
    receiver.then(Reply(delay=60))
    settings = replace(settings, deliver=replace(settings.deliver, timeout=0.2))
    sent = await send_sample(settings, Channel("desk", "webhook", receiver.url, (SECRET,)), "test", present())
    assert (sent.status, sent.answer.partition(":")[0]) == (None, "timeout")
    assert "deliver.timeout" in sent.action


async def test_a_private_address_is_refused_with_what_opens_it(settings: Settings) -> None:
    desk = Channel("desk", "webhook", "http://10.255.255.1/hook")
    sent = await send_sample(settings, desk, "test", present())
    assert (sent.status, sent.answer.partition(":")[0]) == (None, FetchReason.BLOCKED_ADDRESS)
    assert "deliver.allow_networks" in sent.action


@pytest.mark.parametrize("kind", ["slack", "discord", "teams", "mattermost", "googlechat", "jandi", "dooray", "ntfy"])
async def test_a_chat_shows_that_it_is_a_test(settings: Settings, kind: str) -> None:
    async with Receiver() as receiver:
        desk = Channel("desk", kind, receiver.url)
        sent = await send_sample(settings, desk, "test", present())
        assert (sent.taken, sent.kind) == (True, kind)
        assert "시험" in json.dumps(json.loads(receiver.posts[0].body), ensure_ascii=False)


async def test_a_letter_is_a_test_as_well(settings: Settings) -> None:
    async with MailServerReplica() as mail:
        options = (("from", "Desk <desk@example.com>"), ("to", "a@example.com"))
        desk = Channel("desk", "email", f"smtp://127.0.0.1:{mail.port}?tls=none", options=options)
        sent = await send_sample(settings, desk, "hit.created", present())
        refused = await send_sample(settings, replace(desk, options=(options[0], ("to", "nobody"))), "test", present())
    assert (sent.taken, sent.status) == (True, 250)
    assert len(mail.letters) == 1
    assert (refused.taken, refused.status, bool(refused.action)) == (False, None, True)


async def test_a_format_that_fails_is_taken_and_said(settings: Settings, receiver: Receiver) -> None:
    options = (("format", "template"), ("template", "{{ data.rule.name.nothing.at.all }}"))
    desk = Channel("desk", "webhook", receiver.url, (SECRET,), options=options)
    sent = await send_sample(settings, desk, "hit.created", present())
    assert (sent.taken, sent.status) == (True, 200)
    assert sent.action.startswith("mend it, alerts go out so as well: the template failed, sent as standard")
    assert json.loads(receiver.posts[0].body)["type"] == "hit.created"


def test_every_reason_below_http_has_something_to_do() -> None:
    for reason in FetchReason:
        assert action(Outcome(Verdict.RETRY, None, f"{reason.value}: …", 0.0))


@pytest.mark.parametrize(
    ("verdict", "status", "said"),
    [
        (Verdict.RETRY, 451, "words"),
        (Verdict.REJECTED, 550, "words"),
        (Verdict.RETRY, 401, "key"),
        (Verdict.RETRY, 599, "log"),
    ],
)
def test_codes_of_mail_and_tokens_are_not_taken_for_those_of_a_web_server(
    verdict: Verdict, status: int, said: str
) -> None:
    assert said in action(Outcome(verdict, status, str(status), 0.0))


def test_whom_a_mail_server_left_out_is_said() -> None:
    assert "kim@a.example" in action(Outcome(Verdict.DELIVERED, 250, "250", 0.0, left_out="kim@a.example: 550"))


def test_the_line_beside_the_sample_is_said() -> None:
    desk = Channel("desk", "webhook", "https://hooks.example/desk")
    off = replace(desk, enabled=False)
    assert line_notes(desk, FARES, known=True) == ()
    assert line_notes(desk, None, known=False) == ()
    cases = (
        (off, FARES, "switched off"),
        (desk, None, "monitor reload"),
        (desk, replace(FARES, state="off", reason="no URL"), "monitor reload"),
        (
            desk,
            replace(FARES, state="shut", reason="410", waiting=3),
            "messages that wait: 3: `monitor channels open desk`",
        ),
        (desk, replace(FARES, state="failing", reason="503 busy", waiting=1), "not taken (503 busy)"),
    )
    for channel, fares, said in cases:
        (note,) = line_notes(channel, fares, known=True)
        assert said in note
