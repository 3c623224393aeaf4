"""What needs a person, the most urgent first: one entry for each cause, with what to do about it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from monitor.model.errors import ConfigProblem
from monitor.model.records import ChannelRecord, SourceRecord
from monitor.present.causes import plain_error
from monitor.service.config_watch import FilesState
from monitor.service.failing_alike import failing_alike, troubled_alike
from monitor.service.line_watch import LineSummary
from monitor.service.receiver_advice import advice_name


class NeedKind(StrEnum):
    """What sort of thing needs a person."""

    OUTAGE = "outage"  # all sources fail alike: look between this machine and them
    CONFIG = "config"  # the files are wrong; the plan before is in force
    UNTAKEN = "untaken"  # the files are right, and say another plan than the one in force
    RESTART = "restart"  # settings were changed that hold from the next start on
    SHUT = "shut"  # a receiver shut its channel
    FAILING = "failing"  # a channel does not get its messages through
    ALIKE = "alike"  # several sources fail of one cause
    SOURCE = "source"  # a source is ill
    DEAD = "dead"  # messages were given up


@dataclass(frozen=True, slots=True)
class Need:
    """Something that needs a person. `ids` are the sources or channels it is about, `names` what they are called.

    `since` is None where it is not known, `count` what waits, was missed or was given up; `detail` and `action` are words for
    people, "" where `kind` says it all; `problem` is the first fault of the files; `advice` is the name of what to do about
    a receiver (ADVICE), or of what to ask oneself where sources fail alike on the way to them (QUESTIONS).
    """

    kind: NeedKind
    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    since: datetime | None = None
    count: int = 0
    detail: str = ""
    action: str = ""
    problem: ConfigProblem | None = None
    advice: str = ""


def needs(line: LineSummary, files: FilesState, zone: tzinfo) -> tuple[Need, ...]:
    """Return what needs a person: what stops all first, then what stops one thing. Times in words are in `zone`."""
    found: list[Need] = []
    if line.outage:
        found.append(Need(NeedKind.OUTAGE, count=len(line.ill), detail=line.outage))
    if files.problems:
        found.append(Need(NeedKind.CONFIG, count=len(files.problems), problem=files.problems[0]))
    if files.differs:
        found.append(Need(NeedKind.UNTAKEN, detail=", ".join(files.names)))
    if files.restart:
        found.append(Need(NeedKind.RESTART))
    found += [_channel(one) for one in line.closed]
    if not line.outage:
        found += _sources(line.ill, zone)
    found += [
        Need(NeedKind.DEAD, (one.id,), (one.id,), count=one.dead)
        for one in line.in_use
        if one.dead and one.state == "open"
    ]
    return tuple(found)


def _channel(one: ChannelRecord) -> Need:
    kind = NeedKind.SHUT if one.state == "shut" else NeedKind.FAILING
    return Need(
        kind, (one.id,), (one.id,), one.since, one.waiting, plain_error(one.reason), advice=advice_name(one.reason)
    )


def _sources(records: Sequence[SourceRecord], zone: tzinfo) -> Iterator[Need]:
    """Yield those that are ill of one cause as one, the others each by itself."""
    by_id = {one.id: one for one in records}
    told: set[str] = set()
    groups = [(one.cause, one.action, one.question, one.sources) for one in failing_alike(records)]
    groups += [(one.example, one.action, one.question, one.sources) for one in troubled_alike(records, zone)]
    for words, action, question, ids in groups:
        those = [by_id[one] for one in ids if one not in told]
        told.update(ids)
        since = min((one.since for one in those if one.since), default=None)
        names = tuple(one.name or one.id for one in those)
        missed = sum(one.missed_today for one in those)
        yield Need(NeedKind.ALIKE, tuple(ids), names, since, missed, words, action, advice=question)
    yield from (_source(one) for one in records if one.id not in told)


def _source(one: SourceRecord) -> Need:
    words = one.summary or plain_error(one.last_error)
    return Need(NeedKind.SOURCE, (one.id,), (one.name or one.id,), one.since, one.missed_today, words, one.action)
