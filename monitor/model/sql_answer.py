"""A question that somebody wrote in SQL, and the rows that answer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo


@dataclass(frozen=True, slots=True)
class SqlQuestion:
    """What is asked, at most `limit` rows of it, for `seconds` at most. Moments are shown in `zone`, whose name is `zone_name`."""

    text: str
    limit: int
    seconds: float
    now: datetime
    zone: tzinfo
    zone_name: str


@dataclass(frozen=True, slots=True)
class SqlAnswer:
    """The names of the columns, each once, and the rows; moments are aware and UTC. `cut`: there are more rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    cut: bool
