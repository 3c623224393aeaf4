"""Do the lists and feeds answer with articles? Counts polls in a row, by URL. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from monitor.health.memory import UrlMemory
from monitor.health.outage import UNANSWERED
from monitor.model.health import ListCheck, SourceProblem

LONGEST_DETAIL: Final = 300
IN_A_ROW: Final[Mapping[SourceProblem, int]] = {
    SourceProblem.UNREACHABLE: 3,
    SourceProblem.ROBOTS: 2,
    SourceProblem.EMPTY: 2,
    SourceProblem.NO_ENTRIES: 2,
}
"""How many polls in a row have to fail. A network hiccup is common, a page without articles is not."""
PATIENCE: Final = timedelta(minutes=10)  # a host that is restarted is back by then
ODD_POLLS: Final = 2
ADOPTED: Final = 50  # polls after which another encoding, read without a fault, is the normal one
GARBLED: Final = 0.3  # share of titles with broken characters


@dataclass(frozen=True, slots=True)
class AccessRefusal:
    """A list or feed that has given nothing for long enough."""

    url: str
    problem: SourceProblem
    since: datetime
    polls: int
    detail: str


def remember(urls: Mapping[str, UrlMemory], lists: Sequence[ListCheck], now: datetime) -> dict[str, UrlMemory]:
    """Take a poll into the memory; URLs that were not polled stay as they are."""
    return {**urls, **{check.url: _after(urls.get(check.url, UrlMemory()), check, now) for check in lists}}


def refusals(urls: Mapping[str, UrlMemory], now: datetime) -> tuple[AccessRefusal, ...]:
    """Return the URLs that deserve an alarm, the one that fails longest first."""
    found = [
        AccessRefusal(name, url.problem, url.bad_since, url.bad, url.detail)
        for name, url in urls.items()
        if url.problem is not None and url.bad_since is not None and _due(url, url.problem, url.bad_since, now)
    ]
    return tuple(sorted(found, key=lambda one: one.since))


def cause(urls: Mapping[str, UrlMemory]) -> str:
    """Return what all lists fail of; "" where one answers, or they fail of different things."""
    found = {url.cause if url.problem is not None else "" for url in urls.values()}
    if found <= UNANSWERED:
        return min(found, default="")
    return found.pop() if len(found) == 1 else ""


def recovered_for(urls: Mapping[str, UrlMemory], polls: int) -> bool:
    """Return whether every URL has answered well so many times in a row."""
    return all(url.good >= polls for url in urls.values())


def oddities(urls: Mapping[str, UrlMemory]) -> tuple[tuple[str, str], ...]:
    """Return (URL, what is odd) of the lists whose encoding has changed."""
    return tuple((name, url.oddity) for name, url in urls.items() if url.odd >= ODD_POLLS)


def _due(url: UrlMemory, problem: SourceProblem, since: datetime, now: datetime) -> bool:
    patient = problem is SourceProblem.UNREACHABLE and now - since < PATIENCE
    return url.bad >= IN_A_ROW[problem] and not patient


def _after(url: UrlMemory, check: ListCheck, now: datetime) -> UrlMemory:
    if check.problem is not None:
        detail = check.detail[:LONGEST_DETAIL]
        return replace(
            url,
            bad=url.bad + 1,
            bad_since=url.bad_since or now,
            problem=check.problem,
            detail=detail,
            cause=check.cause,
            good=0,
        )
    well = replace(url, bad=0, bad_since=None, problem=None, detail="", cause="", good=url.good + 1)
    return well if check.unchanged else _spelled(well, check)


def _spelled(url: UrlMemory, check: ListCheck) -> UrlMemory:
    """Compare the encoding with the usual one."""
    if check.garbled >= GARBLED:
        oddity = f"{check.garbled:.0%} of the titles hold characters that could not be decoded ({check.charset})"
        return replace(url, odd=url.odd + 1, oddity=oddity)
    if url.charset in {"", check.charset} or url.odd >= ADOPTED:
        return replace(url, charset=check.charset, odd=0, oddity="")
    return replace(url, odd=url.odd + 1, oddity=f"{url.charset} before, {check.charset} now")
