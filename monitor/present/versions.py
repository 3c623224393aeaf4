"""What an article said, version by version, each with its difference from the one before. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

from monitor.model.records import ArticleHistory, ArticleVersion
from monitor.present.moments import rfc3339
from monitor.present.shapes import Json

_END: Final = re.compile(r"(?<=[.!?。…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """One version of an article, numbered from 1; `removed` and `added` are sentences, against the version before.

    `note` says of the last one how looking at it again went: since when it is gone, when the next look is.
    """

    number: int
    version: ArticleVersion
    title_before: str = ""
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    outcome: str = ""
    looked_at: datetime | None = None
    next_look_at: datetime | None = None
    gone_at: datetime | None = None


def version_records(history: ArticleHistory) -> tuple[VersionRecord, ...]:
    """Return the versions, oldest first; the last one knows how looking at the article again went."""
    first, last = history.versions[0], len(history.versions)
    found = [VersionRecord(1, first)]
    found += [_compared(number, before, now) for number, (before, now) in enumerate(pairwise(history.versions), 2)]
    newest = found.pop()
    looks = (history.outcome, history.looked_at, history.next_look_at, history.gone_at)
    return (*found, VersionRecord(last, newest.version, newest.title_before, newest.removed, newest.added, *looks))


def version_object(record: VersionRecord) -> dict[str, Json]:
    """Return a version as JSON; what does not apply is null."""
    version = record.version
    moments = {"looked_at": record.looked_at, "next_look_at": record.next_look_at, "gone_at": record.gone_at}
    return {
        "version": record.number,
        "since": rfc3339(version.since),
        "title": version.title,
        "title_before": record.title_before or None,
        "removed": list(record.removed),
        "added": list(record.added),
        "subtitle": version.subtitle,
        "body": version.body,
        "captions": list(version.captions),
        "outcome": record.outcome or None,
        **{name: None if moment is None else rfc3339(moment) for name, moment in moments.items()},
    }


def _compared(number: int, before: ArticleVersion, now: ArticleVersion) -> VersionRecord:
    old, new = _sentences(before), _sentences(now)
    removed, added = list[str](), list[str]()
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            removed += old[first:last]
            added += new[start:end]
    title = before.title if before.title != now.title else ""
    return VersionRecord(number, now, title, tuple(removed), tuple(added))


def _sentences(version: ArticleVersion) -> list[str]:
    text = "\n".join((version.subtitle, version.body, *version.captions))
    return [" ".join(one.split()) for one in _END.split(text) if one.strip()]
