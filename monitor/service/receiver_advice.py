"""What to do about a receiver that did not take a message, by what it answered. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from monitor.model.errors import FetchReason

ADVICE: Final[Mapping[str, str]] = {
    "form": "the receiver does not take the form of the message: compare `kind` and `format` with what it expects",
    "key": "the receiver does not accept the key: compare `url`, `secret` and `headers` with what it expects",
    "sender": "the receiver does not let this sender in: compare `url`, `secret` and `headers` with what it expects",
    "address": "nothing takes messages at this address: correct `url`",
    "post": "this address takes no POST: correct `url`",
    "gone": "the receiver's owner has switched this address off: make a new one there and put it into `url`",
    "size": "the receiver takes only smaller messages: raise its limit (a body has 20 kB at most)",
    "type": "the receiver wants another content type: set `format`, or `content_type` of a template",
    "pace": "the receiver is sent too much at present: try again later",
    "redirect": "redirects are not followed: put the address that it leads to into `url`",
    "server": "look at the log of the receiver: the fault is on its side",
    "words": "the receiver's words say why; then try again",
    "channel": "correct the channel in channels.yaml; `monitor check` shows its faults",
    "blocked_address": "the address leads into a private network: if it is yours, list it as deliver.allow_networks",
    "bad_url": "correct `url`",
    "dns": "its host has no address: correct `url`, or mend the name server of this machine",
    "connect": "nothing answers there: start the receiver, correct `url`, or open the firewall",
    "proxy": "look at deliver.proxy in monitor.yaml, and at the proxy",
    "tls": "mend its certificate, or name its authority as deliver.ca_file",
    "timeout": "look at what keeps the receiver busy, or raise deliver.timeout",
}
"""What there is to do, by a name that pages have words of their own for."""
_STATUS: Final[Mapping[int, str]] = {
    400: "form",
    401: "key",
    403: "sender",
    404: "address",
    405: "post",
    410: "gone",
    413: "size",
    415: "type",
    422: "form",
    429: "pace",
}
_REASONS: Final = frozenset(
    {
        FetchReason.BLOCKED_ADDRESS,
        FetchReason.BAD_URL,
        FetchReason.DNS,
        FetchReason.CONNECT,
        FetchReason.PROXY,
        FetchReason.TLS,
        FetchReason.TIMEOUT,
    }
)
"""Failures before any answer that have an advice of their name."""

_OF_MAILBOXES: Final = 550
"""From here on codes are those of mail servers (RFC 5321, section 4.2.2); web servers have none."""

_STORED: Final = re.compile(r"([1-5][0-9]{2})(?![0-9])")


def advice(status: int | None, said: str, *, by_server: bool) -> str:
    """Return what to do; `said` is what was noted of an attempt, `by_server` that a 5xx speaks of the receiver's server.

    A code of a mail server speaks of a mailbox, and its words say more.
    """
    return ADVICE[_name(status, said, by_server=by_server)]


def stored_advice(said: str) -> str:
    """Return what to do about a failure as the store keeps it ("404: no such hook")."""
    return ADVICE[advice_name(said)]


def advice_name(said: str) -> str:
    """Return under which name ADVICE has what to do about a failure as the store keeps it."""
    found = _STORED.match(said)
    status = int(found[1]) if found else None
    return _name(status, said, by_server=status is not None and status < _OF_MAILBOXES)


def _name(status: int | None, said: str, *, by_server: bool) -> str:
    if status is None:
        reason = said.partition(":")[0]
        return reason if reason in _REASONS else "channel"
    if 300 <= status < 400:  # noqa: PLR2004 - redirects
        return "redirect"
    if status >= 500 and by_server:  # noqa: PLR2004 - errors of a server
        return "server"
    return _STATUS.get(status, "words")
