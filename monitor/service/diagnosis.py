"""Is it well? What is not, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from monitor.config.settings import Settings, WatchdogSettings
from monitor.model.confidential import hide
from monitor.model.errors import ConfigProblem, MonitorError
from monitor.model.plan import Cron, Source
from monitor.model.records import ChannelRecord, SourceRecord
from monitor.net.certificates import missing_roots
from monitor.notify.line import SPARE
from monitor.present.causes import plain_error
from monitor.present.moments import in_zone
from monitor.schedule.cadence import check_cron, next_poll
from monitor.service import lock
from monitor.service.clock import utc_now
from monitor.service.failing_alike import OVERDUE, AlikeFailure, AlikeTrouble, failing_alike, troubled_alike
from monitor.service.line_chores import free
from monitor.service.receiver_advice import stored_advice
from monitor.service.sharing import in_words
from monitor.service.watchdog_file import LastPing, last_ping
from monitor.service.web_file import WebState, web_state
from monitor.store.db.sessions import DaemonSession
from monitor.store.read.queries import SqlReader

TURNS = 3  # of the watchdog, after which a ping is overdue
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


_MENDS = (
    (r"locked|busy", "another program holds the database: end it, or wait"),
    (r"malformed|not a database|corrupt|disk image", "the file is damaged: stop the daemon and put a backup in its place"),
    (r"refused|could not connect|connection|timeout|server closed|starting up|shutting down|terminating",
     "is the database server up, and does `database` in monitor.yaml name it?"),
    (r"password|authentication|permission|role ", "check the user and the password in `database` of monitor.yaml"),
    (r"disk|space|full|i/o", "make room on the disk of the database"),
    (r"there is no database", "monitor run makes it"),
)  # fmt: skip
"""What the words of a database call for; the first that fits."""


SHOWN_SOURCES: Final = 5
"""Sources that a line names."""


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """One thing that was inspected. `action` says what to do when it is not ok."""

    name: str
    ok: bool
    detail: str
    action: str = ""


def files(version: str, problems: Sequence[ConfigProblem]) -> HealthCheck:
    """Return whether the files are right: the first fault, and how many there are."""
    if not problems:
        return HealthCheck("configuration", ok=True, detail=f"plan {version}")
    more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
    return HealthCheck("configuration", ok=False, detail=f"{problems[0]}{more}", action="monitor check")


def stale(version: str, in_force: str, others: Sequence[DaemonSession]) -> tuple[HealthCheck, ...]:
    """Return that another plan is in force than the files say, where it is so; `others` may have put it there."""
    if in_force in {version, ""}:
        return ()
    detail = f"the files say plan {version}, in force is {in_force}"
    action = "monitor check --diff shows what differs; monitor reload; if no file was changed, set the variables (${…}) as for the daemon"
    if others:
        detail += f"; {in_words(others)}"
        action = "give all daemons on the database the same configuration, then monitor reload on each"
    return (HealthCheck("plan", ok=False, detail=detail, action=action),)


def ways_out(settings: Settings, environ: Mapping[str, str]) -> Iterator[HealthCheck]:
    """Yield what the environment says of proxies and certificates and is not followed, or cannot be."""
    unused = [name for name in _PROXIES if environ.get(name) or environ.get(name.lower())]
    without = [key for key, one in (("fetch", settings.fetch), ("deliver", settings.deliver)) if one.proxy is None]
    if unused and without:
        keys = " and ".join(f"{key}: {{proxy: ...}}" for key in without)
        detail = f"{' and '.join(unused)} set in the environment, and not used; to use one write {keys} in monitor.yaml"
        yield HealthCheck("proxy", ok=True, detail=detail)
    if missing := missing_roots(environ):
        yield HealthCheck("certificates", ok=False, detail=missing, action="correct the variable, or take it away")


def rights(sources: Sequence[Source]) -> Iterator[HealthCheck]:
    """Yield what is kept and shown of those sources that do not leave all of their articles to be."""
    for what, said in (
        ("link", "kept of their articles: headline, address, at most 200 characters around the words, a digest"),
        ("excerpt", "shown of their articles: the excerpt; the text is kept for matching and search"),
    ):
        if named := [one.id for one in sources if one.rights == what]:
            shown = ", ".join(named[:SHOWN_SOURCES]) + (
                f" and {len(named) - SHOWN_SOURCES} more" * (len(named) > SHOWN_SOURCES)
            )
            yield HealthCheck(f"rights: {what}", ok=True, detail=f"{said} ({shown})")


def daemon(folder: Path, file: Path | None, others: Sequence[DaemonSession]) -> HealthCheck:
    """Return whether a daemon holds the data folder and its heart beats, and who else runs on the database.

    `file` is the database where it is a file; `others` run on it where it is on a server, by intent perhaps.
    """
    pid, writer = lock.holder(folder), None if file is None else lock.database_holder(file)
    if writer is not None and writer[0] != pid:
        detail = f"pid {writer[0]} with the data folder {writer[1]} runs on the database {file}, none on {folder}"
        action = f"MONITOR_DATA_DIR={writer[1]} asks that one; or give {folder} a database of its own"
        return HealthCheck("daemon", ok=False, detail=detail, action=action)
    beside = f"; {in_words(others)}" if others else ""
    if pid is None:
        return HealthCheck("daemon", ok=False, detail=f"none runs on {folder}{beside}", action="monitor run")
    silent = lock.age(folder)
    detail = f"pid {pid}, last beat {silent:.0f} s ago{beside}"
    alive = silent <= lock.FRESH
    return HealthCheck("daemon", alive, detail, "" if alive else "restart it, and keep its log")


def stored(
    reader: SqlReader,
    records: Callable[[SqlReader], Sequence[SourceRecord]],
    zone: tzinfo,
    *,
    late: timedelta,
    quick: bool,
) -> tuple[HealthCheck, ...]:
    """Return how the database is and, unless `quick`, what it says of sources and outbox; it ends where that fails.

    `records` reads how every source is doing; times are shown in `zone`. `late` is how long a message may wait.
    """
    found: list[HealthCheck] = []
    inspections: Sequence[tuple[str, Callable[[], Iterator[HealthCheck]]]] = (
        ("database", lambda: _database(reader)),
        ("sources", lambda: _sources(reader.outage(), records(reader), zone)),
        ("outbox", lambda: _outbox(reader, zone, late)),
        ("silences", lambda: _silences(reader, zone)),
    )
    for name, inspect in inspections[: 1 if quick else None]:
        try:
            found.extend(inspect())
        except MonitorError as error:
            found.append(unreadable(error, name))
            break
    return tuple(found)


def unreadable(error: MonitorError, name: str = "database") -> HealthCheck:
    """Return that something in the database could not be read, and what that most likely calls for."""
    detail = str(error)
    action = next((mend for sign, mend in _MENDS if re.search(sign, detail, re.IGNORECASE)), "monitor db upgrade")
    return HealthCheck(name, ok=False, detail=detail, action=action)


def kept(folder: Path, settings: WatchdogSettings, now: datetime, running: datetime | None) -> Iterator[HealthCheck]:
    """Yield what the data folder says: its room, the web server of a daemon that is `running`, the outside watchdog."""
    yield disk(folder)
    if running is not None:
        yield from web(web_state(folder))
    yield from watchdog(settings, last_ping(folder), now)


def disk(folder: Path) -> HealthCheck:
    """Return whether the data folder has room."""
    left = free(folder)
    return HealthCheck("disk", left >= SPARE, f"{left // 2**20} MB free", "make room in the data folder")


def watchdog(settings: WatchdogSettings, last: LastPing | None, now: datetime) -> Iterator[HealthCheck]:
    """Yield what became of the last ping of the outside watchdog; nothing where none is set up."""
    if not settings.url:
        return
    if last is None:
        yield HealthCheck("watchdog", ok=True, detail="not pinged yet")
        return
    ago = max(0, round((now - last.at).total_seconds()))
    action = "see the other lines; without a ping your watchdog will tell you"
    if last.fault:
        yield HealthCheck("watchdog", ok=False, detail=f"{last.fault} ({ago} s ago)", action=action)
    else:
        overdue = ago > TURNS * settings.every
        yield HealthCheck("watchdog", ok=not overdue, detail=f"pinged {ago} s ago", action="does the daemon run?")


def web(state: WebState | None) -> Iterator[HealthCheck]:
    """Yield where the daemon's web server is reached, or why it is not; nothing while there is none."""
    if state is not None and state.fault:
        action = "free the address, or name another in `web.listen` of monitor.yaml and start again"
        yield HealthCheck("web", ok=False, detail=state.fault, action=action)
    elif state is not None:
        yield HealthCheck("web", ok=True, detail=state.address)


