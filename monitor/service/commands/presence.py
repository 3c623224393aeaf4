"""Whether sources wait because no daemon runs on an installation, and which others share its database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.model.errors import MonitorError
from monitor.model.records import SourceRecord
from monitor.service import lock, sharing
from monitor.service.installation import Installation
from monitor.service.overdue import missed_without_a_daemon
from monitor.service.queries import Queries
from monitor.store.db.sessions import DaemonSession


class Presence:
    """Questions about the daemon of an installation, and those of others."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def idle(self, records: Sequence[SourceRecord], now: datetime) -> str:
        """Return that no daemon runs although some of these sources are overdue, and what to do; else "".

        Raises ConfigError, StoreError.
        """
        installation = self._installation
        if installation.data_dir_problems or installation.running_since() is not None:
            return ""
        overdue = missed_without_a_daemon(records, await installation.plan(), now)
        if not overdue:
            return ""
        return f"no daemon runs on {installation.data_dir}, sources overdue: {overdue} -> monitor run"

    async def other_daemons(self, queries: Queries | None = None) -> tuple[DaemonSession, ...]:
        """Return the daemons of other data folders on the database, () where that cannot be told.

        `queries` asks the database in place of the installation itself.
        """
        installation = self._installation
        if installation.database_problems or installation.data_dir_problems:
            return ()
        try:
            return sharing.others_on(await (queries or installation).daemons(), lock.known_id(installation.data_dir))
        except MonitorError:
            return ()  # told with the database
