"""How far a long question is: a bar on standard error where that is a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
import threading
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn


class Stoppable:
    """A question that shows how far it is and can be asked to stop; both may happen in any thread."""

    def __init__(self, words: str) -> None:
        """Show `words` before the bar."""
        self._stop = threading.Event()
        self._bar: Progress | None = None
        if sys.stderr.isatty():
            columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(file=sys.stderr, markup=False), transient=True)
            self._task = self._bar.add_task(words, total=None)

    def progress(self, done: int, of: int) -> None:
        """Show that so many of so many are done."""
        if self._bar is not None:
            self._bar.update(self._task, completed=done, total=of)

    def stop(self) -> None:
        """Ask to stop."""
        self._stop.set()

    def stopped(self) -> bool:
        """Return whether somebody asked to stop."""
        return self._stop.is_set()

    def __enter__(self) -> Self:
        """Begin to show."""
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._bar is not None:
            self._bar.stop()
