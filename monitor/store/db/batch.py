"""Group commit: many jobs, one transaction; when one fails, each in a transaction of its own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from monitor.model.errors import StoreError
from monitor.store.db.dialects import transaction

T = TypeVar("T")

_TRIES = 5
_AGAIN = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected (PostgreSQL, appendix A)


class Job(Generic[T]):
    """A piece of writing and the future of its result.

    `alone`: outside of any transaction. `durable` False: what it wrote may be lost with the machine's power, not with the
    process.
    """

    __slots__ = ("_future", "_loop", "alone", "durable", "error", "fn", "value")

    def __init__(self, fn: Callable[[Connection], T], *, alone: bool = False, durable: bool = True) -> None:
        self.fn = fn
        self.alone = alone
        self.durable = durable
        self.value: T | None = None
        self.error: Exception | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._future: asyncio.Future[T] | None = None

    def bind(self, loop: asyncio.AbstractEventLoop, future: asyncio.Future[T]) -> None:
        """Say where the result is awaited."""
        self._loop, self._future = loop, future

    async def answer(self) -> T:
        """Wait for the result."""
        assert self._future is not None  # noqa: S101 - bound before it is queued
        return await self._future

    def run(self, connection: Connection) -> None:
        """Do the work and keep what came of it."""
        self.error = None
        self.value = self.fn(connection)

    def loop(self) -> asyncio.AbstractEventLoop | None:
        """Return the loop that awaits the result."""
        return self._loop

    def resolve(self) -> None:
        """Hand the result over; runs in the awaiting loop."""
        future = self._future
        if future is None or future.done():
            return  # the caller went away
        if self.error is not None:
            future.set_exception(self.error)
        else:
            future.set_result(self.value)  # type: ignore[arg-type] # T may itself be Optional


def refused(error: SQLAlchemyError) -> StoreError:
    """Return the product's error for one of the library's; values of the statement are not repeated."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return StoreError(f"the database refused: {str(cause).strip() or type(cause).__name__}")


def commit(engine: Engine, batch: Sequence[Job[Any]]) -> None:
    """Run the jobs, commit them together, and return all of them; never raises."""
    together = [job for job in batch if not job.alone]
    if together and not _attempt(engine, together):
        for job in together:
            _singly(engine, job)
    for job in batch:
        if job.alone:
            _bare(engine, job)
    _answer(batch)


def _attempt(engine: Engine, jobs: Sequence[Job[Any]]) -> bool:
    """Try one transaction for all; False asks for a second try, job by job, because nothing was committed."""
    try:
        with engine.connect() as connection:
            return _transact(connection, jobs)
    except (SQLAlchemyError, StoreError) as error:
        # No connection, or another program kept the file for longer than we wait: more tries would only wait more.
        _fail(jobs, error if isinstance(error, StoreError) else refused(error))
        return True


def _transact(connection: Connection, jobs: Sequence[Job[Any]]) -> bool:
    """Run all jobs and commit; one that fails undoes the others too, which are then run again one by one."""
    with transaction(connection, durably=any(job.durable for job in jobs)) as begun:
        for job in jobs:
            try:
                job.run(connection)
            except Exception as error:  # noqa: BLE001 - the answer to its caller
                job.error = refused(error) if isinstance(error, SQLAlchemyError) else error
                return len(jobs) == 1 and not _is_transient(error)
        begun.commit()  # when this fails, nobody knows whether it was committed: the callers hear of it
    return True


def _singly(engine: Engine, job: Job[Any]) -> None:
    for _ in range(_TRIES):
        if _attempt(engine, [job]):
            return


def _bare(engine: Engine, job: Job[Any]) -> None:
    try:
        with engine.connect() as connection:
            job.run(connection)
    except SQLAlchemyError as error:
        job.error = refused(error)
    except Exception as error:  # noqa: BLE001 - the answer to its caller
        job.error = error


def _is_transient(error: Exception) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in _AGAIN


def _fail(jobs: Sequence[Job[Any]], error: StoreError) -> None:
    for job in jobs:
        job.error = error


def _answer(batch: Sequence[Job[Any]]) -> None:
    """Wake each awaiting loop once for all of its jobs."""
    for loop in {job.loop() for job in batch}:
        if loop is not None:
            mine = [job for job in batch if job.loop() is loop]
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_resolve, mine)


def _resolve(jobs: Sequence[Job[Any]]) -> None:
    for job in jobs:
        job.resolve()
