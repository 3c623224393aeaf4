"""What rules over counts would have told of what is stored, and which silences can never be told (`monitor check`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from monitor.model.plan import CountRule, Plan
from monitor.pipeline.count_history import CountHistories
from monitor.store.db.database import Database
from monitor.store.write.count_alerts import CountAlerts
from monitor.store.write.count_store import CountStore
from monitor.store.write.watch_store import WatchStore
from monitor.trend.flatline import smallest_window
from monitor.trend.frequency import incidents
from monitor.trend.verdict import LEARNING

AT_MOST: Final = 1.0
"""Seconds that it may take; rules whose turn does not come are left out."""

LOOKED_BACK: Final = timedelta(days=28)
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


async def count_outlooks(url: str, plan: Plan, now: datetime) -> tuple[str, ...]:
    """Return a line for each frequency with what it would have told, and for each flatline that cannot tell anything.

    Raises StoreError.
    """
    if not plan.count_rules:
        return ()
    found: list[str] = []
    db = Database(url, read_only=True)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(AT_MOST):
                async for line in _outlooks(db, plan, now):
                    found.append(line)  # noqa: PERF401 - what was found before the time is over is kept
    finally:
        await db.aclose()
    return tuple(found)


async def _outlooks(db: Database, plan: Plan, now: datetime) -> AsyncIterator[str]:
    counts = CountStore(db)
    histories = CountHistories(counts, WatchStore(db), CountAlerts(db))
    for rule in plan.count_rules:
        if rule.type == "frequency":
            yield await _frequency(rule, counts, now)
        elif rule.type == "flatline" and rule.seconds and (line := await _flatline(rule, histories, plan.zone, now)):
            yield line


async def _frequency(rule: CountRule, counts: CountStore, now: datetime) -> str:
    window = timedelta(seconds=rule.seconds)
    moments = await counts.moments(rule.of, rule.unit, now - LOOKED_BACK, now)
    number = incidents(moments, window, rule.least)
    weeks = min(LOOKED_BACK, max(now - moments[0], _WEEK)) / _WEEK if moments else LOOKED_BACK / _WEEK
    return f"{rule.rule.id} would have told {number / weeks:.1f} times a week of what is stored of {rule.of}"


async def _flatline(rule: CountRule, histories: CountHistories, zone: str, now: datetime) -> str:
    """Return that the window lets too few be due for a silence to be rare, "" where it does not or it is not known yet."""
    history, window = await histories.of(rule, now), timedelta(seconds=rule.seconds)
    if history.past.known < LEARNING:
        return ""
    usual, past = history.usual(min(window, _DAY), zone)  # unevenness is measured over a day at most
    least = smallest_window(usual.rate, past.bulk, rule.least)
    if least <= window:
        return ""
    hours = f"{least // timedelta(hours=1)}h" if least < timedelta.max else "none: nothing comes"
    return (
        f"{rule.rule.id} can tell nothing: {usual.rate * 24:.1f} a day are too few for this window; "
        f"the smallest that can is {hours}"
    )