def heartbeat(expression: str, last: datetime | None, now: datetime, zone: ZoneInfo) -> Iterator[HealthCheck]:
    """Yield when the last heartbeat was told and when the next one is due; nothing where none is asked for."""
    if not expression or check_cron(expression):
        return
    before = "none yet" if last is None else f"last {in_zone(last, zone)}"
    due = next_poll(Cron(expression), now, zone.key)
    yield HealthCheck("heartbeat", ok=True, detail=f"{before}, next {in_zone(due, zone)}")


def _silences(reader: SqlReader, zone: tzinfo) -> Iterator[HealthCheck]:
    """Yield each silence in force that keeps every hit back: who asks why nothing comes must read it here."""
    for one in reader.silences():
        if one.in_force(utc_now()) and not (one.rule_id or one.source_id or one.tag or one.word):
            detail = f"no hit is told until {in_zone(one.ends_at, zone)}: {one.why} ({one.author}); monitor silence end {one.id} lets hits through"
            yield HealthCheck(f"silence {one.id}", ok=True, detail=detail)


def _database(reader: SqlReader) -> Iterator[HealthCheck]:
    yield HealthCheck("database", ok=True, detail=f"plan {reader.plan_version() or 'none yet'}")


def _sources(outage: str, records: Sequence[SourceRecord], zone: tzinfo) -> Iterator[HealthCheck]:
    if outage:
        yield HealthCheck("network", ok=False, detail=outage)
    alike: tuple[AlikeFailure | AlikeTrouble, ...] = (*failing_alike(records), *troubled_alike(records, zone))
    yield from (HealthCheck("sources", ok=False, detail=each.summary, action=each.action) for each in alike)
    told = {source_id for each in alike for source_id in each.sources}
    yield from (_source(source, zone) for source in records if source.enabled and source.id not in told)


