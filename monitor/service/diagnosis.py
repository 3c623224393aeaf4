"""Is it well? What is not, and how to mend it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from monitor.model.errors import ConfigError, MonitorError
from monitor.service import lock
from monitor.service.clock import utc_now
from monitor.service.current_plan import Prepared, prepare
from monitor.store.read.queries import SqlReader

FRESH = 30.0  # seconds since the daemon's last beat
SPARE = 200 * 1024 * 1024  # bytes of disk below which nobody should sleep well
LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing that was inspected. `action` says what to do when it is not ok."""

    name: str
    ok: bool
    detail: str
    action: str = ""


def check(folder: Path, environ: Mapping[str, str], *, quick: bool) -> tuple[HealthCheck, ...]:
    """Look at the configuration, the daemon and the database; unless `quick`, also at sources, outbox and disk."""
    try:
        prepared = prepare(folder, environ, analyse=False)
    except ConfigError as error:
        return (HealthCheck("configuration", ok=False, detail=str(error), action="monitor check"),)
    found = [HealthCheck("configuration", ok=True, detail=f"plan {prepared.plan.version}"), _daemon(prepared)]
    inspections: list[Callable[[Prepared], Iterator[HealthCheck]]] = (
        [_database] if quick else [_database, _sources, _outbox, _disk]
    )
    for inspect in inspections:
        try:
            found.extend(inspect(prepared))
        except MonitorError as error:
            found.append(
                HealthCheck(inspect.__name__.strip("_"), ok=False, detail=str(error), action="monitor db upgrade")
            )
            break
    return tuple(found)


def _daemon(prepared: Prepared) -> HealthCheck:
    folder = prepared.settings.data_dir
    pid = lock.holder(folder)
    if pid is None:
        return HealthCheck("daemon", ok=False, detail=f"none runs on {folder}", action="monitor run")
    silent = lock.age(folder)
    detail = f"pid {pid}, last beat {silent:.0f} s ago"
    return HealthCheck("daemon", silent < FRESH, detail, "" if silent < FRESH else "restart it, and keep its log")


def _database(prepared: Prepared) -> Iterator[HealthCheck]:
    with SqlReader(prepared.settings.database) as reader:
        yield HealthCheck("database", ok=True, detail=f"plan {reader.plan_version() or 'none yet'}")


def _sources(prepared: Prepared) -> Iterator[HealthCheck]:
    now = utc_now()
    with SqlReader(prepared.settings.database) as reader:
        if outage := reader.outage():
            yield HealthCheck("network", ok=False, detail=outage)
        for source in reader.sources(now):
            if not source.enabled:
                continue
            if source.problem:
                detail = f"{source.problem}: {source.summary}"
                yield HealthCheck(f"source {source.id}", ok=False, detail=detail, action=source.action)
                continue
            late = source.next_poll_at is not None and now - source.next_poll_at > LATE
            detail = source.last_error or f"{source.articles_24h} articles in 24 h"
            action = (
                f"monitor sources; last error: {source.last_error}" if source.last_error else "is the daemon running?"
            )
            ok = not source.last_error and not late
            yield HealthCheck(f"source {source.id}", ok, detail, "" if ok else action)


def _outbox(prepared: Prepared) -> Iterator[HealthCheck]:
    with SqlReader(prepared.settings.database) as reader:
        dead = reader.deliveries("dead", 1000)
        yield HealthCheck(
            "dead deliveries", not dead, str(len(dead)), "monitor deliveries --state dead; monitor replay ID"
        )
        waiting = reader.deliveries("pending", 1000)
        old = [row for row in waiting if utc_now() - row.created_at > LATE]
        yield HealthCheck(
            "outbox", not old, f"{len(waiting)} waiting, {len(old)} for over 15 min", "is the receiver up?"
        )


def _disk(prepared: Prepared) -> Iterator[HealthCheck]:
    free = shutil.disk_usage(prepared.settings.data_dir).free
    yield HealthCheck("disk", free > SPARE, f"{free // 2**20} MB free", "make room in the data folder")
