"""Raise, keep or clear: what a look at a source means, given what is remembered of it and of the others. Pure.

An alarm is raised once and cleared once. What raises it is stricter than what keeps it, and an alarm about access that
comes back within a day takes longer to clear each time, so that a source that comes and goes is one alarm, not twenty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from monitor.health import access, losses, rhythm, words, yields
from monitor.health.memory import FieldMemory, Memory
from monitor.model.health import HARD, Alarm, Bilingual, Day, Notice, Peer, PollReport, SourceProblem

CALM_LOOKS: Final = 2  # good looks that end an alarm about access; doubled by each earlier one within a day
MOST_DOUBLINGS: Final = 4
SCAR: Final = timedelta(hours=24)
TOGETHER: Final = timedelta(minutes=30)  # sources that began to fail within it of each other failed together
STORM_LEAST, STORM_SHARE, STORM_OVER = 3, 0.5, 0.25
NEW_NORMAL: Final = timedelta(days=14)  # what has been so for so long is no alarm any more


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is to be stored and told. `storm` is the house's alarm after this look, None when there is none.

    `relieved`: the source answers again while the house has an alarm: the others are worth a look at once.
    """

    memory: Memory
    notices: tuple[Notice, ...]
    storm: Alarm | None
    day: Day
    relieved: bool = False


def judge(memory: Memory, look: PollReport, storm: Alarm | None, peers: Callable[[], Sequence[Peer]]) -> Judgement:
    """Return what a look means. `peers` answers the other sources that are watched; it is asked only when needed."""
    known = memory if memory.basis in {"", look.basis} else Memory(alarms=memory.alarms, raised=memory.raised)
    seen = _remember(known, look)
    before = {alarm.trouble: alarm for alarm in seen.alarms}
    after_storm, hard = _access(seen, look, storm, peers)
    soft = tuple(
        alarm for alarm in (_yield(seen, look), _gaps(seen, look), _encoding(seen, look), _stale(seen, look)) if alarm
    )
    alarms = (*hard, *soft)
    kept = {alarm.trouble for alarm in alarms}
    raised = [alarm for alarm in alarms if alarm.trouble not in before]
    cleared = [alarm for alarm in before.values() if alarm.trouble not in kept]
    notices = (
        *(_notice(look, alarm, broken=False) for alarm in cleared),
        *(_notice(look, alarm, broken=True) for alarm in raised),
        *_storm_notices(storm, after_storm, look, peers),
    )
    scars = tuple(moment for moment in seen.raised if look.at - moment < SCAR)
    if any(alarm.trouble in HARD for alarm in raised):
        scars = (*scars, look.at)[-MOST_DOUBLINGS:]
    fields = _fields(seen, raised, cleared)
    after = replace(seen, fields=fields, alarms=alarms, raised=scars)
    relieved = storm is not None and memory.failing_since is not None and after.failing_since is None
    return Judgement(after, notices, after_storm, losses.day(after.losses), relieved)


def _remember(memory: Memory, look: PollReport) -> Memory:
    """Take a look into the memory, without judging it."""
    up = {alarm.trouble for alarm in memory.alarms}
    fields = yields.remember(memory.fields, look.articles, frozen=SourceProblem.YIELD in up)
    memory = replace(memory, basis=look.basis, fields=fields)
    if not look.glances:
        return memory
    watched = {glance.url for glance in look.glances}
    urls = {name: url for name, url in memory.urls.items() if name in watched}
    answered = any(glance.trouble is None for glance in look.glances)
    now, since = look.at, memory.looked_at
    new = sum(glance.new for glance in look.glances if not glance.first)
    beat = memory.rhythm
    lost = losses.remember(
        memory.losses, look.glances, since, now, rhythm.rate(beat, now), frozen=SourceProblem.GAPS in up
    )
    if answered:
        beat = rhythm.remember(beat, since, now, new)
    return replace(
        memory,
        urls=access.remember(urls, look.glances, now),
        rhythm=beat,
        losses=lost,
        looked_at=now if answered or since is None else since,
    )


