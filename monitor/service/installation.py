"""An opened installation: its folder and environment, what its files say, and its database as it is read.

The files are read once, when it is opened, and those that a command has changed once more. What only reads the database works
while they are wrong, as long as the place of the database is known: such a query goes by the plan in force, which the
database remembers. What only some questions need is imported there: `monitor hits` must not wait for parsers and matchers.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar  # noqa: TID251 - heavy parts are imported late, their types are named

from monitor.config.load import Loaded, LoadReport
from monitor.config.settings import Settings
from monitor.model.bulk import ArticleQuery, ArticleRow, HitRow
from monitor.model.errors import ConfigError, ConfigProblem
from monitor.model.plan import Plan
from monitor.model.records import HitQuery
from monitor.service.configuration import read
from monitor.service.hit_filters import narrowed
from monitor.service.queries import Queries

if TYPE_CHECKING:
    from monitor.service.current_plan import Prepared
    from monitor.store.read.queries import SqlReader

T = TypeVar("T")


class Installation(Queries):
    """One installation, whether its daemon runs or not: what is opened once, for all that is asked of it and told to it."""

    def __init__(self, *, folder: Path, environ: Mapping[str, str]) -> None:
        """Open the installation that `folder` describes. Raises nothing: what is wrong with its files is in `problems`."""
        self._folder = folder
        self._environ = environ
        self._report = read(folder, environ)
        self._prepared: dict[bool, Prepared] = {}
        self._reader: SqlReader | None = None
        self._opening = threading.Lock()

    @property
    def folder(self) -> Path:
        """Return the folder of its configuration files."""
        return self._folder

    @property
    def environ(self) -> Mapping[str, str]:
        """Return the environment that it was opened in."""
        return self._environ

    @property
    def report(self) -> LoadReport:
        """Return what reading the files came to, faults and all."""
        return self._report

    @property
    def problems(self) -> tuple[ConfigProblem, ...]:
        """Return the faults of the files; while there is any, queries go by the plan in force."""
        return self._report.problems

    @property
    def database_problems(self) -> tuple[ConfigProblem, ...]:
        """Return those of the faults that leave unknown which database is meant."""
        return self._report.database_problems

    @property
    def data_dir_problems(self) -> tuple[ConfigProblem, ...]:
        """Return those of the faults that leave unknown which data folder is meant."""
        return self._report.data_dir_problems

    @property
    def files(self) -> Loaded:
        """Return what the files mean, as far as one can see without the other rooms. Raises ConfigError."""
        if self._report.problems:
            raise ConfigError(self._report.problems)
        return self._report.loaded

    @property
    def settings(self) -> Settings:
        """Return the settings. Raises ConfigError when any file is wrong."""
        return self.files.settings

    @property
    def database(self) -> str:
        """Return the URL of the database, which may hold a password. Raises ConfigError when the files leave it unknown."""
        if self._report.database_problems:
            raise ConfigError(self._report.database_problems)
        return self._report.loaded.settings.database

    @property
    def data_dir(self) -> Path:
        """Return the data folder. Raises ConfigError when the files leave it unknown."""
        if self._report.data_dir_problems:
            raise ConfigError(self._report.data_dir_problems)
        return self._report.loaded.settings.data_dir

    async def plan(self) -> Plan:
        """Return the plan that queries go by: that of the files, or while they are wrong the one in force, as remembered.

        Raises ConfigError, StoreError.
        """
        if not self._report.problems:
            return self._report.loaded.plan
        return await self.plan_in_force()

    async def planned(self, queries: Queries) -> Plan:
        """Return the plan of the files; while they are wrong `queries` asks for the one in force. Raises StoreError."""
        return await queries.plan_in_force() if self._report.problems else self._report.loaded.plan

    @property
    def database_file(self) -> Path | None:
        """Return the file of the database; None for one on a server, or where the files leave it unknown."""
        from monitor.store.db.engines import database_file

        return None if self._report.database_problems else database_file(self.database)

    async def prepare(self, *, analyse: bool = True) -> Prepared:
        """Return the files' meaning, checked by every room and compiled. Raises ConfigError with all problems at once."""
        from monitor.service.current_plan import prepare

        if analyse not in self._prepared:
            self._prepared[analyse] = await asyncio.to_thread(prepare, self._report, analyse=analyse)
        return self._prepared[analyse]

    def ready(self) -> Prepared:
        """Return the same with the analyser's model loaded, which takes seconds. Raises ConfigError."""
        from monitor.service.current_plan import ready

        return ready(self._report)

    async def reread(self, accept: Callable[[Prepared], None] = lambda _: None) -> Prepared:
        """Read the files again and return them ready for matching; on ConfigError what was read before stays.

        `accept` may raise ConfigError as well, for what is right in itself and must not follow what was before.
        Settings stay as they were at the opening: a running process cannot change them.
        """
        from monitor.service.current_plan import ready

        report = await asyncio.to_thread(read, self._folder, self._environ)
        prepared = await asyncio.to_thread(ready, report)
        accept(prepared)
        self._report = replace(report, loaded=replace(report.loaded, settings=self._report.loaded.settings))
        self._prepared.clear()
        return prepared

    async def ask(self, question: Callable[[SqlReader], T]) -> T:
        """Ask the database in a thread, so that no event loop waits for it."""
        return await asyncio.to_thread(lambda: question(self._opened_reader()))

    def running_since(self) -> datetime | None:
        """Return since when a daemon runs; None while none does, or where it would is not known."""
        from monitor.service import lock

        return None if self._report.data_dir_problems else lock.running_since(self.data_dir)

    def _opened_reader(self) -> SqlReader:
        """Return the reader, opened at the first question. Raises ConfigError, StoreError."""
        from monitor.store.read.queries import SqlReader

        with self._opening:
            if self._reader is None:
                self._reader = SqlReader(self.database)
            return self._reader

    async def exported_hits(self, query: HitQuery, *, tag: str = "", severity: str = "") -> Iterator[Sequence[HitRow]]:
        """Return the hits that the query asks for, in bulk and read as they are taken. Raises ConfigError, StoreError."""
        return self._opened_reader().hit_rows(narrowed(query, await self.plan(), tag, severity))

    def exported_articles(self, query: ArticleQuery) -> Iterator[Sequence[ArticleRow]]:
        """Return stored articles, likewise. Raises ConfigError, StoreError."""
        return self._opened_reader().article_rows(query)

    def close(self) -> None:
        """Close the connection to the database, where one was opened."""
        if self._reader is not None:
            self._reader.close()

    def __enter__(self) -> Self:
        """Return it; leaving the block closes it."""
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()
