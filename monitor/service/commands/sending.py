"""What waits in the outbox: sent again, let through by a channel that is opened, left lying while no daemon runs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from monitor.channels.words.compose import compose
from monitor.model.delivery import Opening
from monitor.service import channel_opening
from monitor.service.clock import utc_now
from monitor.service.installation import Installation
from monitor.service.queries import Queries
from monitor.store.db.database import Database
from monitor.store.write.outbox import Outbox


class Sending:
    """Commands about the messages of an installation."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def nobody_sends(self) -> str:
        """Return that no daemon runs that would send what is due, and what to do; "" while one runs, or may elsewhere."""
        installation = self._installation
        if (
            installation.database_file is None
            or installation.data_dir_problems
            or installation.running_since() is not None
        ):
            return ""
        return f"no daemon runs on {installation.data_dir}: what is due is sent once one does -> monitor run"

    async def open_channel(self, channel_id: str) -> Opening:
        """Open a channel that its receiver had shut; a daemon sends what waits within a second. Raises ConfigError, StoreError."""
        plan, database = await self._installation.plan(), Database(self._installation.database)
        try:
            return await channel_opening.open_channel(Outbox(database), channel_id, plan, utc_now())
        finally:
            await database.aclose()

    async def replay(self, ids: Sequence[str], *, queries: Queries | None = None) -> tuple[tuple[str, str], ...]:
        """Put deliveries back into the outbox; a daemon sends them within a second. Returns (id, outcome).

        An id may be given by its end, as tables show it. `ambiguous`: several end so, none is touched. `queries`
        asks the database in place of the installation itself. Raises ConfigError, StoreError.
        """
        meant = {given: await _delivery_id(given, queries or self._installation) for given in ids}
        known = [meant[given] for given in ids if meant[given]]
        database = Database(self._installation.database)
        try:
            composing = partial(compose, desk_url=(await self._installation.plan()).desk_url)
            outcomes = iter(await Outbox(database).replay(known, composing, utc_now()))
            return tuple(next(outcomes) if meant[given] else (given, "ambiguous") for given in ids)
        finally:
            await database.aclose()


async def _delivery_id(given: str, queries: Queries) -> str:
    """Return the id that ends so, the given text where none does, and "" where several do."""
    ending = given.removeprefix("…").removeprefix("...").lower()
    found = await queries.ask(lambda reader: reader.delivery_ids(ending))
    return "" if len(found) > 1 else found[0] if found else given
