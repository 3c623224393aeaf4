"""The generic webhook: the request that goes out, and what a response comes to."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.channels.kinds.webhook import KIND
from monitor.model.delivery import Outcome, Verdict
from monitor.model.errors import MessageError
from monitor.model.page import Response
from tests.channels.formats.bodies import frozen
from tests.channels.samples import CONTEXT, KST, NOW, OTHER_SECRET, SECRET, answered, channel, delivery
from tests.replica.signatures import problem_with

SECRET_URL = "https://hooks.example/t/xoxb-canary-7"
compose, judge = KIND.compose, KIND.judge


def test_the_request() -> None:
    message = compose(delivery(b'{"a":1}', attempt=3), channel(SECRET_URL, SECRET), NOW)
    assert (message.url, message.body) == (SECRET_URL, b'{"a":1}')
    assert message.headers == {
        "accept": "application/json",
        "content-type": "application/json",
        "accept-encoding": "identity",
        "monitor-seq": "17",
        "monitor-attempt": "3",
        "monitor-made-to-sent-ms": "0",
        "webhook-id": "0193-delivery",
        "webhook-timestamp": "1795480205",
        "webhook-signature": message.headers["webhook-signature"],
    }
    assert problem_with(message.headers, message.body, (SECRET,), check_age=False) == ""


@pytest.mark.parametrize(
    ("waited", "told"), [(timedelta(milliseconds=1500), "1500"), (timedelta(days=3), "259200000"), (-timedelta(1), "0")]
)
def test_each_attempt_says_how_long_its_message_waited(waited: timedelta, told: str) -> None:
    message = compose(delivery(), channel(SECRET_URL), NOW + waited)
    assert message.headers["monitor-made-to-sent-ms"] == told


def test_the_request_hides_its_address_and_body() -> None:
    shown = repr(compose(delivery(b"canary-body"), channel(SECRET_URL, SECRET), NOW))
    assert "xoxb-canary-7" not in shown
    assert "canary-body" not in shown
    assert "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" not in shown


def test_headers_of_the_operators_own_go_with_it_and_never_replace_ours() -> None:
    own = (("headers", "X-Team: desk: one"), ("headers", "Authorization: Bearer canary-77"), ("hmac_secret", "s" * 16))
    message = compose(delivery(b"{}"), replace(channel(SECRET_URL, SECRET), private=own), NOW)
    assert message.headers["x-team"] == "desk: one"
    assert message.headers["authorization"] == "Bearer canary-77"
    expected = hmac.new(b"s" * 16, b"{}", "sha256").hexdigest()
    assert message.headers["x-hub-signature-256"] == f"sha256={expected}"
    assert problem_with(message.headers, message.body, (SECRET,), check_age=False) == ""


@pytest.mark.parametrize("name", ["cloudevents", "cloudevents-binary", "alertmanager"])
def test_the_signatures_cover_the_bytes_that_go_out(name: str) -> None:
    wanted = replace(channel(SECRET_URL, SECRET), options=(("format", name),), private=(("hmac_secret", "s" * 16),))
    message = compose(frozen(CONTEXT), wanted, NOW)
    assert message.body != frozen(CONTEXT).body
    assert problem_with(message.headers, message.body, (SECRET,), check_age=False) == ""
    expected = hmac.new(b"s" * 16, message.body, "sha256").hexdigest()
    assert message.headers["x-hub-signature-256"] == f"sha256={expected}"
    assert (message.headers["webhook-id"], message.headers["monitor-seq"]) == ("0193-delivery", "17")


def test_what_a_receiver_quotes_of_a_header_is_not_repeated() -> None:
    own = (("headers", "Authorization: Bearer canary-77-token"), ("hmac_secret", "canary-88-secret"))
    target = replace(channel(), private=own)
    outcome = judge(answered(401, {}, b"bad token canary-77-token, not canary-88-secret"), target, NOW)
    assert "canary" not in outcome.detail


def test_a_retry_keeps_its_id_and_body_and_is_dated_anew() -> None:
    first = compose(delivery(attempt=1), channel(SECRET_URL, SECRET), NOW)
    later = compose(delivery(attempt=2), channel(SECRET_URL, SECRET), NOW.replace(hour=5))
    assert first.body == later.body
    assert first.headers["webhook-id"] == later.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != later.headers["webhook-timestamp"]


def test_two_secrets_give_two_signatures() -> None:
    message = compose(delivery(), channel(SECRET_URL, SECRET, OTHER_SECRET), NOW)
    assert len(message.headers["webhook-signature"].split()) == 2


def test_without_a_secret_nothing_is_signed() -> None:
    assert "webhook-signature" not in compose(delivery(), channel(SECRET_URL), NOW).headers


def test_a_channel_that_is_not_set_up_or_not_well_set_up_sends_nothing() -> None:
    with pytest.raises(MessageError, match="no URL"):
        compose(delivery(), channel(""), NOW)
    with pytest.raises(MessageError, match="base64"):
        compose(delivery(), channel(SECRET_URL, "whsec_비밀"), NOW)
    with pytest.raises(MessageError, match="UTC"):
        compose(delivery(), channel(SECRET_URL, SECRET), NOW.astimezone(KST))


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (answered(200, {}, b"ok"), Outcome(Verdict.DELIVERED, 200, "200: ok", 0.0)),
        (answered(204), Outcome(Verdict.DELIVERED, 204, "204", 0.0)),
        (answered(200, {}, b'{"error":true}'), Outcome(Verdict.DELIVERED, 200, '200: {"error":true}', 0.0)),
        (answered(200, {"retry-after": "9"}), Outcome(Verdict.DELIVERED, 200, "200", 0.0)),
        (answered(500, {}, b"oops\r\n"), Outcome(Verdict.RETRY, 500, "500: oops", 0.0)),
        (answered(503, {"retry-after": "90"}), Outcome(Verdict.RETRY, 503, "503", 0.0, 90.0)),
        (answered(429, {}, b'{"retry_after":1.5}'), Outcome(Verdict.RETRY, 429, '429: {"retry_after":1.5}', 0.0, 1.5)),
        (answered(410, {}, b"bye"), Outcome(Verdict.CHANNEL_GONE, 410, "410: bye", 0.0)),
        (answered(404), Outcome(Verdict.REJECTED, 404, "404", 0.0)),
        (
            answered(302, {"location": "https://x"}),
            Outcome(Verdict.REJECTED, 302, "302: redirects are not followed", 0.0),
        ),
        (answered(500, {"content-encoding": "gzip"}, b"\x1f\x8b\x08"), Outcome(Verdict.RETRY, 500, "500", 0.0)),
    ],
)
def test_answers(said: Response, outcome: Outcome) -> None:
    assert judge(said, channel(SECRET_URL, SECRET), NOW) == outcome


def test_of_a_long_answer_the_beginning_is_kept() -> None:
    outcome = judge(answered(500, {}, b"x" * 10_000_000), channel(SECRET_URL), NOW)
    assert len(outcome.detail) <= len("500: ") + 200


@pytest.mark.parametrize("status", [200, 302, 404, 410, 500])
def test_an_answer_that_quotes_the_path_is_not_repeated(status: int) -> None:
    outcome = judge(answered(status, {}, b"Cannot POST /t/xoxb-canary-7"), channel(SECRET_URL, SECRET), NOW)
    assert "xoxb-canary-7" not in repr(outcome)
