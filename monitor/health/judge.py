"""Raise, keep or clear: what a poll of a source means, given what is remembered of it and of the others. Pure.

An alarm is raised once and cleared once. What raises it is stricter than what keeps it, and an alarm about access that
comes back within a day takes longer to clear each time, so that a source that comes and goes is one alarm, not twenty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from monitor.health import access, losses, staleness, wording, yields
from monitor.health import outage as network
from monitor.health.memory import FieldMemory, Memory
from monitor.model.health import HARD, Alarm, Bilingual, Day, Notice, Peer, PollReport, SourceProblem
from monitor.model.rhythm import UsualRhythm

RECOVERY_POLLS: Final = 2  # good polls that end an alarm about access; doubled by each earlier one within a day
MOST_DOUBLINGS: Final = 4
REPEAT_WINDOW: Final = timedelta(hours=24)
NEW_NORMAL: Final = timedelta(days=14)  # what has been so for so long is no alarm any more


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be stored and told. `outage` is the alarm about all sources after this poll, None when there is none.

    `recovered`: the source answers again, and sources that still fail of one of these causes are worth a poll at once.
    """

    memory: Memory
    notices: tuple[Notice, ...]
    outage: Alarm | None
    day: Day
    recovered: frozenset[str] = frozenset()


def judge(
    memory: Memory, report: PollReport, outage: Alarm | None, peers: Callable[[], Sequence[Peer]], rhythm: UsualRhythm
) -> Judgement:
    """Return what a poll means, for a source of that usual rhythm.

    `peers` returns the other sources that are watched; it is asked only when needed.
    """
    known = memory if memory.basis in {"", report.basis} else Memory(alarms=memory.alarms, raised=memory.raised)
    seen = _remember(known, report, rhythm)
    before = {alarm.problem: alarm for alarm in seen.alarms}
    after_outage, hard = _access(seen, report, outage, peers)
    soft = tuple(
        alarm
        for alarm in (
            _yield(seen, report, access_fails=bool(hard)),
            _gaps(seen, report),
            _encoding(seen, report),
            _stale(seen, report, rhythm),
        )
        if alarm
    )
    alarms = (*hard, *soft)
    kept = {alarm.problem for alarm in alarms}
    raised = [alarm for alarm in alarms if alarm.problem not in before]
    cleared = [alarm for alarm in before.values() if alarm.problem not in kept]
    notices = (
        *(_notice(report, alarm, broken=False) for alarm in cleared),
        *(_notice(report, alarm, broken=True) for alarm in raised),
        *_outage_notices(outage, after_outage, report, peers),
    )
    raised_at = tuple(moment for moment in seen.raised if report.at - moment < REPEAT_WINDOW)
    if any(alarm.problem in HARD for alarm in raised):
        raised_at = (*raised_at, report.at)[-MOST_DOUBLINGS:]
    fields = _fields(seen, raised, cleared)
    after = replace(seen, fields=fields, alarms=alarms, raised=raised_at)
    answers = memory.failing_since is not None and after.failing_since is None
    recovered = network.alike(memory.cause) if answers else frozenset[str]()
    return Judgement(after, notices, after_outage, losses.day(after.losses), recovered)


def _remember(memory: Memory, report: PollReport, rhythm: UsualRhythm) -> Memory:
    """Take a poll into the memory, without judging it."""
    up = {alarm.problem for alarm in memory.alarms}
    fields = yields.remember(memory.fields, report.articles, frozen=SourceProblem.YIELD in up)
    memory = replace(memory, basis=report.basis, fields=fields)
    if not report.lists:
        return memory
    watched = {check.url for check in report.lists}
    urls = {name: url for name, url in memory.urls.items() if name in watched}
    answered = any(check.problem is None for check in report.lists)
    now, since = report.at, memory.polled_at
    new = sum(check.new for check in report.lists if not check.first)
    silence = memory.silence
    if answered:
        silence = staleness.remember(silence, rhythm, since, now, new)
    frozen = SourceProblem.GAPS in up
    urls = access.remember(urls, report.lists, now)
    return replace(
        memory,
        cause=access.cause(urls),
        urls=urls,
        silence=silence,
        losses=losses.remember(memory.losses, report.lists, since, now, rhythm.rate, frozen=frozen),
        polled_at=now if answered or since is None else since,
    )


