"""The outside watchdog hears from us while all is well, and only then: its silence is the alarm that no message could tell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from monitor.model.confidential import hide
from monitor.model.errors import FetchError, StoreError
from monitor.model.event import AlarmEnded, AlarmRaised, PingFailed
from monitor.net.client import HttpClient
from monitor.notify.line import unwell
from monitor.pipeline.ports import Clock, Observer
from monitor.store.write.line_store import LineStore
from monitor.store.write.maintenance import Maintenance

HANGS: Final = 60.0
"""Seconds after which a database that has not answered counts as one that takes no writes."""

WITHHELD: Final = "watchdog.withheld"
_KEEP: Final = 1_024  # bytes of an answer that nobody reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Ping:
    """What is got while all is well: the confidential `url`, by the client of deliveries.

    `late` is how long a message may wait. `alive` returns whether the daemon's heart beats. `note` keeps for `monitor doctor`
    what came of it: "" for a ping that was taken.
    """

    url: str = field(repr=False)
    client: HttpClient
    late: timedelta
    alive: Callable[[], bool]
    note: Callable[[str], None]


@dataclass(slots=True)
class _Record:
    """Why there was no ping last, and how many failed in a row."""

    withheld: tuple[str, ...] = ()
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Watchdog:
    """The chore `watchdog`: one ping, or a line that says why there is none."""

    line_store: LineStore
    maintenance: Maintenance
    observer: Observer
    clock: Clock
    ping: Ping
    _record: _Record = field(default_factory=_Record)

    async def __call__(self) -> None:
        """Get the address if the heart beats, sources are polled, the database takes a write and messages go out."""
        reasons = await self._reasons()
        self._say(reasons)
        if reasons:
            self.ping.note("withheld: " + "; ".join(reasons))
            return
        if failure := await self._send():
            self._record.failures += 1
            self.observer.report(PingFailed(failure, self._record.failures))
            self.ping.note(f"failed: {failure}")
        else:
            self._record.failures = 0
            self.ping.note("")

    async def _reasons(self) -> tuple[str, ...]:
        now = self.clock()
        still = () if self.ping.alive() else ("the daemon's heart does not beat",)
        try:
            async with asyncio.timeout(HANGS):
                await self.maintenance.check_writable()
                state = await self.line_store.state(now)
        except (StoreError, TimeoutError):
            return (*still, "the database takes no writes")
        return (*still, *unwell(state, now, self.ping.late))

    def _say(self, reasons: tuple[str, ...]) -> None:
        """Report once why there are no pings, and when there are again."""
        before, self._record.withheld = self._record.withheld, reasons
        if set(reasons) - set(before):
            action = "no ping is sent until this is mended; monitor doctor says how"
            self.observer.report(AlarmRaised(WITHHELD, "; ".join(reasons), action))
        elif before and not reasons:
            self.observer.report(AlarmEnded(WITHHELD, "all is well; the watchdog is pinged again"))

    async def _send(self) -> str:
        """Return what kept a ping from being taken, "" when it was."""
        try:
            answer = await self.ping.client.get(self.ping.url, keep=_KEEP)
        except FetchError as error:
            return hide(f"{error.reason}: {error.detail}" if error.detail else str(error.reason))
        return "" if answer.status < HTTPStatus.BAD_REQUEST else f"status {answer.status}"
