"""What a failure says to people: each cause once, without the numbers and prefixes of the machinery. Pure."""

from __future__ import annotations

import re

NETWORK = frozenset({"dns", "connect", "proxy", "timeout", "tls"})
"""Reasons of failures for which the answer of no server is to blame."""

_ERRNO = re.compile(r"\[Errno -?\d+\] ")
_PREFIX = re.compile(r"\brobots\.txt: (?=robots\.txt\b)")
_UNREACHED = re.compile(rf"^({'|'.join(sorted(NETWORK))}): robots\.txt: ")
_END = re.compile(r"(?<=>); ")  # where one of several errors ends: behind its address
_ADDRESS = re.compile(r" <([^<>]*)>$")
_PAUSE = re.compile(r" \(the host is left alone for another \d+ s\)$")
_PLACE = re.compile(r"^(?:(dns: )\S+?(?::(?= )|(?= has no address))|(connect: )\S+ port \d+:) ?")
_DIALLED = re.compile(r" \('[^']*', \d+(?:, \d+)*\)")  # as asyncio names an address


def plain_error(error: str) -> str:
    """Return an error, or several joined by "; ", as people read it: equal causes once, with how many addresses have them.

    >>> plain_error("dns: robots.txt: [Errno -3] no name <http://a.kr/1>; dns: robots.txt: [Errno -3] no name <http://a.kr/2>")
    'dns: no name (2 addresses)'
    """
    found: dict[str, list[str]] = {}
    for part in _END.split(error):
        found.setdefault(_cause(part), []).append(part)
    return "; ".join(
        _plain(parts[0]) if len(parts) == 1 else f"{cause} ({len(parts)} addresses)" for cause, parts in found.items()
    )


def causes(error: str) -> str:
    """Return the same without any address, host, pause or count, so that what fails alike is equal.

    >>> causes("dns: a.kr: [Errno -3] no name <http://a.kr/>") == causes("dns: b.kr: [Errno -3] no name <http://b.kr/>")
    True
    """
    return "; ".join(dict.fromkeys(map(_cause, _END.split(error))))


def is_network(cause: str) -> bool:
    """Return whether a cause, or the first of several, lies between this machine and the server."""
    return cause.split(":", 1)[0] in NETWORK


def _cause(part: str) -> str:
    told = _PAUSE.sub("", _ADDRESS.sub("", _plain(part)))
    return _DIALLED.sub("", _PLACE.sub(lambda found: found[1] or found[2], told))


def _plain(part: str) -> str:
    return _UNREACHED.sub(r"\1: ", _PREFIX.sub("", _ERRNO.sub("", part)))
