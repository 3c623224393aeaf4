"""Which sources fail of one cause, have one problem or are overdue together, so that it is said once. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from monitor.model.records import SourceRecord
from monitor.present.causes import causes, is_network, plain_error
from monitor.present.moments import in_zone

OVERDUE = "the daemon's log says why; restart it if it stays so"
_COUNTED = re.compile(r"\d+")
NAMED = 3
LEAST = 3
SILENT = 0.75  # share of the sources above which it is the network, whatever each of them fails of
UNREACHABLE = "unreachable"
_URL = re.compile(r"https?://([^\s/<>]*)\S*")
CONNECTED = "is this machine on the network, and may it reach the outlets (proxy, firewall, name server)?"
PROXIED = "is the proxy up, and is `proxy` of fetch: in monitor.yaml right?"
UNBELIEVED = "whose certificates are these? write your own authority's PEM file as `ca_file` of fetch: in monitor.yaml"
QUESTIONS: Final[Mapping[str, str]] = {"network": CONNECTED, "proxy": PROXIED, "tls": UNBELIEVED}
"""What to ask oneself, by a name that pages have words of their own for."""


def question_name(cause: str) -> str:
    """Return under which name QUESTIONS has what to ask when sources fail alike of a cause; "" if it is not on the way."""
    if cause.startswith("proxy") or "the proxy " in cause:
        return "proxy"
    if cause == "tls" or "`ca_file`" in cause:
        return "tls"
    return "network" if is_network(cause) else ""


@dataclass(frozen=True, slots=True)
class AlikeFailure:
    """A cause that several sources have. `sources` are their ids, `polled` counts those that are switched on.

    `others` are causes that some of them have instead.
    """

    cause: str
    sources: tuple[str, ...]
    polled: int
    others: int = 0

    @property
    def summary(self) -> str:
        """Return how many fail, of what, and which."""
        mixed = f" (or of {self.others} other cause{'s' * (self.others > 1)} on the way)" if self.others else ""
        return f"{len(self.sources)} of {self.polled} sources fail alike: {self.cause}{mixed} ({_named(self.sources)})"

    @property
    def action(self) -> str:
        """Return what to do."""
        return QUESTIONS.get(self.question, f"monitor sources {self.sources[0]}")

    @property
    def question(self) -> str:
        """Return the name of what to ask oneself, "" where the sources themselves are to be asked."""
        return question_name(self.cause)


@dataclass(frozen=True, slots=True)
class AlikeTrouble:
    """A problem that several sources have, or that they are overdue. `example` is how it is with the first of `sources`.

    `question` is the name of what to ask oneself, as with AlikeFailure.
    """

    example: str
    action: str
    sources: tuple[str, ...]
    question: str = ""

    @property
    def summary(self) -> str:
        """Return how many have it, how it is with one of them, and which they are."""
        return f"{len(self.sources)} sources alike: {self.example} ({_named(self.sources)})"


def troubled_alike(records: Sequence[SourceRecord], zone: tzinfo) -> tuple[AlikeTrouble, ...]:
    """Return each problem that LEAST sources or more have, whatever its numbers, and those that are overdue; most first.

    Those that fail with nearly all others of what lies on the way to them are left to `failing_alike`. Times are shown in
    `zone`.
    """
    silent = _silent(records)
    found: dict[tuple[str, str], list[SourceRecord]] = {}
    for record in records:
        if record.enabled and record not in silent and (record.problem or record.overdue):
            found.setdefault((record.problem, _pattern(record) if record.problem else ""), []).append(record)
    groups = [_trouble(problem, alike, zone) for (problem, _), alike in found.items() if len(alike) >= LEAST]
    return tuple(sorted(groups, key=lambda group: -len(group.sources)))


def _trouble(problem: str, alike: Sequence[SourceRecord], zone: tzinfo) -> AlikeTrouble:
    ids = tuple(record.id for record in alike)
    if problem:
        asked = question_name(causes(alike[0].last_error)) if problem == UNREACHABLE else ""
        action = QUESTIONS.get(asked, plain_error(alike[0].action))
        return AlikeTrouble(f"{problem}: {plain_error(alike[0].summary)}", action, ids, asked)
    due = [record.next_poll_at for record in alike if record.next_poll_at is not None]
    since = f", the first since {in_zone(min(due), zone)}" if due else ""
    return AlikeTrouble(f"overdue and not polled{since}", OVERDUE, ids)


def _silent(records: Sequence[SourceRecord]) -> tuple[SourceRecord, ...]:
    """Return the sources that get no answer from their servers, where they are nearly all; else none."""
    polled = [record for record in records if record.enabled]
    found = tuple(
        record
        for record in polled
        if record.problem in {"", UNREACHABLE} and not record.overdue and is_network(causes(record.last_error))
    )
    return found if len(found) >= LEAST and len(found) > SILENT * len(polled) else ()


def _pattern(record: SourceRecord) -> str:
    """Return what a problem says without the source's own names, addresses and numbers."""
    hosts = [found[1] for found in _URL.finditer(record.summary)]
    said = _URL.sub("", causes(record.summary))
    for own in (record.name, record.id, *hosts):
        said = said.replace(own, "") if own else said
    return _COUNTED.sub("#", said)


def _named(ids: Sequence[str]) -> str:
    more = len(ids) - NAMED
    return ", ".join(ids[:NAMED]) + (f" and {more} more" if more > 0 else "")


def failing_alike(records: Sequence[SourceRecord]) -> tuple[AlikeFailure, ...]:
    """Return each cause that LEAST sources or more have, the most frequent first; an alarm is a cause of its own.

    Where nearly all fail of what lies on the way to them that is one, alarm or not.
    """
    polled = [record for record in records if record.enabled]
    silent = _silent(records)
    found: dict[str, list[str]] = {}
    for record in polled:
        if record.last_error and not record.problem and not record.overdue and record not in silent:
            found.setdefault(causes(record.last_error), []).append(record.id)
    groups = [AlikeFailure(cause, tuple(ids), len(polled)) for cause, ids in found.items() if len(ids) >= LEAST]
    if silent:
        seen = Counter(causes(record.last_error) for record in silent)
        ids = tuple(record.id for record in silent)
        groups.append(AlikeFailure(seen.most_common(1)[0][0], ids, len(polled), len(seen) - 1))
    return tuple(sorted(groups, key=lambda group: -len(group.sources)))
