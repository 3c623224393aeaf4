"""What became of the last ping of the outside watchdog, kept in the data folder for `monitor doctor`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

NAME: Final = "watchdog"
_MOST: Final = 1_000  # characters


@dataclass(frozen=True, slots=True)
class LastPing:
    """When the watchdog's turn came last (UTC), and why it was not pinged or did not take it; "" when it did."""

    at: datetime
    fault: str


def keep(data_dir: Path, clock: Callable[[], datetime], fault: str) -> None:
    """Keep what became of a ping at this moment. A disk that takes nothing is told elsewhere."""
    line = " ".join(fault.split())[:_MOST]
    with suppress(OSError):
        fresh = data_dir / f"{NAME}.new"
        fresh.write_text(f"{clock().isoformat()} {line}\n", "utf-8")
        fresh.replace(data_dir / NAME)


def last_ping(data_dir: Path) -> LastPing | None:
    """Return what was kept last, None where nothing was or it cannot be read."""
    try:
        at, _, fault = (data_dir / NAME).read_text("utf-8").strip().partition(" ")
        moment = datetime.fromisoformat(at)
    except (OSError, ValueError):
        return None
    return LastPing(moment, fault) if moment.tzinfo else None
