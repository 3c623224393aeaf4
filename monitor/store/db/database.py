"""The database as the rest of the room uses it: one writer with group commit, a few readers."""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from monitor.model.errors import StoreError
from monitor.store.db.batch import Job, commit, refused
from monitor.store.db.engines import database_file, open_reader, open_writer, read_url

T = TypeVar("T")

BATCH = 100
"""How many jobs share one COMMIT at most."""

CAPACITY = 1_000
"""How many jobs may wait for the writer; more callers wait before they queue."""

READERS = 4
"""Connections for reading, each in a thread of its own."""


class Database:
    """A SQLite file or a PostgreSQL database behind one interface.

    All writes of a process go through one thread. What queues up while a COMMIT is under way shares the next one; a job
    that fails costs the others a second run, not their result. Nobody is answered before the COMMIT: a result that was
    seen survives the process.
    """

    def __init__(self, url: str, *, read_only: bool = False, session: str = "") -> None:
        """Open the database; the schema must be there (`migrate.upgrade`). Raises StoreError when it cannot be used.

        `session` is the name of a daemon among others on one server (monitor.store.db.sessions).
        """
        parsed = read_url(url)
        self._jobs: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._room = asyncio.Semaphore(CAPACITY)
        self._writer: Engine | None = None
        self._thread: threading.Thread | None = None
        self._closed = False
        self._working_since: float | None = None
        if not read_only:
            self._writer = open_writer(parsed, session)
            _touch(self._writer)
            self._thread = threading.Thread(target=self._work, args=(self._writer,), name="store-writer", daemon=True)
            self._thread.start()
        self._path = database_file(url)
        self._file = _identity(self._path)
        self._reader = open_reader(parsed, READERS)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")

    async def write(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` inside a write transaction and return its result after the COMMIT.

        An exception of `fn` undoes what it did and nothing else. `fn` may run more than once, from the start (after a
        deadlock, a broken connection, or the failure of another job beside it), so only its last run may count. Raises
        StoreError when the database refuses.
        """
        return await self._submit(Job(fn))

    async def write_soon(self, fn: Callable[[Connection], T]) -> T:
        """Write like `write`, but without waiting for the disk: it outlives the process, and perhaps not a power cut.

        For what is made good by itself when it is gone, as a lease. What is durable beside it makes it so too.
        """
        return await self._submit(Job(fn, durable=False))

    async def chore(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` alone in the writer, outside of any transaction: it must use the driver's connection itself."""
        return await self._submit(Job(fn, alone=True))

    async def read(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` inside a read-only transaction of one consistent snapshot. Raises StoreError."""
        self._check_open()
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, fn)

    @property
    def path(self) -> Path | None:
        """Return the file of the database, None for one on a server."""
        return self._path

    def is_replaced(self) -> bool:
        """Return whether the file that was opened is no longer the one at its path: restored by a move, or deleted.

        What is written now lands in a file that nobody will ever see. Never so on PostgreSQL.
        """
        return self._file is not None and _identity(self._path) != self._file

    def stuck(self) -> float:
        """Return for how many seconds the writer has been at one batch, 0 while it waits for work; infinite once its thread is gone."""
        if self._thread is not None and not self._thread.is_alive():
            return math.inf
        since = self._working_since
        return 0.0 if since is None else time.monotonic() - since

    async def aclose(self) -> None:
        """Commit all that is queued, then close every connection. Closing twice is harmless."""
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        await asyncio.get_running_loop().run_in_executor(None, self._finish)

    async def _submit(self, job: Job[T]) -> T:
        self._check_open()
        if self._writer is None:
            raise StoreError("the database was opened for reading only")
        async with self._room:
            self._check_open()  # it may have closed while this caller waited
            loop = asyncio.get_running_loop()
            job.bind(loop, loop.create_future())
            self._jobs.put(job)
            return await job.answer()

    def _check_open(self) -> None:
        if self._closed:
            raise StoreError("the database is closed")

    def _read(self, fn: Callable[[Connection], T]) -> T:
        try:
            with self._reader.connect() as connection, connection.begin():
                return fn(connection)
        except SQLAlchemyError as error:
            raise refused(error) from error

    def _work(self, engine: Engine) -> None:
        """Be the writer thread: take what waits, commit it together, answer."""
        while batch := self._take():
            self._working_since = time.monotonic()
            commit(engine, batch)
            self._working_since = None

    def _take(self) -> list[Job[Any]]:
        """Wait for a job and take along what else waits; an empty list says that the work is over."""
        first = self._jobs.get()
        if first is None:
            return []
        batch = [first]
        while len(batch) < BATCH and not batch[-1].alone:
            try:
                job = self._jobs.get_nowait()
            except Empty:
                break
            if job is None:
                self._jobs.put(None)  # finish this batch, then stop
                break
            batch.append(job)
        return batch

    def _finish(self) -> None:
        if self._thread is not None:
            self._thread.join()
        self._readers.shutdown()
        self._reader.dispose()
        if self._writer is not None:
            self._writer.dispose()


def _identity(path: Path | None) -> tuple[int, int] | None:
    """Return what names a file whatever its path; None where there is none."""
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _touch(engine: Engine) -> None:
    """Connect once, so that an unusable place is told at the start and not at the first article."""
    try:
        with engine.begin():
            pass
    except DBAPIError as error:
        engine.dispose()
        raise StoreError(f"the database cannot be written: {error.orig}") from error
    except StoreError:
        engine.dispose()
        raise
