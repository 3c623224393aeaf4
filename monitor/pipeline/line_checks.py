"""The line looks after itself: does the database take writes, has the disk room, do messages go out in time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from monitor.channels.words.compose import compose
from monitor.model.confidential import hide
from monitor.model.errors import StoreError
from monitor.model.event import AlarmEnded, AlarmRaised
from monitor.model.line import OldestMessage, Standing, Topic
from monitor.model.operator import OperatorNotice
from monitor.model.plan import Channel, Plan
from monitor.notify.line import (
    DATABASE_RECOVERED,
    DISK_LOW,
    LATE,
    database_recovered,
    disk,
    disk_topic,
    late,
    late_topic,
)
from monitor.notify.policy import channel_reason, decide_event
from monitor.pipeline.ports import Clock, Observer, Plans
from monitor.schedule.calendar import CALENDAR
from monitor.store.write.line_store import LineStore
from monitor.store.write.maintenance import Maintenance
from monitor.store.write.messages import Announcement

HANGS: Final = 60.0
"""Seconds after which a write that has not ended counts as refused: longer than another program may hold SQLite's lock."""

UNWRITABLE: Final = "database.unwritable"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLimits:
    """What the line is held against: how long a message may wait, and which folders need room.

    `folders` are looked at by `free`, which returns the bytes left on their disks and may raise OSError. `owner` is the name of
    the data folder, by which two machines with one path are told apart.
    """

    late: timedelta
    folders: tuple[Path, ...]
    owner: str
    free: Callable[[Path], int]


@dataclass(slots=True)
class _Memory:
    """What one look leaves for the next: since when no write succeeds, which channels were late, and which have no alarm up."""

    unwritable_since: datetime | None = None
    error: str = ""
    suspected: set[str] = field(default_factory=set)
    calm: set[str] = field(default_factory=set)


def announcing(plan: Plan) -> Announcement:
    """Return how the operator hears of an event under that plan."""
    return Announcement(partial(decide_event, plan=plan, calendar=CALENDAR), compose)


@dataclass(frozen=True, slots=True)
class LineChecks:
    """The chore `line`: raises and ends the alarms of the line itself."""

    line_store: LineStore
    maintenance: Maintenance
    plans: Plans
    observer: Observer
    clock: Clock
    limits: LineLimits
    _memory: _Memory = field(default_factory=_Memory)

    async def __call__(self) -> None:
        """Look once. What a database that takes no writes cannot tell is a line in the log, and told when it is back."""
        try:
            async with asyncio.timeout(HANGS):
                await self.maintenance.check_writable()
            await self._tell_of_database()
            await self._look_at_disks()
            await self._look_at_queues()
        except StoreError as error:
            self._note_unwritable(hide(str(error)))
        except TimeoutError:
            self._note_unwritable(f"a write has not ended after {HANGS:.0f} s")

    def _note_unwritable(self, error: str) -> None:
        self._memory.error = error
        if self._memory.unwritable_since is None:
            self._memory.unwritable_since = self.clock()
            action = "nothing is polled or sent until it does: is there room on its disk, may it be written, is its server up?"
            self.observer.report(AlarmRaised(UNWRITABLE, f"the database takes no writes: {error}", action))

    async def _tell_of_database(self) -> None:
        since, now = self._memory.unwritable_since, self.clock()
        if since is None:
            return
        notice = database_recovered(since, now, self._memory.error)

        def decide(told: Standing | None) -> OperatorNotice | None:
            # Of several daemons on one database one tells.
            return None if told is not None and told.at >= since else notice

        await self.line_store.tell(Topic(notice.about, (DATABASE_RECOVERED,)), decide, self._announcement())
        self._memory.unwritable_since = None
        self.observer.report(AlarmEnded(UNWRITABLE, notice.summary.en))

    async def _look_at_disks(self) -> None:
        for folder in self.limits.folders:
            try:
                free = await asyncio.to_thread(self.limits.free, folder)
            except OSError:
                continue  # a folder that is gone ends the daemon, with a line of its own
            topic = disk_topic(str(folder), self.limits.owner)
            decide = partial(_disk, str(folder), topic, free, self.clock())
            await self._tell(topic, decide, DISK_LOW)

    async def _look_at_queues(self) -> None:
        now, oldest = self.clock(), await self.line_store.oldest()
        known = {one.id: one for one in self.plans.current()[0].channels if channel_reason(one) is None}
        for channel in (known[one] for one in oldest if one in known):
            await self._look_at_queue(channel, oldest, now)

    async def _look_at_queue(self, channel: Channel, oldest: Mapping[str, OldestMessage | None], now: datetime) -> None:
        """Tell of a channel that is late at two looks in a row: what a restart left goes out within seconds."""
        found, memory = oldest[channel.id], self._memory
        if found is not None and now - found.since > self.limits.late:
            memory.calm.discard(channel.id)
            if channel.id not in memory.suspected:
                memory.suspected.add(channel.id)
                return
        else:
            memory.suspected.discard(channel.id)
            if channel.id in memory.calm:
                return
        decide = partial(_queue, channel, found, now, self.limits.late)
        await self._tell(late_topic(channel.id), decide, LATE)
        if found is None:
            memory.calm.add(channel.id)

    async def _tell(
        self, topic: Topic, decide: Callable[[Standing | None], OperatorNotice | None], raised: str
    ) -> None:
        notice = await self.line_store.tell(topic, decide, self._announcement())
        if notice is None:
            return
        if notice.type == raised:
            self.observer.report(AlarmRaised(notice.type, notice.summary.en, notice.action.en))
        else:
            self.observer.report(AlarmEnded(raised, notice.summary.en))

    def _announcement(self) -> Announcement:
        return announcing(self.plans.current()[0])


def _disk(folder: str, topic: Topic, free: int, now: datetime, told: Standing | None) -> OperatorNotice | None:
    return disk(folder, topic, free, told, now)


def _queue(
    channel: Channel, oldest: OldestMessage | None, now: datetime, limit: timedelta, told: Standing | None
) -> OperatorNotice | None:
    return late(channel, oldest, told, now, limit)