def _access(
    memory: Memory, look: PollReport, storm: Alarm | None, peers: Callable[[], Sequence[Peer]]
) -> tuple[Alarm | None, tuple[Alarm, ...]]:
    """Return (the house's alarm, the source's alarm about access) after this look."""
    up = tuple(alarm for alarm in memory.alarms if alarm.trouble in HARD)
    if storm is not None and look.glances and _storm_over(memory, peers()):
        storm = None
    if up:
        doublings = min(len(memory.raised) - 1, MOST_DOUBLINGS) if memory.raised else 0
        return storm, () if access.calm(memory.urls, CALM_LOOKS << max(doublings, 0)) else up
    refusals = access.refusals(memory.urls, look.at) if look.glances else ()
    if storm is not None or not refusals:
        return storm, ()
    worst = refusals[0]
    together, looked = _together(worst.since, peers())
    if together >= STORM_LEAST and together >= STORM_SHARE * looked:
        seen = words.storm(together, looked, worst.detail)
        return Alarm(SourceProblem.NETWORK, worst.since, seen, words.mend(SourceProblem.NETWORK, "")), ()
    seen = words.refused(worst, len(refusals) - 1)
    return None, (Alarm(worst.trouble, worst.since, seen, words.mend(worst.trouble, look.source_id)),)


def _together(since: datetime, peers: Sequence[Peer]) -> tuple[int, int]:
    """Return (sources that began to fail with this one, sources looked at since), this one included in both."""
    failing = sum(peer.failing_since is not None and abs(peer.failing_since - since) <= TOGETHER for peer in peers)
    well = sum(peer.failing_since is None and peer.looked_at >= since for peer in peers)
    return failing + 1, failing + well + 1


def _storm_over(memory: Memory, peers: Sequence[Peer]) -> bool:
    """Return whether sources answer again; those that are still put off count as failing."""
    failing = sum(peer.failing_since is not None for peer in peers) + (memory.failing_since is not None)
    return failing < STORM_OVER * (len(peers) + 1) if len(peers) + 1 >= STORM_LEAST else not failing


def _storm_notices(
    before: Alarm | None, after: Alarm | None, look: PollReport, peers: Callable[[], Sequence[Peer]]
) -> tuple[Notice, ...]:
    if (before is None) == (after is None):
        return ()
    alarm = after or before
    assert alarm is not None  # noqa: S101 - one of the two is there
    return (Notice(after is not None, alarm, look.at, sources=len(peers()) + 1),)


def _yield(memory: Memory, look: PollReport) -> Alarm | None:
    up = _up(memory, SourceProblem.YIELD)
    if up is not None:
        old = look.at - up.since >= NEW_NORMAL
        return None if old or (look.articles and yields.well(memory.fields)) else up
    falls = yields.falls(memory.fields) if look.articles else ()
    return _alarm(SourceProblem.YIELD, look, words.fallen(falls)) if falls else None


def _gaps(memory: Memory, look: PollReport) -> Alarm | None:
    up = _up(memory, SourceProblem.GAPS)
    if not losses.lossy(memory.losses, raised=up is not None):
        return None
    return up or _alarm(SourceProblem.GAPS, look, words.gone_by(*losses.figures(memory.losses)))


def _encoding(memory: Memory, look: PollReport) -> Alarm | None:
    found = access.oddities(memory.urls)
    if not found:
        return None
    return _up(memory, SourceProblem.ENCODING) or _alarm(SourceProblem.ENCODING, look, words.odd(found))


def _stale(memory: Memory, look: PollReport) -> Alarm | None:
    beat = memory.rhythm
    if not rhythm.silent(beat):
        return None
    hours = (look.at - beat.last_new).total_seconds() / 3600 if beat.last_new else 0.0
    return _up(memory, SourceProblem.STALE) or _alarm(SourceProblem.STALE, look, words.silent(hours, beat.expected))


def _fields(memory: Memory, raised: Sequence[Alarm], cleared: Sequence[Alarm]) -> dict[str, FieldMemory]:
    """Keep what is wrong out of the past, and what is over out of the present."""
    fields = dict(memory.fields)
    if any(alarm.trouble is SourceProblem.YIELD for alarm in raised):
        return yields.forget(fields, yields.falls(fields))
    if any(alarm.trouble is SourceProblem.YIELD for alarm in cleared):
        return yields.settle(fields) if yields.well(fields) else yields.adopt(fields)
    return fields


def _up(memory: Memory, trouble: SourceProblem) -> Alarm | None:
    return next((alarm for alarm in memory.alarms if alarm.trouble is trouble), None)


def _alarm(trouble: SourceProblem, look: PollReport, seen: Bilingual) -> Alarm:
    return Alarm(trouble, look.at, seen, words.mend(trouble, look.source_id))


def _notice(look: PollReport, alarm: Alarm, *, broken: bool) -> Notice:
    return Notice(broken, alarm, look.at, look.source_id, look.source_name)
