"""What a command reads of the process around it: the environment and the clock.

No other file of this room reads them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime


def environ() -> Mapping[str, str]:
    """Return the environment variables."""
    return os.environ


def now() -> datetime:
    """Return the present moment, UTC and aware."""
    return datetime.now(UTC)  # noqa: TID251 - where the command line reads the clock
