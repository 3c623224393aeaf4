"""What receivers say is understood, waited for, and repeated without their secrets."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.responses import MAX_WAIT, MAX_WORDS, asked_wait, judge, judge_failure, verdict_of, words
from monitor.model.delivery import Outcome, Verdict
from monitor.model.errors import FetchError, FetchReason
from tests.channels.samples import KST, NOW, OTHER_SECRET, SECRET, answered, channel

SECRET_URL = "https://hooks.example/t/xoxb-canary-7"
URL = "https://bob:hunter22@hooks.example:8443/services/T00/B00Z/xoxb-canary-7?token=tok%2Fen%20one&mode=a#frag-ment"
CANARIES = (
    "xoxb-canary-7",
    "hunter22",
    "tok%2Fen%20one",
    "tok/en one",
    "frag-ment",
    "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
)


@pytest.mark.parametrize(
    ("statuses", "verdict"),
    [
        ((200, 201, 202, 204, 206, 226, 299), Verdict.DELIVERED),
        ((408, 425, 429, 500, 502, 503, 504, 507, 520, 599), Verdict.RETRY),
        ((100, 103, 199, 600, 999), Verdict.RETRY),
        ((410,), Verdict.CHANNEL_GONE),
        ((300, 301, 302, 303, 304, 307, 308, 399), Verdict.REJECTED),
        ((400, 401, 403, 404, 405, 406, 409, 411, 413, 415, 422, 424, 426, 451, 499), Verdict.REJECTED),
    ],
)
def test_statuses(statuses: tuple[int, ...], verdict: Verdict) -> None:
    assert {status: verdict_of(status) for status in statuses} == dict.fromkeys(statuses, verdict)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        (" 7 ", 7.0),
        ("86400", 86_400.0),
        ("1.5", 1.5),
        ("9" * 400, MAX_WAIT),
        ("Tue, 24 Nov 2026 00:31:05 GMT", 59.879001),
        ("Tuesday, 24-Nov-26 00:31:05 GMT", 59.879001),
        ("Tue Nov 24 00:31:05 2026", 59.879001),
        ("Tue, 24 Nov 2026 09:31:05 +0900", 59.879001),
        ("Tue, 24 Nov 2026 00:31:05 -0000", 59.879001),
        ("Tue, 24 Nov 2026 00:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", MAX_WAIT),
    ],
)
def test_both_forms_of_the_header_are_read(value: str, seconds: float) -> None:
    assert asked_wait({"retry-after": value}, b"", NOW) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "value", ["", "soon", "-1", "+5", "1e9", "0x10", "١٢", "1,2", "5 s", "nan", "inf", "9" * 401, "Tue, 99 Nov 2026"]
)
def test_a_header_that_says_nothing_asks_nothing(value: str) -> None:
    assert asked_wait({"retry-after": value}, b"", NOW) is None


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        (b'{"message":"rate limited","retry_after":64.57,"global":false}', 64.57),
        (b'{"retry_after":3}', 3.0),
        (b'{"retry_after":0}', 0.0),
        (b'{"retry_after":1e999}', MAX_WAIT),
        (b'{"retry_after":' + b"9" * 400 + b"}", MAX_WAIT),
        (b'{"retry_after":true}', None),
        (b'{"retry_after":"5"}', None),
        (b'{"retry_after":-5}', None),
        (b'{"retry_after":NaN}', None),
        (b'{"retry_after":-Infinity}', None),
        (b'{"retry_after":null}', None),
        (b'{"retry_after":' + b"9" * 5000 + b"}", None),
        (b"[5]", None),
        (b"5", None),
        (b"\xff\xfe\x00", None),
        (b"[" * 16_000, None),
        (b'{"retry_after":5', None),
    ],
)
def test_a_json_body_may_ask_too(body: bytes, seconds: float | None) -> None:
    assert asked_wait({}, body, NOW) == seconds


def test_the_longer_wait_holds() -> None:
    assert asked_wait({"retry-after": "5"}, b'{"retry_after":5.7}', NOW) == 5.7
    assert asked_wait({"retry-after": "9"}, b'{"retry_after":5.7}', NOW) == 9.0


def test_a_header_that_came_twice_asks_for_the_longer_wait() -> None:
    assert asked_wait({"retry-after": "5, 60"}, b"", NOW) == 60.0
    assert asked_wait({"retry-after": "90, 60, 1.5"}, b"", NOW) == 90.0
    assert asked_wait({"retry-after": "60, soon"}, b"", NOW) is None


@pytest.mark.parametrize("hours", [-3, 0, 2])
def test_a_date_is_read_by_the_clock_of_the_receiver(hours: int) -> None:
    there = (NOW + timedelta(hours=hours)).replace(microsecond=0)
    stated = {"retry-after": format_datetime(there + timedelta(seconds=90), usegmt=True)}
    assert asked_wait(stated | {"date": format_datetime(there, usegmt=True)}, b"", NOW) == 90.0
    assert asked_wait(stated | {"date": there.strftime("%a %b %d %H:%M:%S %Y")}, b"", NOW) == 90.0


def test_both_places_of_a_body_are_read() -> None:
    assert asked_wait({}, b'{"retry_after":1,"parameters":{"retry_after":35}}', NOW, "parameters") == 35.0
    assert asked_wait({}, b'{"retry_after":null,"parameters":{"retry_after":35}}', NOW, "parameters") == 35.0
    assert asked_wait({}, b'{"retry_after":40,"parameters":{"retry_after":35}}', NOW, "parameters") == 40.0


@pytest.mark.parametrize("status", [302, 401, 403, 404, 413])
def test_a_refusal_that_says_when_to_come_back_is_none(status: int) -> None:
    assert judge(answered(status), channel(), NOW).verdict is Verdict.REJECTED
    asked = judge(answered(status, {"retry-after": "3600"}), channel(), NOW)
    assert (asked.verdict, asked.retry_after) == (Verdict.RETRY, 3600.0)
    assert judge(answered(status, {"retry-after": "0"}), channel(), NOW).verdict is Verdict.REJECTED
    assert judge(answered(410, {"retry-after": "3600"}), channel(), NOW).verdict is Verdict.CHANNEL_GONE


@given(st.integers(0, 10**7))
def test_seconds_are_never_shortened(seconds: int) -> None:
    assert asked_wait({"retry-after": str(seconds)}, b"", NOW) == min(seconds, MAX_WAIT)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - bounds
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - bounds
    st.sampled_from([UTC, KST]),
)
def test_a_stated_moment_is_never_anticipated(asked: datetime, now: datetime, zone: object) -> None:
    moment = asked.replace(microsecond=0, tzinfo=UTC)
    start = now.replace(tzinfo=UTC).astimezone(KST if zone is KST else UTC)
    wait = asked_wait({"retry-after": format_datetime(moment, usegmt=True)}, b"", start)
    assert wait is not None
    assert start + timedelta(seconds=wait) >= min(moment, start + timedelta(seconds=MAX_WAIT)) - timedelta(
        microseconds=1
    )


@given(st.text(max_size=60), st.binary(max_size=200))
def test_any_answer_asks_for_nothing_or_a_sane_wait(value: str, body: bytes) -> None:
    wait = asked_wait({"retry-after": value}, body, NOW)
    assert wait is None or 0 <= wait <= MAX_WAIT


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=5))
def test_any_json_value_asks_for_nothing_or_a_sane_wait(value: object) -> None:
    wait = asked_wait({}, json.dumps({"retry_after": value}).encode(), NOW)
    assert wait is None or 0 <= wait <= MAX_WAIT


def test_words_are_one_short_line() -> None:
    said = words("서버\r\n오류\x1b[31m \u202e끝 " + "가" * 500, channel())
    assert said.startswith("서버 오류[31m 끝 가")
    assert len(said) == MAX_WORDS


@pytest.mark.parametrize(
    "echo",
    [
        f"Cannot POST {URL}",
        "Cannot POST /services/T00/B00Z/xoxb-canary-7",
        "cannot post /SERVICES/T00/B00Z/XOXB-CANARY-7",
        "no such token: tok%2Fen%20one",
        "no such token: tok/en one",
        "bad key xoxb-canary-7.",
        '{"path":"\\/services\\/T00\\/B00Z\\/xoxb-canary-7"}',
        "xoxb-\u200bcanary-7 said with a zero-width blank",
        "user bob password hunter22",
        "signed with MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        f"signed with {SECRET} or {OTHER_SECRET}",
        "x" * 190 + " xoxb-canary-7",
        "fragment frag-ment",
    ],
)
def test_no_secret_is_ever_quoted(echo: str) -> None:
    said = words(echo, channel(URL, SECRET, OTHER_SECRET)).casefold()
    assert not [canary for canary in (*CANARIES, OTHER_SECRET, "b00z/xoxb", "xoxb-can") if canary.casefold() in said]


def test_ordinary_words_survive() -> None:
    said = "no handler for this event (hooks.example)"
    assert words(said, channel(URL, SECRET)) == said


def test_html_escaped_echoes_are_hidden() -> None:
    url = "https://h.example/a?first=1&second=2"
    assert "second" not in words("Cannot POST /a?first=1&amp;second=2", channel(url))


@pytest.mark.parametrize("url", ["", "http://[", "/x", "https://h"])
def test_addresses_without_secrets_hide_nothing(url: str) -> None:
    assert words("plain words", channel(url)) == "plain words"


@given(
    st.text("abcdefXYZ0189-_가나%+ ", min_size=6, max_size=40).map(str.strip).filter(lambda text: len(text) >= 4),
    st.text(max_size=30),
    st.text(max_size=30),
    st.sampled_from([str, quote, str.upper]),
)
def test_a_path_never_survives_any_echo(token: str, before: str, after: str, spell: type[str]) -> None:
    token = f"k{token}9"  # shorter pieces are words
    target = channel(f"https://h.example/hook/{quote(token)}")
    said = words(before + " " + spell(token) + " " + after, target)
    if " ".join(token.split()).casefold() not in (before + after).casefold():
        assert spell(" ".join(token.split())).casefold() not in said.casefold()


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (
            FetchError(SECRET_URL, FetchReason.BLOCKED_ADDRESS, "10.0.0.1 is private", transient=False),
            Outcome(Verdict.RETRY, None, "blocked_address: 10.0.0.1 is private", 0.0),
        ),
        (FetchError(SECRET_URL, FetchReason.TIMEOUT), Outcome(Verdict.RETRY, None, "timeout", 0.0)),
        (
            FetchError(SECRET_URL, FetchReason.TLS, f"certificate expired for {SECRET_URL}"),
            Outcome(Verdict.RETRY, None, "tls: certificate expired for [hidden]", 0.0),
        ),
        (
            FetchError(SECRET_URL, FetchReason.THROTTLED, "busy", status=429, retry_after=7.0),
            Outcome(Verdict.RETRY, 429, "throttled: busy", 0.0, 7.0),
        ),
    ],
)
def test_failures_below_http(error: FetchError, outcome: Outcome) -> None:
    assert judge_failure(error, channel(SECRET_URL, SECRET)) == outcome
