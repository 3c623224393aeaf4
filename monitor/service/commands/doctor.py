"""Is all well with an installation? Every inspection of `diagnosis`, in the order that people read (`monitor doctor`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from monitor.model.errors import ConfigError, ConfigProblem, MonitorError
from monitor.service import diagnosis
from monitor.service.clock import utc_now
from monitor.service.commands.presence import Presence
from monitor.service.diagnosis import HealthCheck
from monitor.service.installation import Installation
from monitor.service.queries import Queries
from monitor.store.db.sessions import DaemonSession


class Doctor:
    """Inspects an installation, also one whose files are wrong or whose database cannot be read."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    async def health(self, *, quick: bool, queries: Queries | None = None) -> tuple[HealthCheck, ...]:
        """Return what was inspected: files, daemon and database; unless `quick`, also sources, outbox and disk.

        `queries` asks the database in place of the installation itself.
        """
        installation = self._installation
        asking, settings = queries or installation, installation.report.loaded.settings
        problems: tuple[ConfigProblem, ...] = ()
        try:
            version = (await installation.prepare(analyse=False)).plan.version
        except ConfigError as error:
            version, problems = "", error.problems
        checks = [diagnosis.files(version, problems), *diagnosis.ways_out(settings, installation.environ)]
        others = await Presence(installation).other_daemons(asking)
        if not installation.data_dir_problems:
            checks.append(diagnosis.daemon(installation.data_dir, installation.database_file, others))
        if not installation.database_problems:
            checks.extend(await self._stored(asking, quick=quick))
        if not quick and version:
            checks.extend(await self._stale(version, others, asking))
        if not quick and not installation.data_dir_problems:
            since = installation.running_since()
            checks.extend(diagnosis.kept(installation.data_dir, settings.watchdog, utc_now(), since))
        return tuple(checks)

    async def _stored(self, asking: Queries, *, quick: bool) -> Sequence[HealthCheck]:
        """Return what the database says, up to where it cannot be read any more."""
        installation, settings = self._installation, self._installation.report.loaded.settings
        checks: list[HealthCheck] = []
        try:
            plan = await installation.planned(asking)
            checks.extend(diagnosis.rights(plan.sources))
            zone = ZoneInfo(plan.zone)
            late = timedelta(seconds=settings.deliver.late)
            checks.extend(
                await asking.ask(
                    lambda reader: diagnosis.stored(
                        reader,
                        lambda one: installation.source_records(one, plan, utc_now()),
                        zone,
                        late=late,
                        quick=quick,
                    )
                )
            )
            if not quick and settings.heartbeat:
                last = await asking.ask(lambda reader: reader.last_event("heartbeat"))
                checks.extend(diagnosis.heartbeat(settings.heartbeat, last, utc_now(), zone))
        except MonitorError as error:
            checks.append(diagnosis.unreadable(error))
        return checks

    async def _stale(self, version: str, others: Sequence[DaemonSession], asking: Queries) -> tuple[HealthCheck, ...]:
        """Return that a daemon runs by another plan than the files say, where it is so."""
        if self._installation.running_since() is None:
            return ()
        try:
            in_force = await asking.ask(lambda reader: reader.plan_version())
        except MonitorError:
            return ()  # told already
        return diagnosis.stale(version, in_force, others)
