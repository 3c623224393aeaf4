"""The plan of the files beside the one in force and what is stored (`monitor check`), and asking for it (`monitor reload`)."""

from __future__ import annotations

import time
from datetime import datetime

from monitor.model.errors import StoreError
from monitor.service import ask_reload, plan_change
from monitor.service.clock import utc_now
from monitor.service.count_outlook import count_outlooks
from monitor.service.installation import Installation
from monitor.service.untold import untold
from monitor.store.read.queries import SqlReader
from monitor.store.tables.plan_summary import summary_of


class PlanCheck:
    """Looks at the plan of an installation's files before it is in force, and has the daemon take it."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def changes(self) -> tuple[str, ...]:
        """Return what a reload would change, in lines; () where the files say what is in force.

        The last of them say which stored articles new and changed rules match, as far as a second suffices for counting.
        Raises ConfigError, StoreError.
        """
        prepared = await self._installation.prepare(analyse=False)
        before = await self._installation.ask(lambda reader: reader.summary_in_force())
        changed = plan_change.changes(before, summary_of(prepared.plan))
        if not changed:
            return ()
        plan, rules = prepared.plan, prepared.rules
        found = await self._installation.ask(lambda reader: untold(reader, plan, rules, utc_now(), time.monotonic))
        return *changed, *found.lines()

    async def refused_losses(self) -> tuple[str, ...]:
        """Return why a reload would be refused although the files are right, in lines. Raises ConfigError, StoreError."""
        prepared = await self._installation.prepare(analyse=False)
        faults = plan_change.lost(await self._installation.plan_in_force(), prepared.plan, self._installation.folder)
        return tuple(f"monitor reload refuses it without --allow-empty: {fault.message}" for fault in faults)

    async def without_hits(self) -> tuple[str, ...]:
        """Return the rules in force that have no hit although articles are stored; () where there is no database file.

        A database on a server is not asked: files are checked where it cannot be reached, too. Raises ConfigError.
        """
        file = self._installation.database_file
        if file is None or not file.exists():
            return ()
        plan = self._installation.files.plan

        def ask(reader: SqlReader) -> tuple[str, ...]:
            known = {rule.id for rule in reader.plan_in_force().rules}
            return reader.without_hits([rule.id for rule in plan.rules if rule.id in known])

        try:
            return await self._installation.ask(ask)
        except StoreError:
            return ()  # `monitor doctor` says what is wrong with it

    async def count_outlooks(self, now: datetime) -> tuple[str, ...]:
        """Return what the files' rules over counts would tell of what is stored; () where there is no database file.

        A database on a server is not asked, as by `without_hits`. Raises ConfigError.
        """
        file = self._installation.database_file
        if file is None or not file.exists():
            return ()
        try:
            return await count_outlooks(self._installation.database, self._installation.files.plan, now)
        except StoreError:
            return ()  # `monitor doctor` says what is wrong with it

    async def request_reload(self, *, allow_empty: bool = False) -> tuple[str, ...]:
        """Have the running daemon take the files' plan and wait until it has; return what came of it, in lines.

        Raises ConfigError when the files are wrong, or when a file is gone or the plan would lose all its rules, sources
        or channels, and `allow_empty` does not say that this is meant (the daemon is not disturbed then), and MonitorError
        when no daemon runs on the data folder or it does not answer in time.
        """
        installation = self._installation
        prepared = await installation.prepare()
        return await ask_reload.request(
            prepared, installation.folder, installation.plan_in_force, self.changes, allow_empty=allow_empty
        )
