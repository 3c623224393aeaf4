"""Start, signals, drain, stop."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Literal

from monitor.config.settings import Settings
from monitor.model.errors import StoreError
from monitor.model.plan import Plan
from monitor.model.task import Maintain, Poll, Rematch, Task
from monitor.pipeline.ports import Observer
from monitor.service import lock, signals, telemetry
from monitor.service.app import App
from monitor.service.backups import guard
from monitor.service.channel_opening import tell_of_opened
from monitor.service.clock import utc_now
from monitor.service.clock_watch import ClockWatch
from monitor.service.collector import settle
from monitor.service.current_plan import CurrentPlan, Prepared
from monitor.service.desk import make_metrics, open_desk
from monitor.service.line_chores import line_chores
from monitor.service.metrics import Metrics, Observers
from monitor.service.plan_change import left, lost
from monitor.service.plan_reload import PlanReloader
from monitor.service.progress import Progress
from monitor.service.service_manager import ALIVE, READY, STOPPING, ServiceManager
from monitor.service.serving import MakeServer, Serving
from monitor.service.sharing import SHARING, in_words
from monitor.service.web_file import forget_state
from monitor.service.wiring import (
    EXPIRE_EVERY,
    FORGET_EVERY,
    OPTIMIZE_EVERY,
    RECALL_EVERY,
    Parts,
    ShutdownFlag,
    build,
    owner_prefix,
)
from monitor.store.db.engines import database_file
from monitor.store.db.migrate import upgrade

DRAIN = 17.0  # seconds; the whole stop stays under 20
LAST = 19.0  # seconds after which the process ends, whatever still hangs
BEAT = 5.0
OK, PARTIAL = 0, 3
RESTART = "start it again; to move the data folder, or put another database in place, stop the daemon first"
REPLACED = 75  # EX_TEMPFAIL of sysexits.h: to start again is the mend


def run(
    app: App,
    held: signals.Held,
    *,
    once: bool = False,
    log_format: str = "auto",
    log_level: str = "info",
    web: Callable[[], MakeServer] | None = None,
) -> int:
    """Run the daemon until it is told to stop, or once over every source; return the exit code.

    `web` imports the web server, and is asked where there is to be one. `held` is what was asked for before the daemon listens: an end comes between two steps of the start.
    Raises ConfigError before anything is started, and LockHeldError when another process has the data folder.
    """
    telemetry.configure(log_format, log_level)
    prepared = app.ready()
    if held.stop:
        return _ended_early()
    settings = prepared.settings
    with lock.hold(settings.data_dir) as held_lock, lock.hold_file(database_file(settings.database), settings.data_dir):
        upgrade(settings.database, guard(settings.database, settings.data_dir, utc_now, telemetry.backup))
        if held.stop:
            return _ended_early()
        forget_state(settings.data_dir)  # one that was killed says nothing of this one
        make = web() if web and settings.web.enabled and not once else None
        return asyncio.run(_live(app, prepared, held_lock, held, once=once, make=make))


def _ended_early() -> int:
    telemetry.say("stopped", during="start")
    return OK


async def _live(
    app: App, prepared: Prepared, mine: lock.HeldLock, held: signals.Held, *, once: bool, make: MakeServer | None
) -> int:
    current_plan, shutdown = CurrentPlan(prepared), ShutdownFlag()
    observer = telemetry.Telemetry([source.id for source in prepared.plan.sources if source.enabled])
    metrics = make_metrics(prepared.settings, current_plan) if make else None
    observers = Observers(observer, *((metrics,) if metrics else ()))
    parts = build(prepared.settings, current_plan, observers, shutdown)
    running = _Running(parts, ServiceManager(app.environ))
    if make and metrics:
        desk = open_desk(app, prepared.settings, parts, current_plan, metrics)
        running.serving = Serving(desk, make, prepared.settings.data_dir)
    stop = asyncio.Event()
    try:
        await _enforce(app, parts, prepared, observers)
        heard = partial(_heard, running.manager, metrics)
        reloader = PlanReloader(app=app, parts=parts, current_plan=current_plan, observer=observers, heard=heard)
        signals.listen(lambda: _stop(stop, shutdown), reloader.soon)
        if held.stop:
            _stop(stop, shutdown)
            return OK
        if held.reload:
            reloader.soon()
        if once:
            await _once(parts, prepared, shutdown)
            return PARTIAL if observer.polls_failed or observer.tasks_failed else OK
        _begin(running, prepared.settings)
        return await _turn(stop, mine, running)
    except StoreError:
        if problem := _beat(mine, parts):  # it was taken away before the first beat
            return _replaced(problem)
        raise
    finally:
        shutdown.asked = True
        await _drain(running)
    return OK


@dataclass(slots=True)
class _Running:
    """What turns once the daemon has begun, and who hears of it."""

    parts: Parts
    manager: ServiceManager
    serving: Serving | None = None


def _heard(manager: ServiceManager, metrics: Metrics | None, how: Literal["begun", "taken", "refused"]) -> None:
    """Tell the service manager and the figures how a reload goes."""
    if how == "begun":
        manager.reloading()
        return
    if how == "taken":
        settle()
    manager.say(READY)
    if metrics:
        metrics.reloaded(taken=how == "taken")


async def _drain(running: _Running) -> None:
    """End what is under way, pages and tasks beside each other, and give back what was taken."""
    parts, serving = running.parts, running.serving
    running.manager.say(STOPPING)
    closing = asyncio.create_task(serving.stop()) if serving else None
    cut = await parts.engine.drain(DRAIN)
    if closing:
        await closing
    with suppress(StoreError, TimeoutError):  # what cannot be given back now is free when its lease runs out
        async with asyncio.timeout(LAST - DRAIN):
            await parts.stores.unwritten.again()
            await parts.leases.give_back()
    await parts.aclose()
    telemetry.say("stopped", cut_short=cut)


async def _enforce(app: App, parts: Parts, prepared: Prepared, observer: Observer) -> None:
    """Put the plan in force, and say what is watched, what is lost, and who else is at work on the database."""
    await parts.stores.maintenance.release_leases(owner_prefix(prepared.settings))
    before = await app.plan_in_force()
    opened = await parts.stores.source_store.sync_plan(prepared.plan, utc_now())
    await tell_of_opened(parts.stores.outbox, opened, prepared.plan, utc_now(), observer)
    _greet(prepared)
    if others := await app.presence.other_daemons():
        telemetry.warn("database.shared", problem=in_words(others), action=SHARING)
    _say_losses(before, prepared.plan, app.folder)


def _begin(running: _Running, settings: Settings) -> None:
    """Let the engine turn, arrange the chores, serve, and say that all is ready."""
    parts = running.parts
    parts.engine.start()
    parts.engine.every(OPTIMIZE_EVERY, Maintain("optimize"))
    parts.engine.every(FORGET_EVERY, Maintain("forget"))
    parts.engine.every(EXPIRE_EVERY, Maintain("expire"))
    parts.engine.every(RECALL_EVERY, Maintain("recall"))
    parts.engine.submit(Maintain("recall"))
    for seconds, kind in line_chores(settings):
        parts.engine.every(seconds, Maintain(kind))
    if running.serving:
        running.serving.start()
    settle()
    running.manager.say(READY)


def _stop(stop: asyncio.Event, shutdown: ShutdownFlag) -> None:
    shutdown.asked = True
    stop.set()
    # A look-up that hangs in its thread would keep the process long after everything is drained and committed.
    last = threading.Timer(LAST, os._exit, (OK,))
    last.daemon = True
    last.start()


async def _turn(stop: asyncio.Event, mine: lock.HeldLock, running: _Running) -> int:
    """Keep the lock's heart beating until somebody says stop, or nothing that is written would be found again."""
    parts, progress = running.parts, Progress(running.parts.engine, running.parts.database)
    watch = ClockWatch(utc_now, asyncio.get_running_loop().time)
    if await parts.stores.maintenance.is_ahead_of(utc_now()):
        parts.engine.submit(Maintain("clock"))
    while not stop.is_set():
        if problem := _beat(mine, parts):
            return _replaced(problem)
        moved = watch.jump()
        if moved:
            telemetry.warn("clock.set", seconds=round(moved.total_seconds()))
        if moved < timedelta(0):
            parts.engine.submit(Maintain("clock"))
        if not progress.hangs():
            running.manager.say(ALIVE)
        parts.engine.ring_soon()  # APScheduler goes by the wall clock: set back an hour, it would be still for an hour
        try:
            await asyncio.wait_for(stop.wait(), running.manager.within(BEAT))
        except TimeoutError:
            continue
    return OK


