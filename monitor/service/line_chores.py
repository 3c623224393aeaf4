"""The chores by which the line looks after itself, put together, and how often each comes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from monitor.config.settings import Settings
from monitor.net.client import HttpClient
from monitor.pipeline.digests import EmptyDigests
from monitor.pipeline.heartbeat import Heartbeat
from monitor.pipeline.line_checks import LineChecks, LineLimits
from monitor.pipeline.ports import Clock, Observer, Plans
from monitor.pipeline.repeats import Repeats
from monitor.pipeline.steps import Chores
from monitor.pipeline.watch_notes import WatchNotes
from monitor.pipeline.watchdog import Ping, Watchdog
from monitor.service import lock
from monitor.service.watchdog_file import keep
from monitor.store.db.engines import database_file
from monitor.store.write.line_store import LineStore
from monitor.store.write.maintenance import Maintenance
from monitor.store.write.notification_store import NotificationStore
from monitor.store.write.repeat_store import RepeatStore
from monitor.store.write.watch_store import WatchStore

LOOK_EVERY: Final = 10.0  # seconds
WATCH_EVERY: Final = 60.0
LINE, HEARTBEAT, WATCHDOG, DIGESTS, WATCHED = "line", "heartbeat", "watchdog", "digests", "watched"
REPEATS: Final = "repeats"


def line_chores(settings: Settings) -> Iterator[tuple[float, str]]:
    """Yield how often, in seconds, each chore of the line comes, and its kind; those that are switched off do not."""
    yield LOOK_EVERY, LINE
    yield LOOK_EVERY, DIGESTS
    yield LOOK_EVERY, REPEATS
    yield WATCH_EVERY, WATCHED
    if settings.heartbeat:
        yield LOOK_EVERY, HEARTBEAT
    if settings.watchdog.url:
        yield settings.watchdog.every, WATCHDOG


@dataclass(frozen=True, slots=True, kw_only=True)
class LineParts:
    """What the chores of the line ask and tell; `client` is that of deliveries."""

    line_store: LineStore
    notification_store: NotificationStore
    maintenance: Maintenance
    plans: Plans
    observer: Observer
    clock: Clock
    client: HttpClient
    watch_store: WatchStore
    repeat_store: RepeatStore


def make_chores(settings: Settings, parts: LineParts) -> Chores:
    """Return the chores of the line by their kinds."""
    store, maintenance = parts.line_store, parts.maintenance
    plans, observer, clock = parts.plans, parts.observer, parts.clock
    late = timedelta(seconds=settings.deliver.late)
    limits = LineLimits(late=late, folders=folders(settings), owner=lock.folder_id(settings.data_dir), free=free)
    chores: dict[str, LineChecks | EmptyDigests | Heartbeat | Repeats | Watchdog | WatchNotes] = {
        LINE: LineChecks(store, maintenance, plans, observer, clock, limits),
        DIGESTS: EmptyDigests(store, parts.notification_store, plans, clock),
        REPEATS: Repeats(parts.repeat_store, plans, observer, clock),
        WATCHED: WatchNotes(parts.watch_store, clock),
    }
    if settings.heartbeat:
        chores[HEARTBEAT] = Heartbeat(store, plans, observer, clock, settings.heartbeat, clock())
    if settings.watchdog.url:
        ping = Ping(
            url=settings.watchdog.url,
            client=parts.client,
            late=late,
            alive=partial(_alive, settings.data_dir),
            note=partial(keep, settings.data_dir, clock),
        )
        chores[WATCHDOG] = Watchdog(store, maintenance, observer, clock, ping)
    return chores


def folders(settings: Settings) -> tuple[Path, ...]:
    """Return the folders whose disks need room: that of the data, and that of the database where it is on another disk."""
    file = database_file(settings.database)
    found = [settings.data_dir.absolute()]
    if file is not None and _disk(file.absolute().parent) != _disk(found[0]):
        found.append(file.absolute().parent)
    return tuple(found)


def free(folder: Path) -> int:
    """Return the bytes that are left on the disk of a folder, or where it would be made. Raises OSError."""
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    return shutil.disk_usage(there).free


def _disk(folder: Path) -> int:
    """Return what names the disk of a folder; 0 where it cannot be asked."""
    with suppress(OSError):
        return folder.stat().st_dev
    return 0


def _alive(data_dir: Path) -> bool:
    """Return whether the daemon has touched its lock lately."""
    try:
        return lock.age(data_dir) <= lock.FRESH
    except OSError:
        return False
