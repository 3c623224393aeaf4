"""The database as a whole: brought to this program's schema, and copied."""

from __future__ import annotations

import asyncio
from pathlib import Path

from monitor.service import backups
from monitor.service.clock import utc_now
from monitor.service.installation import Installation
from monitor.store.db.migrate import upgrade


class DatabaseAdmin:
    """Commands about the database of an installation as a whole."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def upgrade(self, *, backup: bool = True) -> tuple[str, ...]:
        """Bring the database to this program's schema; return its revision, and lines about the copy made before.

        Raises ConfigError, StoreError.
        """
        said: list[str] = []
        url, data_dir = self._installation.database, self._installation.data_dir
        tell = backups.guard(url, data_dir, utc_now, lambda *copied: said.append(backups.in_words(*copied)))
        revision = await asyncio.to_thread(upgrade, url, tell if backup else None)
        return revision, *said

    async def backup(self, file: Path | None = None) -> Path:
        """Copy a SQLite database to a new file, one in the data folder's `backups` without a name; return its path.

        A running daemon goes on meanwhile. Raises ConfigError, StoreError.
        """
        place = file or backups.folder(self._installation.data_dir) / backups.name(utc_now())
        return await asyncio.to_thread(backups.copied, self._installation.database, place)
