"""What a poll of a source showed of its health, and what is said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from monitor.model.policy import Severity


class SourceProblem(StrEnum):
    """What can be wrong with a source. The first four say that its lists or feeds give nothing at all."""

    UNREACHABLE = "unreachable"  # fetching fails
    ROBOTS = "robots"  # robots.txt forbids it now
    EMPTY = "empty"  # an answer of status 200 without content
    NO_ENTRIES = "no_entries"  # a page with content that links to no article
    YIELD = "yield"  # articles are stored with less than before: a definition no longer fits
    GAPS = "gaps"  # articles went by unseen
    ENCODING = "encoding"  # another character encoding than before, or broken characters
    STALE = "stale"  # nothing new for longer than the source's own rhythm explains
    NETWORK = "network"  # no server answers any more: this machine, not the sources


HARD = frozenset({SourceProblem.UNREACHABLE, SourceProblem.ROBOTS, SourceProblem.EMPTY, SourceProblem.NO_ENTRIES})
"""Signs that a list or feed gave nothing."""


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One thing said in English and in Korean."""

    en: str
    ko: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something is wrong since `since` (UTC): what was seen, and what to do."""

    problem: SourceProblem
    since: datetime
    summary: Bilingual
    action: Bilingual


@dataclass(frozen=True, slots=True)
class ListCheck:
    """One reading of one list or feed. `problem` is one of HARD, with `detail`, or None when it answered.

    `cause` is one word or two for what fails alike whatever the address: "dns", "timeout", "status 403", "content".

    `entries` are the identities that it showed, `new` how many of them the source had never shown. `unchanged`: the same
    page as before, which says nothing of entries. `first`: the URL had never been read before. `overrun`: nothing that it
    showed was known, so that articles may have gone by unseen. `garbled` is the share of titles with characters that could
    not be decoded.
    """

    url: str
    problem: SourceProblem | None = None
    detail: str = ""
    cause: str = ""
    unchanged: bool = False
    first: bool = False
    entries: tuple[str, ...] = ()
    new: int = 0
    overrun: bool = False
    charset: str = ""
    garbled: float = 0.0


@dataclass(frozen=True, slots=True)
class PollReport:
    """All that one poll saw of a source at `at` (UTC). `basis` changes when the source is defined otherwise.

    `articles` has for each article that was tried {field: which way won}; `page` says whether it could be read at all
    ("read", or why not).
    """

    source_id: str
    source_name: str
    at: datetime
    basis: str
    lists: tuple[ListCheck, ...] = ()
    articles: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Peer:
    """Another source that is watched: when it was polled last, and since when it gives nothing (None: it answers).

    `cause` is what all its lists fail of (ListCheck), "" where they do not fail alike.
    """

    polled_at: datetime
    failing_since: datetime | None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What the operator is told. `broken` False: it is over. `source_id` "" means all sources.

    `at` is when it was decided. `sources` counts the sources that a notice about all sources is based on.
    """

    broken: bool
    alarm: Alarm
    at: datetime
    source_id: str = ""
    source_name: str = ""
    sources: int = 1

    @property
    def type(self) -> str:
        """Return the type of the message: source.broken or source.recovered."""
        return "source.broken" if self.broken else "source.recovered"

    @property
    def severity(self) -> Severity:
        """Return how severe it is: critical when it is about all sources."""
        return "warning" if self.source_id else "critical"


@dataclass(frozen=True, slots=True)
class Day:
    """How much of a day was seen: entries seen, and an estimate of articles that went by unseen."""

    date: str
    seen: int
    missed: int


@dataclass(frozen=True, slots=True)
class HealthWrite:
    """What a poll meant, as the store keeps it: `memory` of the source and `outage` of all are plain JSON data.

    `outage` is None when there is no alarm about all sources. `failing_since` and `polled_at` are what
    other sources see of it (Peer), with the text `cause` of `memory`. `recovered`: the source answers
    again, and those that still fail of one of these causes are to be polled at once.
    """

    memory: Mapping[str, Any]
    outage: Mapping[str, Any] | None
    polled_at: datetime | None
    failing_since: datetime | None
    notices: tuple[Notice, ...]
    day: Day
    recovered: frozenset[str] = frozenset()
