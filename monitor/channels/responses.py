"""How receivers' answers are read, whatever the kind of channel: when to come back, and what may be repeated. Pure."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

from monitor.channels.signing import PREFIX
from monitor.channels.words.visible import visible_line
from monitor.model.confidential import hide
from monitor.model.delivery import Outcome, Verdict
from monitor.model.errors import FetchError
from monitor.model.page import Response
from monitor.model.plan import Channel
from monitor.net.retry_after import retry_after

MAX_RESPONSE = 16_384  # bytes of a response that are looked at
MAX_WORDS = 200  # code points of a response that are kept
MAX_WAIT = 30 * 86_400.0  # seconds; keeps a hostile number from overflowing a date, beyond any honest wait

_HIDDEN = "[hidden]"
_MIN_PIECE = 6  # shorter pieces of a URL (v1, hook) are words, not secrets
_REPEATED = re.compile(r"[0-9.]+(, [0-9.]+)+")
_RETRY_4XX = frozenset({408, 425, 429})


def verdict_of(status: int) -> Verdict:
    """Return what a status means for a message to any receiver (Standard Webhooks 1.0; RFC 9110, section 15).

    2xx took it. 410 wants no more. 408, 425, 429 and 5xx (and statuses nobody defined) speak of now: the whole schedule
    is tried. Other 4xx and any 3xx speak of the request or the address: a redirect is never followed, because a POST
    would become a GET or carry the message elsewhere.
    """
    if 200 <= status < 300:  # noqa: PLR2004 - the classes of RFC 9110 read best as numbers
        return Verdict.DELIVERED
    if status == 410:  # noqa: PLR2004 - Gone
        return Verdict.CHANNEL_GONE
    refused = 300 <= status < 500 and status not in _RETRY_4XX  # noqa: PLR2004 - as above
    return Verdict.REJECTED if refused else Verdict.RETRY


def asked_wait(headers: Mapping[str, str], body: bytes, now: datetime, within: str = "") -> float | None:
    """Return how many seconds a receiver asks to wait, at most MAX_WAIT, or None when it does not ask.

    Reads the header Retry-After in both forms (RFC 9110, section 10.2.3) and a number `retry_after` at the top of a
    JSON body, or in the object that its key `within` holds; where several speak the longest wait holds, so that a receiver
    is never asked again too early. A date is read by the receiver's own clock where it tells that (Date): ours may differ.
    """
    there = _its_time(headers, now)
    lines = headers.get("retry-after", "").split(", ") if _is_repeated(headers) else [headers.get("retry-after", "")]
    return longest(*(retry_after(line, there, MAX_WAIT) for line in lines), *_body_waits(body, within))


def longest(*waits: float | None) -> float | None:
    """Return the longest of some waits in seconds, at most MAX_WAIT; None where there is none."""
    asked = [wait for wait in waits if wait is not None]
    return min(max(asked), MAX_WAIT) if asked else None


def words(text: str, channel: Channel) -> str:
    """Return what may be repeated of a receiver's or the network's words: one short line without the channel's secrets.

    Receivers like to quote the path they were asked for, and with many services the path is the password.
    """
    line = hide(visible_line(text, MAX_RESPONSE))
    for piece in _confidential(channel):
        line = re.sub(re.escape(piece), _HIDDEN, line, flags=re.IGNORECASE)
    return visible_line(line, MAX_WORDS)


def judge(response: Response, channel: Channel, now: datetime, within: str = "") -> Outcome:
    """Return what the receiver's response means; the status decides, its words are kept for people.

    A refusal that says when to come back is none: nothing goes to that receiver before. `within` is for `asked_wait`.
    """
    verdict = verdict_of(response.status)
    said = words(_text(response), channel)
    wait = None if verdict is Verdict.DELIVERED else asked_wait(response.headers, response.body, now, within)
    if verdict is Verdict.REJECTED and wait:
        verdict = Verdict.RETRY
    return Outcome(verdict, response.status, _detail(response.status, said), 0.0, wait)


def judge_token(response: Response, channel: Channel, now: datetime) -> Outcome:
    """Return what it means that a service gave no token: the message waits, for no receiver has refused it."""
    outcome = judge(response, channel, now)
    wait = asked_wait(response.headers, response.body, now)
    return replace(outcome, verdict=Verdict.RETRY, detail=f"no token: {outcome.detail}", retry_after=wait)


def judge_failure(error: FetchError, channel: Channel) -> Outcome:
    """Return what a failure below HTTP means: try again, for all of it may heal.

    Even a forbidden address may be a wrong DNS response, or one that the operator is about to allow; it is refused before
    anything is sent, so asking again probes nobody's network. The error's own text names the URL: only parts are used.
    """
    detail = ": ".join(part for part in (error.reason.value, words(error.detail, channel)) if part)
    return Outcome(Verdict.RETRY, error.status, detail, 0.0, error.retry_after)


def _its_time(headers: Mapping[str, str], now: datetime) -> datetime:
    """Return what the receiver's clock showed when it responded; ours where it does not say so."""
    try:
        said = parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return now
    return said if said.tzinfo else said.replace(tzinfo=UTC)


