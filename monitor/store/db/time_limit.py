"""Bounds how long the statements of one transaction may work; whoever asks the most expensive question waits no longer than that."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from monitor.model.errors import ReadLimitError

STEPS: Final = 10_000
"""Instructions of SQLite between two looks at the clock: about a tenth of a millisecond."""
_CANCELLED: Final = "57014"  # query_canceled, PostgreSQL's Appendix A


@contextmanager
def time_limit(connection: Connection, seconds: float, given_up: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Let the statements of the block work for so many seconds; Raises ReadLimitError when they would take longer.

    `given_up` returns whether nobody waits for them any more; SQLite asks it while it works.
    """
    if seconds <= 0:
        raise ReadLimitError("the question took longer than it may")
    try:
        if connection.dialect.name == "sqlite":
            with _interrupted(connection, time.monotonic() + seconds, given_up):
                yield
        else:
            connection.execute(
                text("SELECT set_config('statement_timeout', :ms, true)"), {"ms": f"{seconds * 1000:.0f}"}
            )
            yield
    except DBAPIError as error:
        if _is_interruption(error):
            raise ReadLimitError("the question took longer than it may; ask for less, or for a shorter time") from error
        raise


@contextmanager
def _interrupted(connection: Connection, until: float, given_up: Callable[[], bool]) -> Iterator[None]:
    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(lambda: time.monotonic() > until or given_up(), STEPS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)


def _is_interruption(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) == _CANCELLED or str(error.orig) == "interrupted"
