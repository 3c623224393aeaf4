"""Who else runs on one PostgreSQL database: a daemon names its connections, and the server tells of them while they live.

No table and no beat is needed: the server forgets a connection with its process, whatever becomes of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

_SIGN = "monitor-run"
_MOST = 63  # bytes of a name that the server keeps (postgresql.org: NAMEDATALEN)
_LIVING = text(
    "SELECT application_name AS name, min(backend_start) AS since FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name LIKE :sign GROUP BY application_name ORDER BY since"
)


@dataclass(frozen=True, slots=True)
class DaemonSession:
    """A daemon that has connections to the database. `folder` is the name of its data folder, `since` when they began."""

    folder: str
    pid: int
    host: str
    since: datetime


def session_name(folder: str, pid: int, host: str) -> str:
    """Return what a daemon calls its connections; a long host name is cut."""
    return f"{_SIGN} {folder} {pid} {host}".encode("ascii", "replace")[:_MOST].decode("ascii")


def daemon_sessions(connection: Connection) -> tuple[DaemonSession, ...]:
    """Return the daemons with connections to this database, the oldest first; () on SQLite, which has one at most.

    A server shows those of other users to none but its administrators.
    """
    if connection.dialect.name == "sqlite":
        return ()
    found = []
    for row in connection.execute(_LIVING, {"sign": f"{_SIGN} %"}):
        _, folder, pid, host = (f"{row.name}    ").split(" ", 3)
        if pid.isdecimal():
            found.append(DaemonSession(folder, int(pid), host.strip(), row.since))
    return tuple(found)
