"""Does the daemon do its work, and can it? Asked by /livez, /readyz and the service manager."""

from __future__ import annotations

import asyncio
from typing import Final

from monitor.model.errors import StoreError
from monitor.pipeline.ports import Plans
from monitor.service.progress import Progress
from monitor.service.reading import Reading
from monitor.store.db.database import Database
from monitor.store.db.migrate import revisions
from monitor.store.write.maintenance import Maintenance

WRITABLE: Final = 3.0
"""Seconds that a write may take before the database counts as one that takes none."""
FRESH: Final = 1.0
"""Seconds for which an answer is kept: whoever asks often costs no more."""


class Readiness:
    """What stands in the way of the daemon's work, from real progress: a look at what is due, a write that was committed."""

    def __init__(
        self, *, progress: Progress, database: Database, maintenance: Maintenance, reading: Reading, plans: Plans
    ) -> None:
        """Look at these parts of a running daemon."""
        self._progress = progress
        self._database = database
        self._maintenance = maintenance
        self._reading = reading
        self._plans = plans
        self._write: asyncio.Task[str] | None = None
        self._looking: asyncio.Task[tuple[str, ...]] | None = None
        self._looked_at = -FRESH

    @property
    def progress(self) -> Progress:
        """Return what must turn, whatever the database does."""
        return self._progress

    async def reasons(self) -> tuple[str, ...]:
        """Return why the daemon cannot do its work now; () when it can. An answer of the last second is given again."""
        now = asyncio.get_running_loop().time()
        if self._looking is None or (self._looking.done() and now - self._looked_at > FRESH):
            self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(self._looking)

    async def _look(self) -> tuple[str, ...]:
        found = [*self._progress.hangs(), *self._blind(), await self._writable(), *await self._database_state()]
        self._looked_at = asyncio.get_running_loop().time()
        return tuple(filter(None, found))

    def _blind(self) -> tuple[str, ...]:
        return ("the scheduler cannot tell what is due",) if self._progress.is_blind() else ()

    async def _writable(self) -> str:
        """Return that a write is refused or takes too long. One write is under way at a time, however often this is asked."""
        if self._write is None:
            self._write = asyncio.create_task(self._try())
        done, _ = await asyncio.wait((self._write,), timeout=WRITABLE)
        if not done:
            return f"the database has taken no write for {WRITABLE:g} s"
        self._write = None
        return done.pop().result()

    async def _try(self) -> str:
        if self._database.is_replaced():
            return "the file of the database is gone or replaced"
        try:
            await self._maintenance.check_writable()
        except StoreError:
            return "the database takes no writes"
        return ""

    async def _database_state(self) -> tuple[str, ...]:
        try:
            revision, version = await self._reading.ask(lambda reader: (reader.revision(), reader.plan_version()))
        except StoreError:
            return ("the database cannot be read",)
        plan, _ = self._plans.current()
        found = []
        if revision != revisions()[-1]:
            found.append(f"the schema of the database is {revision or 'missing'}, not {revisions()[-1]}")
        if version != plan.version:
            found.append("another plan is in force than this daemon works by")
        return tuple(found)

    async def aclose(self) -> None:
        """Leave off whatever is being looked at."""
        for task in filter(None, (self._looking, self._write)):
            task.cancel()
        await asyncio.gather(*filter(None, (self._looking, self._write)), return_exceptions=True)
        await self._reading.aclose()