def _beat(mine: lock.HeldLock, parts: Parts) -> str:
    """Say that the daemon turns; return which file is gone from under it, or replaced, "" while none is."""
    folder, database = mine.path.parent.absolute(), parts.database.path
    if mine.is_moved():
        return f"the data folder {folder} is gone, whatever stands there now"
    if mine.is_lost():
        return f"the lock {folder / mine.path.name} is gone or replaced: a second daemon could run on this data folder"
    if parts.database.is_replaced():
        return f"the database {database} is gone or replaced: what is written now would not be found again"
    try:
        mine.beat()
    except OSError as error:
        return f"the lock {folder / mine.path.name} cannot be touched: {error.strerror}"
    return ""


def _replaced(problem: str) -> int:
    telemetry.fail("data.replaced", problem=problem, action=RESTART)
    return REPLACED


async def _once(parts: Parts, prepared: Prepared, shutdown: ShutdownFlag) -> None:
    """Poll every source, then deliver until nothing more is due."""
    for source in prepared.plan.sources:
        if source.enabled:
            parts.engine.submit(Poll(source.id, at_once=True))
    await parts.engine.join()
    rematched: set[Task] = set()
    while due := [task for task in await parts.due() if not isinstance(task, Poll) and task not in rematched]:
        rematched.update(task for task in due if isinstance(task, Rematch))  # once each: one that fails is due again
        for task in due:
            parts.engine.submit(task)
        await parts.engine.join()
        if shutdown.asked:
            return


def _say_losses(before: Plan, plan: Plan, folder: Path) -> None:
    """Say what the plan had when the daemon ran last, and has no longer; nobody is there to ask, so it starts all the same."""
    for line in left(before, plan):
        telemetry.warn("plan.shrank", problem=line)
    for problem in lost(before, plan, folder):
        telemetry.warn("plan.lost", problem=f"{problem.file}: {problem.message}", action="monitor check")


def _greet(prepared: Prepared) -> None:
    """Say what is watched, and in one line what is still missing."""
    plan = prepared.plan
    sources = [source for source in plan.sources if source.enabled]
    telemetry.say("started", plan=plan.version, sources=len(sources), rules=len(plan.all_rules))
    for warning in prepared.warnings:
        telemetry.warn("config.warning", problem=str(warning))
    for channel in plan.channels:
        if channel.enabled and not channel.url:
            telemetry.warn(
                "channel.not_configured",
                channel=channel.id,
                action="hits are stored, not sent; to send them set its url in channels.yaml "
                "(as shipped: export MONITOR_WEBHOOK_URL=https://...)",
            )
