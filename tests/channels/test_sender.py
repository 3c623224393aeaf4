"""One attempt, from the outbox's bytes to an outcome: through real sockets, and against broken parts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from itertools import count

import pytest

from monitor.channels.words.render import render
from monitor.model.delivery import Outcome, Verdict
from monitor.model.errors import FetchError, FetchReason
from monitor.model.page import Response
from monitor.model.plan import Channel
from monitor.net.client import HttpClient, Limits
from monitor.pipeline.ports import Sender
from tests.channels.samples import CONTEXT, NOW, OTHER_SECRET, SECRET, answered, channel, delivery, sending
from tests.replica.receiver import Receiver, Reply

BODY = render(CONTEXT, 17)


def limits(*networks: str, timeout: float = 10.0) -> Limits:
    """Return limits that let a post reach the given networks."""
    return Limits(timeout, 100_000, "monitor-test", tuple(ip_network(network) for network in networks))


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    """The product's own HTTP client, allowed to reach loopback."""
    own = HttpClient(limits("127.0.0.0/8"))
    yield own
    await own.aclose()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A receiver that verifies signatures and ignores the age of messages: tests bring their own clock."""
    async with Receiver(secrets=(SECRET,), check_age=False, refuse_unverified=True) as own:
        yield own


class Scripted:
    """A client that answers or fails as told, and keeps what it was asked."""

    def __init__(self, told: Response | BaseException) -> None:
        self.told = told
        self.asked: list[str] = []

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Response:
        """Return or raise what was told."""
        self.asked.append(f"{url} {len(body)} {len(headers)}")
        if isinstance(self.told, BaseException):
            raise self.told
        return self.told

    async def change(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Response:
        """Return or raise what was told."""
        self.asked.append(method)
        return await self.post(url, body, headers)


async def test_a_receiver_takes_a_signed_message(client: HttpClient, receiver: Receiver) -> None:
    sender: Sender = sending(client)
    outcome = await sender.send(delivery(BODY), channel(receiver.url, SECRET), NOW)
    assert (outcome.verdict, outcome.status, outcome.detail) == (Verdict.DELIVERED, 200, "200: ok")
    assert outcome.elapsed_ms > 0
    (post,) = receiver.posts
    assert post.verified
    assert post.body == BODY
    assert (post.id, post.seq, post.attempt) == ("0193-delivery", 17, 1)
    assert post.headers["content-type"] == "application/json"
    assert post.headers["user-agent"] == "monitor-test"
    assert json.loads(post.body)["data"]["article"]["title"] == "오픈AI, 스타게이트에 투자"


async def test_an_honest_clock_passes_the_age_check(client: HttpClient) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - the receiver checks ages by the real clock
    async with Receiver(secrets=(SECRET,), refuse_unverified=True) as strict:
        for at in (now, now - timedelta(hours=1)):
            await sending(client).send(delivery(BODY), channel(strict.url, SECRET), at)
    assert [post.verified for post in strict.posts] == [True, False]


@pytest.mark.parametrize("held", [SECRET, OTHER_SECRET])
async def test_while_a_secret_is_exchanged_both_sides_of_it_verify(client: HttpClient, held: str) -> None:
    async with Receiver(secrets=(held,), check_age=False, refuse_unverified=True) as strict:
        outcome = await sending(client).send(delivery(BODY), channel(strict.url, SECRET, OTHER_SECRET), NOW)
    assert outcome.verdict is Verdict.DELIVERED


async def test_a_wrong_secret_is_a_rejection(client: HttpClient, receiver: Receiver) -> None:
    outcome = await sending(client).send(delivery(BODY), channel(receiver.url, OTHER_SECRET), NOW)
    assert (outcome.verdict, outcome.status) == (Verdict.REJECTED, 401)
    assert outcome.detail.startswith("401: ")
    assert "No matching signature found" in outcome.detail


@pytest.mark.parametrize(
    ("reply", "verdict", "wait"),
    [
        (Reply(204), Verdict.DELIVERED, None),
        (Reply(500), Verdict.RETRY, None),
        (Reply(429, {"retry-after": "7"}), Verdict.RETRY, 7.0),
        (Reply(503, {"retry-after": "Tue, 24 Nov 2026 01:30:05 GMT"}), Verdict.RETRY, 3599.879001),
        (Reply(429, {}, b'{"retry_after":0.25}'), Verdict.RETRY, 0.25),
        (Reply(410), Verdict.CHANNEL_GONE, None),
        (Reply(404), Verdict.REJECTED, None),
        (Reply(endless=True), Verdict.DELIVERED, None),
        (Reply(500, endless=True), Verdict.RETRY, None),
    ],
)
async def test_answers_through_real_sockets(
    client: HttpClient, receiver: Receiver, reply: Reply, verdict: Verdict, wait: float | None
) -> None:
    receiver.then(reply)
    outcome = await sending(client).send(delivery(BODY), channel(receiver.url, SECRET), NOW)
    assert (outcome.verdict, outcome.status) == (verdict, reply.status)
    assert outcome.retry_after == (None if wait is None else pytest.approx(wait))
    assert len(outcome.detail) < 260


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(client: HttpClient, receiver: Receiver, status: int) -> None:
    receiver.then(Reply(status, {"location": receiver.url}))
    outcome = await sending(client).send(delivery(BODY), channel(receiver.url, SECRET), NOW)
    assert (outcome.verdict, outcome.status) == (Verdict.REJECTED, status)
    assert len(receiver.posts) == 1


async def test_a_cut_connection_is_tried_again_under_the_same_id(client: HttpClient, receiver: Receiver) -> None:
    receiver.then(Reply(drop=True))
    sender = sending(client)
    outcomes = [await sender.send(delivery(BODY, n), channel(receiver.url, SECRET), NOW) for n in (1, 2)]
    assert [outcome.verdict for outcome in outcomes] == [Verdict.RETRY, Verdict.DELIVERED]
    assert outcomes[0].status is None
    assert [(post.id, post.attempt, post.body) for post in receiver.posts] == [
        ("0193-delivery", 1, BODY),
        ("0193-delivery", 2, BODY),
    ]


async def test_a_silent_receiver_is_left_at_the_deadline() -> None:
    own = HttpClient(limits("127.0.0.0/8", timeout=0.3))
    async with Receiver() as silent:
        silent.then(Reply(delay=3600))
        outcome = await sending(own).send(delivery(BODY), channel(silent.url), NOW)
        await own.aclose()
    assert (outcome.verdict, outcome.status) == (Verdict.RETRY, None)
    assert outcome.detail.startswith("timeout")


async def test_nobody_listening_is_a_retry(client: HttpClient) -> None:
    async with Receiver() as gone:
        pass
    outcome = await sending(client).send(delivery(BODY), channel(gone.url), NOW)
    assert (outcome.verdict, outcome.status) == (Verdict.RETRY, None)
    assert outcome.detail.startswith("connect")


async def test_a_private_address_waits_to_be_mended_and_is_never_contacted(receiver: Receiver) -> None:
    own = HttpClient(limits())
    outcome = await sending(own).send(delivery(BODY), channel(receiver.url + "/xoxb-canary-7"), NOW)
    await own.aclose()
    assert (outcome.verdict, outcome.status) == (Verdict.RETRY, None)
    assert outcome.detail.startswith("blocked_address")
    assert "xoxb-canary-7" not in outcome.detail
    assert receiver.posts == []


@pytest.mark.parametrize(
    "reply", [Reply(404, {}, b"Cannot POST /hook/xoxb-canary-7 on %s" % SECRET.encode()), Reply(drop=True)]
)
async def test_what_comes_back_never_names_path_or_secret(client: HttpClient, receiver: Receiver, reply: Reply) -> None:
    receiver.then(reply)
    outcome = await sending(client).send(delivery(BODY), channel(receiver.url + "/xoxb-canary-7", SECRET), NOW)
    assert receiver.posts[0].path.endswith("xoxb-canary-7")
    assert "xoxb-canary-7" not in repr(outcome)
    assert SECRET[6:] not in repr(outcome)


async def test_a_malformed_address_waits_to_be_mended(client: HttpClient) -> None:
    outcome = await sending(client).send(delivery(BODY), channel("ftp://h/xoxb-canary-7"), NOW)
    assert outcome.verdict is Verdict.RETRY
    assert "xoxb-canary-7" not in outcome.detail


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (channel(""), "not sent: the channel has no URL"),
        (channel("https://h/", "whsec_비밀"), "not sent: a signing secret must be base64, as in whsec_<base64>"),
    ],
)
async def test_a_channel_that_cannot_send_waits_to_be_mended(target: Channel, told: str) -> None:
    poster = Scripted(answered())
    outcome = await sending(poster, timer=lambda: 0.0).send(delivery(), target, NOW)
    assert outcome == Outcome(Verdict.RETRY, None, told, 0.0)
    assert poster.asked == []


async def test_whatever_breaks_is_an_outcome_that_says_nothing_confidential() -> None:
    poster = Scripted(RuntimeError("https://h/xoxb-canary-7"))
    outcome = await sending(poster, timer=lambda: 0.0).send(delivery(), channel(), NOW)
    assert outcome == Outcome(Verdict.RETRY, None, "unexpected RuntimeError", 0.0)


async def test_a_body_that_nobody_can_compose_from_is_an_outcome_too() -> None:
    poster = Scripted(answered())
    broken = delivery(b'{"type":"hit.created","data":{}}')
    desk = Channel("desk", "slack", "https://h/xoxb-canary-7")
    outcome = await sending(poster, timer=lambda: 0.0).send(broken, desk, NOW)
    assert outcome == Outcome(Verdict.RETRY, None, "unexpected KeyError", 0.0)
    assert poster.asked == []


async def test_a_kind_that_is_not_there_is_an_outcome_too() -> None:
    outcome = await sending(Scripted(answered())).send(delivery(BODY), replace(channel(), kind="gone"), NOW)
    assert replace(outcome, elapsed_ms=0.0) == Outcome(Verdict.RETRY, None, "unexpected KeyError", 0.0)


@pytest.mark.parametrize("reason", list(FetchReason))
async def test_every_failure_of_the_client_is_an_outcome(reason: FetchReason) -> None:
    poster = Scripted(FetchError("https://h/xoxb-canary-7", reason))
    outcome = await sending(poster).send(delivery(), channel(), NOW)
    assert outcome.verdict is Verdict.RETRY
    assert outcome.detail == reason.value


async def test_cancellation_is_passed_on() -> None:
    with pytest.raises(asyncio.CancelledError):
        await sending(Scripted(asyncio.CancelledError())).send(delivery(), channel(), NOW)


async def test_the_whole_attempt_is_timed() -> None:
    ticks = count(step=2)
    sender = sending(Scripted(answered()), timer=lambda: float(next(ticks)))
    assert (await sender.send(delivery(), channel(), NOW)).elapsed_ms == 2000.0


@pytest.mark.parametrize("reply", [Reply(204), Reply(500), Reply(drop=True)])
async def test_a_template_that_fails_is_told_in_the_attempt_and_the_standard_body_goes_out(
    client: HttpClient, receiver: Receiver, reply: Reply
) -> None:
    receiver.then(reply)
    options = (("format", "template"), ("template", "{{ nothing }}"))
    target = replace(channel(receiver.url, SECRET), options=options)
    outcome = await sending(client).send(delivery(BODY), target, NOW)
    assert outcome.detail.endswith("; the template failed, sent as standard: line 1: 'nothing' is undefined")
    assert outcome.verdict is (Verdict.DELIVERED if reply.status == 204 else Verdict.RETRY)
    (post,) = receiver.posts
    assert (post.body, post.verified, post.headers["content-type"]) == (BODY, True, "application/json")