def _is_repeated(headers: Mapping[str, str]) -> bool:
    """Return whether the header came more than once, as behind a relay that adds its own: in seconds, joined by the client."""
    return _REPEATED.fullmatch(headers.get("retry-after", "")) is not None


def _body_waits(body: bytes, within: str) -> tuple[float | None, ...]:
    """Read `retry_after` of a JSON object, and of the object under one of its keys."""
    try:
        said = json.loads(body[:MAX_RESPONSE])
    except (ValueError, RecursionError):
        return ()
    objects = (said, said.get(within)) if isinstance(said, dict) else ()
    waits = [one.get("retry_after") for one in objects if isinstance(one, dict)]
    return tuple(_seconds(wait) for wait in waits if isinstance(wait, int | float) and not isinstance(wait, bool))


def _seconds(number: float) -> float | None:
    """Return seconds that a date can bear, or None for a negative number or NaN. An int may be too large for a float."""
    return float(min(number, MAX_WAIT)) if number >= 0 else None


def _confidential(channel: Channel) -> tuple[str, ...]:
    """Return every piece of the channel's address and keys in every spelling a receiver may quote, longest first."""
    pieces = {channel.url, *_url_pieces(channel.url)}
    pieces |= {spelling for secret in channel.secrets for spelling in (secret, secret.removeprefix(PREFIX))}
    pieces |= {spelling for _, text in channel.private for spelling in _private_pieces(text)}
    pieces |= {unquote(piece) for piece in pieces}
    pieces |= {html.escape(piece) for piece in pieces} | {piece.replace("/", "\\/") for piece in pieces}
    shown = {visible_line(piece, MAX_RESPONSE) for piece in pieces}
    return tuple(sorted((piece for piece in shown if len(piece) >= _MIN_PIECE), key=len, reverse=True))


def _private_pieces(text: str) -> set[str]:
    """Return a confidential value in the forms that may be quoted: of `Authorization: Bearer …` the token alone, too."""
    value = text.partition(": ")[2]
    return {text, value, *value.split(" ")[1:]}


def _url_pieces(url: str) -> set[str]:
    """Return path, query, their parts, user and password of an address; the host is no secret."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return set()
    asked = f"{parts.path}?{parts.query}" if parts.query else parts.path
    split = re.split(r"[/&=]", f"{parts.path}&{parts.query}")
    return {asked, parts.path, parts.query, parts.fragment, *split, parts.username or "", parts.password or ""}


def _text(response: Response) -> str:
    """Return the beginning of what the receiver wrote, or "" where it is compressed."""
    if response.headers.get("content-encoding", "identity") != "identity":
        return ""
    return response.body[:MAX_RESPONSE].decode(errors="replace")


def _detail(status: int, said: str) -> str:
    """Return the status, what it implies where that surprises, and the receiver's words."""
    note = "redirects are not followed" if 300 <= status < 400 else ""  # noqa: PLR2004 - 3xx
    return ": ".join(part for part in (str(status), note, said) if part)
