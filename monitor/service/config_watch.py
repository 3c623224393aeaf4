"""Whether the files of the configuration are what is in force: asked once for all who look, read anew only where one has changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.config.files import FileMarks, file_marks
from monitor.config.settings import Settings, until_next_start
from monitor.model.errors import ConfigError, ConfigProblem, MonitorError
from monitor.service.asked_once import AskedOnce
from monitor.service.configuration import read
from monitor.service.current_plan import CurrentPlan, prepare
from monitor.service.diagnosis import HealthCheck, files
from monitor.service.plan_change import LOST

SECONDS: Final = 10.0
"""How long it holds what the files say."""
SHOWN: Final = 5
"""Files that are named."""


@dataclass(frozen=True, slots=True)
class FilesState:
    """How the files stand to what is in force.

    `problems` is what is wrong with them. `differs`: they are right and say another plan than the one in force; `names` are those
    that changed, () where it is not known. `restart`: settings changed that hold from the next start on.
    """

    problems: tuple[ConfigProblem, ...] = ()
    differs: bool = False
    names: tuple[str, ...] = ()
    restart: bool = False


def inspected(checks: Iterable[HealthCheck], state: FilesState) -> tuple[HealthCheck, ...]:
    """Return what was inspected, of the files what they say now: a daemon that runs knows them as it read them last."""
    if not state.problems:
        return tuple(checks)
    wrong = files("", state.problems)
    return tuple(wrong if one.name == wrong.name else one for one in checks)


@dataclass(frozen=True, slots=True)
class _FilesRead:
    """What the files said when they were as `marks` tell and the plan `in_force` was: the version of a plan, or what is wrong.

    They may name files of secrets, which no mark tells of: with another plan in force they are read anew.
    """

    marks: FileMarks
    in_force: str
    version: str = ""
    settings: Settings | None = None
    problems: tuple[ConfigProblem, ...] = ()


class ConfigWatch:
    """Knows how the files of a folder stand to the plan in force and to the settings of the running daemon."""

    def __init__(
        self,
        *,
        folder: Path,
        environ: Mapping[str, str],
        settings: Settings,
        plans: CurrentPlan,
        monotonic: Callable[[], float],
    ) -> None:
        """Watch `folder` for a daemon that was started with `settings` and goes by `plans`."""
        self._folder = folder
        self._environ = environ
        self._settings = until_next_start(settings)
        self._plans = plans
        self._read: _FilesRead | None = None
        self._taken: FileMarks = {}
        self._state = AskedOnce(self._ask, SECONDS, monotonic)

    async def state(self) -> FilesState:
        """Return how the files stood at most SECONDS ago (AskedOnce) to what was in force then, anew where that was replaced."""
        version, state = await self._state.answer()
        if version != self._plans.current()[0].version:
            self._state.forget()
            _, state = await self._state.answer()
        return state

    def forget(self) -> None:
        """Look anew at the next question, because a file was just written."""
        self._state.forget()

    async def aclose(self) -> None:
        """Leave off asking."""
        await self._state.aclose()

    async def _ask(self) -> tuple[str, FilesState]:
        version = self._plans.current()[0].version
        return version, await asyncio.to_thread(self._found, version)

    def _found(self, version: str) -> FilesState:
        marks = file_marks(self._folder)
        found = self._read
        if found is None or (found.marks, found.in_force) != (marks, version):
            found = self._read = self._reading(marks, version)
        if found.settings is None:
            return FilesState(found.problems)
        restart = until_next_start(found.settings) != self._settings
        if found.version == version:
            self._taken = marks
            return FilesState(restart=restart)
        lost = tuple(one for one in self._plans.refused if one.code == LOST)  # what only a reload can say
        return FilesState(lost, differs=not lost, names=self._changed(marks), restart=restart)

    def _reading(self, marks: FileMarks, version: str) -> _FilesRead:
        try:
            prepared = prepare(read(self._folder, self._environ))
        except ConfigError as error:
            return _FilesRead(marks, version, problems=error.problems)
        except MonitorError as error:
            return _FilesRead(marks, version, problems=(ConfigProblem(str(self._folder), 0, 0, str(error)),))
        return _FilesRead(marks, version, prepared.plan.version, prepared.settings)

    def _changed(self, marks: FileMarks) -> tuple[str, ...]:
        if not self._taken:
            return ()
        both = sorted({*marks, *self._taken})
        return tuple(one for one in both if marks.get(one) != self._taken.get(one))[:SHOWN]
