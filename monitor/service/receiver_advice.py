"""What to do about a receiver that did not take a message, by what it answered. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from monitor.model.errors import FetchReason

_STATUS: Final[Mapping[int, str]] = {
    400: "the receiver does not take the form of the message: compare `kind` and `format` with what it expects",
    401: "the receiver does not accept the key: compare `url`, `secret` and `headers` with what it expects",
    403: "the receiver does not let this sender in: compare `url`, `secret` and `headers` with what it expects",
    404: "nothing takes messages at this address: correct `url`",
    405: "this address takes no POST: correct `url`",
    410: "the receiver's owner has switched this address off: make a new one there and put it into `url`",
    413: "the receiver takes only smaller messages: raise its limit (a body has 20 kB at most)",
    415: "the receiver wants another content type: set `format`, or `content_type` of a template",
    422: "the receiver does not take the form of the message: compare `kind` and `format` with what it expects",
    429: "the receiver is sent too much at present: try again later",
}
_REASON: Final[Mapping[str, str]] = {
    FetchReason.BLOCKED_ADDRESS: "the address leads into a private network: if it is yours, list it as deliver.allow_networks",
    FetchReason.BAD_URL: "correct `url`",
    FetchReason.DNS: "its host has no address: correct `url`, or mend the name server of this machine",
    FetchReason.CONNECT: "nothing answers there: start the receiver, correct `url`, or open the firewall",
    FetchReason.PROXY: "look at deliver.proxy in monitor.yaml, and at the proxy",
    FetchReason.TLS: "mend its certificate, or name its authority as deliver.ca_file",
    FetchReason.TIMEOUT: "look at what keeps the receiver busy, or raise deliver.timeout",
}
_SERVER: Final = "look at the log of the receiver: the fault is on its side"
_WORDS: Final = "the receiver's words say why; then try again"

_OF_MAILBOXES: Final = 550
"""From here on codes are those of mail servers (RFC 5321, section 4.2.2); web servers have none."""

_STORED: Final = re.compile(r"([1-5][0-9]{2})(?![0-9])")


def advice(status: int | None, said: str, *, by_server: bool) -> str:
    """Return what to do; `said` is what was noted of an attempt, `by_server` that a 5xx speaks of the receiver's server.

    A code of a mail server speaks of a mailbox, and its words say more.
    """
    if status is None:
        reason = said.partition(":")[0]
        return _REASON.get(reason, "correct the channel in channels.yaml; `monitor check` shows its faults")
    if 300 <= status < 400:  # noqa: PLR2004 - redirects
        return "redirects are not followed: put the address that it leads to into `url`"
    if status >= 500 and by_server:  # noqa: PLR2004 - errors of a server
        return _SERVER
    return _STATUS.get(status, _WORDS)


def stored_advice(said: str) -> str:
    """Return what to do about a failure as the store keeps it ("404: no such hook")."""
    found = _STORED.match(said)
    status = int(found[1]) if found else None
    return advice(status, said, by_server=status is not None and status < _OF_MAILBOXES)
