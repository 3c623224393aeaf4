"""When the sources were polled: silence while nobody listens is none, and what comes at once afterwards is no spike. Pure.

What is watched is known of each five minutes of an hour, as a bit of a number: bit 0 is the first five minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from monitor.model.counting import HOUR, SLOT, SLOTS
from monitor.trend.series import hour_of

GAP: Final = 6
"""Slots without a poll, one behind the other, after which lists have much to catch up with: half an hour."""

CATCHING_UP: Final = timedelta(minutes=30)
"""How long after a gap articles still come that were published in it."""

_LITTLE: Final = 0.5


def shares(slots: Mapping[datetime, int], begin: datetime, now: datetime) -> tuple[float, ...]:
    """Return which share of each hour was watched, from that of `begin` to that of `now`; of the last, of its slots that are over."""
    start, last = hour_of(begin), hour_of(now)
    found = [slots.get(start + hour * HOUR, 0).bit_count() / SLOTS for hour in range((last - start) // HOUR)]
    over = (now - last) // SLOT
    seen = (slots.get(last, 0) & ((1 << over) - 1)).bit_count()
    return (*found, seen / over if over else 1.0)


def is_catching_up(slots: Mapping[datetime, int], now: datetime, window: timedelta) -> bool:
    """Return whether something in the window that ends now may have come late, because nobody polled for a while before."""
    place, missed = _slot_of(now - window - CATCHING_UP) - GAP, 0
    for slot in range(place, _slot_of(now)):
        hour = datetime.fromtimestamp(slot // SLOTS * HOUR.total_seconds(), tz=now.tzinfo)
        missed = 0 if slots.get(hour, 0) >> slot % SLOTS & 1 else missed + 1
        if missed >= GAP:
            return True
    return False


def untaught(
    watched: Sequence[float], begin: datetime, told: Iterable[tuple[datetime, datetime | None]]
) -> frozenset[int]:
    """Return the places of hours that do not teach what is usual: behind a gap, and in which something unusual was under way.

    `watched` are the shares of the hours from `begin` on, `told` from when to when something was (None: it still is).
    """
    start, places = hour_of(begin), set[int]()
    for place, share in enumerate(watched):
        if share < _LITTLE or (place and watched[place - 1] < _LITTLE):
            places.add(place)
    for since, until in told:
        first = (since - start) // HOUR
        last = len(watched) - 1 if until is None else (until - start) // HOUR
        places.update(range(max(first, 0), min(last, len(watched) - 1) + 1))
    return frozenset(places)


def _slot_of(moment: datetime) -> int:
    return int(moment.timestamp() // SLOT.total_seconds())
