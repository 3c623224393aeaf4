"""How every command gets at the installation: the App, and a way to wait for its answers."""

from __future__ import annotations

import sys
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar  # noqa: TID251 - both are imported late, their types are named

from monitor.cli import process
from monitor.cli.text.output import amount
from monitor.model.errors import ConfigProblem
from monitor.present.inert import sanitize

if TYPE_CHECKING:
    import asyncio

    from monitor.service.app import App

T = TypeVar("T")


class Waiting:
    """Waits for what a method of the App returns: the App is asynchronous, a command is not."""

    def __init__(self, runner: asyncio.Runner) -> None:
        self._runner = runner

    def __call__(self, asked: Coroutine[Any, Any, T]) -> T:
        """Return the answer, or raise what asking raised."""
        return self._runner.run(asked)


@contextmanager
def opened(folder: Path) -> Iterator[tuple[App, Waiting]]:
    """Open the installation for one command."""
    import asyncio  # noqa: PLC0415 - `--help` needs typer alone

    from monitor.service.app import App  # noqa: PLC0415

    runner = asyncio.Runner()  # no loop before something is waited for: the daemon brings its own
    with App(folder=folder, environ=process.environ()) as app, closing(runner):
        yield app, Waiting(runner)


@contextmanager
def reading(folder: Path) -> Iterator[tuple[App, Waiting]]:
    """Open the installation for a command that asks the database alone: it warns of faulty files and goes on."""
    with opened(folder) as (app, wait):
        if app.problems and not app.database_problems:
            sys.stderr.write(f"{warning(app.problems)}\n")
        yield app, wait


def warning(problems: Sequence[ConfigProblem]) -> str:
    """Return in one line that the files are faulty, where first, and what is gone by instead."""
    first = problems[0]
    place = f"{first.file}:{first.line}" if first.line else first.file
    counted = amount(len(problems), "problem")
    return sanitize(
        f"monitor: {counted} in the configuration (first: {place}), the plan in force is used; see monitor check"
    )
