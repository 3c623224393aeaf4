"""A pytest plugin for tests/test_collection.py: modules are imported days later than the system says.

Replaces the clocks that Python code asks; `OTHER_CLOCK` says by how many seconds.
"""

from __future__ import annotations

import datetime as dt
import os
import time
from datetime import datetime as SystemDatetime  # noqa: N812 - a class, whatever its name

LATER = int(os.environ.get("OTHER_CLOCK", "0"))
system_time, system_time_ns = time.time, time.time_ns


class _Like(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, SystemDatetime)


class LaterDatetime(SystemDatetime, metaclass=_Like):
    """A datetime whose present is later; what real ones are counts as one."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> LaterDatetime:
        """Return the later present."""
        return cls.fromtimestamp(time.time(), tz)


def pytest_configure() -> None:
    """Turn the clocks before any test module is imported."""
    time.time = lambda: system_time() + LATER
    time.time_ns = lambda: system_time_ns() + LATER * 10**9
    dt.datetime = LaterDatetime  # type: ignore[misc]
