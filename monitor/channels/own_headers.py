"""Headers of the operator's own that go with each post: which there may be, and how they are read back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from monitor.model.errors import InvalidValueError
from monitor.model.kind import UNFIT, Complaint, Written

KEY: Final = "headers"
MOST: Final = 32

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_HOP_BY_HOP: Final = frozenset(
    {
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer"),
        *("transfer-encoding", "upgrade", "expect", "http2-settings"),
    }
)
_OURS: Final = frozenset(
    {"accept", "accept-encoding", "content-encoding", "content-length", "content-type", "host", "user-agent"}
)
_OUR_PREFIXES: Final = ("webhook-", "monitor-", "ce-")


def header_value(text: str) -> str:
    """Return the value of a header as it is: visible ASCII with blanks inside (RFC 9110, section 5.5).

    Raises InvalidValueError, which never quotes it.
    """
    if not re.fullmatch(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?", text):
        raise InvalidValueError("must be visible ASCII characters, with blanks only between them")
    return text


def header_name(text: str) -> str:
    """Return the name of a header that is free to be set. Raises InvalidValueError."""
    if reason := _unfree(text):
        raise InvalidValueError(reason)
    return text


def read_headers(entries: tuple[str, ...]) -> dict[str, str]:
    """Return the headers of a channel, names in lower case, from entries as `name: text`."""
    pairs = (entry.partition(": ") for entry in entries)
    return {name.lower(): text for name, _, text in pairs}


def check_headers(written: Written, taken: str = "") -> Iterator[Complaint]:
    """Complain of names that cannot stand, or stand twice; `taken` is one that another key sets."""
    names: set[str] = {taken.lower()} - {""}
    for entry in written.given(KEY):
        name = entry.partition(": ")[0]
        reason = _unfree(name) or ("it is set twice" if name.lower() in names else "")
        names.add(name.lower())
        if reason:
            yield Complaint(KEY, f"the header {name!r} cannot be set: {reason}", "leave it out", UNFIT, name)
    if len(written.given(KEY)) > MOST:
        yield Complaint(KEY, f"more than {MOST} headers", "", UNFIT)
    if "authorization" in names and any("@" in url.partition("://")[2].partition("/")[0] for url in written.urls):
        hint = "keep one of them: a user in the URL is sent as the header Authorization"
        yield Complaint(KEY, "the URL names a user, and `headers` an Authorization", hint, UNFIT)


def _unfree(name: str) -> str:
    """Return why a header of that name cannot be the operator's own, "" where it can."""
    lower = name.lower()
    if not _TOKEN.fullmatch(name):
        return "the name must be letters, digits and - (at most 100)"
    if lower in _HOP_BY_HOP:
        return "it belongs to the connection"
    if lower in _OURS or lower.startswith(_OUR_PREFIXES):
        return "the program sets it itself"
    return ""
