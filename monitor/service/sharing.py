"""Several daemons on one database: on a SQLite file never, on PostgreSQL by intent, which is said. Pure.

On PostgreSQL processes share the work by leases: each source is polled by one of them, each message sent by one. That is
only right while they have the same configuration: the plan that was put in force last holds for the store, and switches off
there what the others have beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitor.store.db.sessions import DaemonSession

SHARING: Final = (
    "meant so: give all of them the same configuration, for the plan that is put in force last switches off what it has not; "
    "not meant: end one of them, or give it a database of its own (`database` in monitor.yaml, MONITOR_DATABASE_URL)"
)
NAMED: Final = 3


def others_on(daemons: Sequence[DaemonSession], folder: str) -> tuple[DaemonSession, ...]:
    """Return the daemons of other data folders than the one with that name."""
    return tuple(one for one in daemons if one.folder != folder)


def in_words(others: Sequence[DaemonSession]) -> str:
    """Return who else runs on the database."""
    named = ", ".join(f"pid {one.pid} on {one.host or 'an unknown host'}" for one in others[:NAMED])
    more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
    return f"{named}{more} with {'another data folder' if len(others) == 1 else 'other data folders'} on this database"
