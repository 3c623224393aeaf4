"""One process: APScheduler rings, asyncio works."""

from __future__ import annotations

import asyncio
import math
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitor.model.event import Event, TaskFailed
from monitor.model.task import Task

OUTSTANDING = 5_000  # beyond this a task is dropped here and found again in the store


SHORTEST_REST, LONGEST_REST = 1.0, 300.0


@dataclass(frozen=True, slots=True)
class _Rest:
    """How long a task that raised is left alone: until a moment of the loop's clock, after a wait of so many seconds."""

    until: float
    wait: float


class LocalEngine:
    """Runs steps on the running event loop, each kind of task in a lane of its own width.

    `step` does a task and yields the tasks that follow. `due` finds what is due; it is asked every `tick` seconds.
    `report` hears of steps, and of ticks, that raised. A task that is already waiting or running is not taken twice; one
    that raised is left alone for a second, after each further time twice as long, for five minutes at most.
    """

    def __init__(
        self,
        step: Callable[[Task], AsyncIterator[Task]],
        due: Callable[[], Awaitable[Sequence[Task]]],
        report: Callable[[Event], None],
        *,
        lanes: Mapping[type[Task], int],
        tick: float = 1.0,
    ) -> None:
        self._step = step
        self._due = due
        self._report = report
        self._lanes = {kind: asyncio.Semaphore(width) for kind, width in lanes.items()}
        self._tick = tick
        self._running: dict[Task, asyncio.Task[None]] = {}
        self._rests: dict[Task, _Rest] = {}
        self._ringing: asyncio.Task[None] | None = None  # kept, or the loop would forget it half-way
        self._closed = False
        self._ticked_at = self._rang_at = -math.inf
        # Defaults of APScheduler 3 drop a run that is a second late; ours are few, idempotent and may be late.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def start(self) -> None:
        """Begin to ring: at once, then every tick."""
        self._scheduler.add_job(self._dispatch, "interval", seconds=self._tick, id="tick")
        self._scheduler.start()
        self._ticked_at = asyncio.get_running_loop().time()
        self.ring_soon()

    def every(self, seconds: float, task: Task) -> None:
        """Submit a task again and again."""
        self._scheduler.add_job(self._take, "interval", seconds=seconds, args=(task,))

    def ring_soon(self) -> None:
        """Ask for what is due now, without waiting for the tick (after a reload)."""
        if not self._closed and (self._ringing is None or self._ringing.done()):
            self._ringing = asyncio.get_running_loop().create_task(self._ring())

    def submit(self, task: Task) -> bool:
        """Take a task; return False when it is already here, when the engine is full, or when it is shutting down."""
        if self._closed or task in self._running or len(self._running) >= OUTSTANDING or self._resting(task):
            return False
        self._running[task] = asyncio.get_running_loop().create_task(self._work(task), name=repr(task))
        return True

    def still(self) -> tuple[float, float]:
        """Return for how many seconds the engine has not ticked, and for how many nothing was heard of what is due.

        Both are infinite before it was started, the second until it was asked with success.
        """
        now = asyncio.get_running_loop().time()
        return now - self._ticked_at, now - self._rang_at

    @property
    def idle(self) -> bool:
        """Return whether no task is waiting or running."""
        return not self._running

    async def join(self) -> None:
        """Wait until no task is waiting or running, follow-ups included."""
        while self._running:
            await asyncio.wait(tuple(self._running.values()))

    async def drain(self, deadline: float) -> int:
        """Take nothing more, give what runs `deadline` seconds to end, then cancel it; return how many were cut."""
        self._closed = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._ringing is not None:
            await asyncio.wait((self._ringing,), timeout=deadline)
        pending = tuple(self._running.values())
        if not pending:
            return 0
        _, late = await asyncio.wait(pending, timeout=deadline)
        for work in late:
            work.cancel()
        if late:
            await asyncio.wait(late, timeout=2.0)
        return len(late)

    # APScheduler runs plain functions in a thread, and cancels coroutines that run at its shutdown: hence coroutines
    # that return at once.
    async def _dispatch(self) -> None:
        self._ticked_at = asyncio.get_running_loop().time()
        self.ring_soon()

    async def _take(self, task: Task) -> None:
        self.submit(task)

    async def _ring(self) -> None:
        try:
            for task in await self._due():
                self.submit(task)
            self._rang_at = asyncio.get_running_loop().time()
        except Exception as error:  # noqa: BLE001 - a locked database must not stop the clock
            self._report(TaskFailed("tick", repr(error), traceback.format_exc()))

    async def _work(self, task: Task) -> None:
        try:
            async with self._lanes[type(task)]:
                async for follower in self._step(task):
                    self.submit(follower)
        except Exception as error:  # noqa: BLE001 - whatever a step raises, the store still knows what is due
            self._report(TaskFailed(repr(task), repr(error), traceback.format_exc()))
            self._send_to_rest(task)
        else:
            self._rests.pop(task, None)
        finally:
            del self._running[task]

    def _resting(self, task: Task) -> bool:
        rest = self._rests.get(task)
        return rest is not None and asyncio.get_running_loop().time() < rest.until

    def _send_to_rest(self, task: Task) -> None:
        """Leave a task that raised alone for a while: what is due is found every second, and would fail every second."""
        before = self._rests.get(task)
        wait = min(before.wait * 2, LONGEST_REST) if before else SHORTEST_REST
        self._rests[task] = _Rest(asyncio.get_running_loop().time() + wait, wait)
        if len(self._rests) > OUTSTANDING:
            self._rests.pop(next(iter(self._rests)))
