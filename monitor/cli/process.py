"""What a command reads of the process around it: the environment, the clock, who is logged in.

No other file of this room reads them.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Mapping
from datetime import UTC, datetime


def environ() -> Mapping[str, str]:
    """Return the environment variables."""
    return os.environ


def now() -> datetime:
    """Return the present moment, UTC and aware."""
    return datetime.now(UTC)  # noqa: TID251 - where the command line reads the clock


def login() -> str:
    """Return the name of whoever is logged in; `uid 1000` where that number has no name, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