def _access(
    memory: Memory, report: PollReport, outage: Alarm | None, peers: Callable[[], Sequence[Peer]]
) -> tuple[Alarm | None, tuple[Alarm, ...]]:
    """Return (the alarm about all sources, the source's alarm about access) after this poll."""
    up = tuple(alarm for alarm in memory.alarms if alarm.problem in HARD)
    if outage is not None and report.lists:
        own = Peer(report.at, memory.failing_since, memory.cause)
        outage = None if network.over((own, *peers())) else outage
    if up:
        doublings = min(len(memory.raised) - 1, MOST_DOUBLINGS) if memory.raised else 0
        return outage, () if access.recovered_for(memory.urls, RECOVERY_POLLS << max(doublings, 0)) else up
    refusals = access.refusals(memory.urls, report.at) if report.lists else ()
    if not refusals or (outage is not None and network.may_hide(memory.cause)):
        return outage, ()
    worst = refusals[0]
    found = None if outage is not None else network.begun(worst.since, memory.cause, peers())
    if found is not None:
        seen = wording.outage(*found, worst.detail)
        return Alarm(SourceProblem.NETWORK, worst.since, seen, wording.action(SourceProblem.NETWORK, "")), ()
    seen = wording.refused(worst, len(refusals) - 1)
    return outage, (Alarm(worst.problem, worst.since, seen, wording.action(worst.problem, report.source_id)),)


def _outage_notices(
    before: Alarm | None, after: Alarm | None, report: PollReport, peers: Callable[[], Sequence[Peer]]
) -> tuple[Notice, ...]:
    if (before is None) == (after is None):
        return ()
    alarm = after or before
    assert alarm is not None  # noqa: S101 - one of the two is there
    return (Notice(after is not None, alarm, report.at, sources=len(peers()) + 1),)


def _yield(memory: Memory, report: PollReport, *, access_fails: bool) -> Alarm | None:
    """Return the alarm about fields. None begins while access fails: pages that are refused are the same trouble."""
    up = _up(memory, SourceProblem.YIELD)
    if up is not None:
        old = report.at - up.since >= NEW_NORMAL
        return None if old or (report.articles and yields.well(memory.fields)) else up
    refused = access_fails or any(url.problem is not None for url in memory.urls.values())
    falls = yields.falls(memory.fields) if report.articles and not refused else ()
    return _alarm(SourceProblem.YIELD, report, wording.fallen(falls)) if falls else None


def _gaps(memory: Memory, report: PollReport) -> Alarm | None:
    up = _up(memory, SourceProblem.GAPS)
    if not losses.lossy(memory.losses, raised=up is not None):
        return None
    return up or _alarm(SourceProblem.GAPS, report, wording.gone_by(*losses.figures(memory.losses)))


def _encoding(memory: Memory, report: PollReport) -> Alarm | None:
    found = access.oddities(memory.urls)
    if not found:
        return None
    return _up(memory, SourceProblem.ENCODING) or _alarm(SourceProblem.ENCODING, report, wording.odd(found))


def _stale(memory: Memory, report: PollReport, rhythm: UsualRhythm) -> Alarm | None:
    silence = memory.silence
    if not staleness.silent(silence, rhythm):
        return None
    hours = (report.at - silence.last_new).total_seconds() / 3600 if silence.last_new else 0.0
    seen = wording.silent(hours, silence.expected)
    return _up(memory, SourceProblem.STALE) or _alarm(SourceProblem.STALE, report, seen)


def _fields(memory: Memory, raised: Sequence[Alarm], cleared: Sequence[Alarm]) -> dict[str, FieldMemory]:
    """Keep what is wrong out of the past, and what is over out of the present."""
    fields = dict(memory.fields)
    if any(alarm.problem is SourceProblem.YIELD for alarm in raised):
        return yields.forget(fields, yields.falls(fields))
    if any(alarm.problem is SourceProblem.YIELD for alarm in cleared):
        return yields.accept(fields) if yields.well(fields) else yields.adopt(fields)
    return fields


def _up(memory: Memory, problem: SourceProblem) -> Alarm | None:
    return next((alarm for alarm in memory.alarms if alarm.problem is problem), None)


def _alarm(problem: SourceProblem, report: PollReport, seen: Bilingual) -> Alarm:
    return Alarm(problem, report.at, seen, wording.action(problem, report.source_id))


def _notice(report: PollReport, alarm: Alarm, *, broken: bool) -> Notice:
    return Notice(broken, alarm, report.at, report.source_id, report.source_name)
