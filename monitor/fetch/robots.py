"""What a host asks robots to leave alone (RFC 9309)."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from protego import Protego

from monitor.model.errors import FetchError, FetchReason
from monitor.model.page import Response

MAX_BYTES = 500 * 1024  # RFC 9309 §2.5: the rest of a longer file is not read
FRESH = timedelta(hours=12)
KEEP = timedelta(hours=24)  # RFC 9309 §2.4: no copy is used for longer
RETRY = timedelta(seconds=10)  # before an unreachable robots.txt is asked for again
MAX_HOSTS = 2048
_MANY_AGENTS = 200

_AGENT_LINE = re.compile(r"[ \t]*user[- ]?agents?[ \t]*[: \t][ \t]*(.*)", re.IGNORECASE)


class Getter(Protocol):
    """The part of the HTTP client that fetching needs."""

    async def get(self, url: str, headers: Mapping[str, str] | None = None, *, keep: int | None = None) -> Response:
        """Fetch a document. Raises FetchError."""
        ...


@dataclass(frozen=True, slots=True)
class Rules:
    """One reading of a robots.txt for one agent."""

    agent: str
    parsed: Protego = field(repr=False)

    def allows(self, url: str) -> bool:
        """Return whether the agent may fetch the absolute URL."""
        return bool(self.parsed.can_fetch(url, self.agent))

    @property
    def crawl_delay(self) -> float | None:
        """Return the seconds between requests that the host asks for, None when it does not say."""
        delay: float | None = self.parsed.crawl_delay(self.agent)
        return delay


def parse(robots_txt: bytes, agent: str) -> Rules:
    """Read a robots.txt, whatever it holds: a mark at the start, broken bytes, HTML. Never raises."""
    text = robots_txt[:MAX_BYTES].decode("utf-8-sig", "replace")
    return Rules(agent, Protego.parse(_without_strangers(text, agent)))


def allows(robots_txt: bytes, agent: str, url: str) -> bool:
    """Return whether a robots.txt permits an agent to fetch an absolute URL."""
    return parse(robots_txt, agent).allows(url)


def _without_strangers(text: str, agent: str) -> str:
    """Thin out the groups of a file that names hundreds of agents.

    The parser stores each rule once per agent of its group, so that half a megabyte can hold 10^8 rules. A line for
    another agent says nothing to us except that a group begins, and one such line says that as well as many.
    """
    lines = text.splitlines()
    if sum(1 for line in lines if _AGENT_LINE.match(line)) <= _MANY_AGENTS:
        return text
    kept: list[str] = []
    strangers = False
    for line in lines:
        found = _AGENT_LINE.match(line)
        name = found.group(1).split("#")[0].strip().lower().replace("*", "") if found else ""
        stranger = found is not None and name not in agent.lower()
        if not (stranger and strangers):
            kept.append("User-agent: another-robot" if stranger else line)
        strangers = stranger or (strangers and not line.strip())
    return "\n".join(kept)


@dataclass(frozen=True, slots=True)
class _Copy:
    """What is known of a host's robots.txt. `error` says why the last attempt failed."""

    rules: Rules | None
    read_at: datetime | None
    ask_again_at: datetime
    error: FetchError | None = None


class RobotsCache:
    """The rules of every host met lately.

    A 4xx response means that everything is allowed. A 5xx response, or none, means that nothing is, unless a copy of at
    most 24 hours is at hand. One request per host at a time asks for the file; the others wait for its response.
    """

    def __init__(self, getter: Getter, agent: str, *, max_hosts: int = MAX_HOSTS) -> None:
        self._getter = getter
        self._agent = agent
        self._max_hosts = max_hosts
        self._copies: OrderedDict[str, _Copy] = OrderedDict()
        self._asking: dict[str, asyncio.Future[_Copy]] = {}

    def __len__(self) -> int:
        """Count the remembered hosts."""
        return len(self._copies)

    async def rules(self, origin: str, now: datetime) -> Rules:
        """Return the rules of an origin (scheme://host[:port]).

        Raises FetchError when the host gives none and no good copy is left: ROBOTS for a response of the host, the
        failure's own reason when the host could not be reached.
        """
        copy = self._copies.get(origin)
        if copy is None or copy.ask_again_at <= now:
            copy = await self._renew(origin, copy, now)
        if copy.rules is not None and copy.read_at is not None and now - copy.read_at <= KEEP:
            return copy.rules
        raise _anew(copy.error or FetchError(f"{origin}/robots.txt", FetchReason.ROBOTS, "no rules"))

    async def _renew(self, origin: str, known: _Copy | None, now: datetime) -> _Copy:
        while (asking := self._asking.get(origin)) is not None:
            await asyncio.wait((asking,))
            if not asking.cancelled():
                return asking.result()
        promise: asyncio.Future[_Copy] = asyncio.get_running_loop().create_future()
        self._asking[origin] = promise
        try:
            copy = await self._ask(origin, known, now)
            promise.set_result(copy)
        finally:
            del self._asking[origin]
            promise.cancel()
        self._remember(origin, copy)
        return copy

    async def _ask(self, origin: str, known: _Copy | None, now: datetime) -> _Copy:
        url = f"{origin}/robots.txt"
        try:
            response = await self._getter.get(url, keep=MAX_BYTES)
            body = _body(response)
        except FetchError as error:
            if error.reason in _UNAVAILABLE:
                return _Copy(parse(b"", self._agent), now, now + FRESH)
            old = known or _Copy(None, None, now)
            return _Copy(old.rules, old.read_at, now + RETRY, error)
        return _Copy(parse(body, self._agent), now, now + FRESH)

    def _remember(self, origin: str, copy: _Copy) -> None:
        self._copies[origin] = copy
        self._copies.move_to_end(origin)
        while len(self._copies) > self._max_hosts:
            self._copies.popitem(last=False)


def _anew(error: FetchError) -> FetchError:
    """Copy a kept error: raising one object again and again would make its traceback grow."""
    return FetchError(error.url, error.reason, error.detail, transient=error.transient, status=error.status)


_UNAVAILABLE = frozenset((FetchReason.TOO_MANY_REDIRECTS, FetchReason.BAD_REDIRECT))  # RFC 9309 §2.3.1.2


def _body(response: Response) -> bytes:
    """Return what the status makes of the body. Raises FetchError(ROBOTS) for 5xx."""
    if response.status >= 500:  # noqa: PLR2004 - the status classes of RFC 9309 §2.3.1
        raise FetchError(
            response.url, FetchReason.ROBOTS, f"robots.txt answered {response.status}", status=response.status
        )
    return response.body if 200 <= response.status < 300 else b""  # noqa: PLR2004 - the same
