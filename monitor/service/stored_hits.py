"""Questions to the stored hits; apart from the others, because most commands need no more than this."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from monitor.service.configuration import load
from monitor.store.read.queries import SqlReader


def reader(folder: Path, environ: Mapping[str, str]) -> SqlReader:
    """Open the stored hits for reading. Raises ConfigError, or StoreError when there is no database yet."""
    return SqlReader(load(folder, environ).settings.database)