def _source(source: SourceRecord, zone: tzinfo) -> HealthCheck:
    name = f"source {source.id}"
    if source.problem:
        detail = f"{source.problem}: {plain_error(source.summary)}"
        return HealthCheck(name, ok=False, detail=detail, action=plain_error(source.action))
    if source.overdue:
        due = "" if source.next_poll_at is None else f"at {in_zone(source.next_poll_at, zone)} "
        return HealthCheck(name, ok=False, detail=f"was due {due}and is not polled", action=OVERDUE)
    if source.last_error:
        action = f"monitor sources {source.id}; monitor doctor {source.id} tries it now"
        return HealthCheck(name, ok=False, detail=plain_error(source.last_error), action=action)
    if source.unpolled:
        due = "" if source.next_poll_at is None else f", first look at {in_zone(source.next_poll_at, zone)}"
        return HealthCheck(name, ok=True, detail=f"not polled yet{due}")
    return HealthCheck(name, ok=True, detail=f"{source.articles_24h} articles in 24 h")


def _outbox(reader: SqlReader, zone: tzinfo, limit: timedelta) -> Iterator[HealthCheck]:
    dead = reader.deliveries("dead", 1000)
    yield HealthCheck("dead deliveries", not dead, str(len(dead)), "monitor deliveries --state dead; monitor replay ID")
    kinds = {channel.id: channel.kind for channel in reader.plan_in_force().channels}
    records = reader.channels(kinds)
    yield from filter(None, (_channel(record, zone, known=record.id in kinds) for record in records))
    explained = {record.id for record in records if record.state != "open"}
    waiting = reader.deliveries("pending", 1000)
    old = [row for row in waiting if utc_now() - row.created_at > limit and row.channel_id not in explained]
    late = ", ".join(dict.fromkeys(row.channel_id for row in old))
    detail = (
        f"{len(waiting)} waiting, {len(old)} for over {limit.total_seconds() / 60:g} min{f' ({late})' if late else ''}"
    )
    yield HealthCheck("outbox", not old, detail, "does the daemon run? monitor deliveries --state pending")


def _channel(record: ChannelRecord, zone: tzinfo, *, known: bool) -> HealthCheck | None:
    """Return what is wrong with a channel; None where nothing is, or where it is off and nothing waits."""
    name, waits = f"channel {record.id}", f"; {record.waiting} waiting" if record.waiting else ""
    waits += f"; {record.held} held" if record.held and record.state in {"shut", "off"} else ""
    since = "" if record.since is None else f" since {in_zone(record.since, zone)}"
    if record.state == "shut":
        todo = stored_advice(record.reason)
        action = (
            f"{todo}; then monitor reload, or where nothing changes in channels.yaml: monitor channels open {record.id}"
        )
        return HealthCheck(
            name, ok=False, detail=f"shut by its receiver{since}: {hide(record.reason)}{waits}", action=action
        )
    if record.state == "failing":
        due = "" if record.next_try_at is None else f"; next try {in_zone(record.next_try_at, zone)}"
        detail = f"failing{since}: {hide(record.reason)}{waits}{due}"
        action = f"{stored_advice(record.reason)}; monitor channels open {record.id} tries it at once"
        if record.reason.startswith("429"):
            action = "it goes on by itself when the receiver allows it; `throttle` or `group` make fewer messages"
        return HealthCheck(name, ok=False, detail=detail, action=action)
    if record.state == "off" and (record.waiting or record.held):
        action = "set its URL or `enabled: true` in channels.yaml, then monitor reload"
        if not known:
            action = "it left channels.yaml: put it back under this id, or what waits for it waits for ever"
        return HealthCheck(name, ok=False, detail=f"{record.reason}{since}{waits}", action=action)
    return None
