"""How many articles went by unseen? An estimate per source and day. Pure.

Where article numbers rise, each step of the greatest number that was not seen is a candidate; how many numbers are
articles of this source at all is learned (an outlet may number its photographs too). Elsewhere, a list that was overrun
has moved on by more than its length since the last poll: what came between is estimated by the source's rate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from math import sqrt
from typing import Final

from monitor.health.memory import Losses
from monitor.model.health import Day, ListCheck

KST: Final = timezone(timedelta(hours=9))  # by whose days losses are counted
HALF_LIFE: Final = 6.0  # hours: how long a loss is news
KNOWN_STEPS: Final = 100.0  # steps of the numbers before their density says something
SPARSEST: Final = 0.05  # numbers of which fewer are articles say nothing
FADE_STEPS: Final = 1000.0  # steps after which the past weighs half
JUMP: Final = 50  # times the articles seen, and BIG_JUMP: a new way of numbering, not a loss
BIG_JUMP: Final = 2000
LEAST: Final = 5.0  # estimated losses that are worth an alarm
SHARE: Final = 0.9  # of the articles seen, below which there is an alarm
RECOVERED_SHARE: Final = 0.97
DEVIATIONS: Final = 4.0
# Not a year, not a day: those rise by leaps.
_NUMBER: Final = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?:(?:0\d|1[0-2])(?:[0-2]\d|3[01]))?(?!\d))\d{4,10}(?!\d)")


def number(key: str) -> int:
    """Return the article number in an identity: the last group of four to ten digits that is no date; 0 where there is none."""
    found = _NUMBER.findall(key.partition("://")[2])
    return int(found[-1]) if found else 0


def remember(
    losses: Losses,
    lists: Sequence[ListCheck],
    since: datetime | None,
    now: datetime,
    per_hour: float,
    *,
    frozen: bool,
) -> Losses:
    """Take a poll into the memory; `per_hour` is the source's usual rate now. `frozen`: an alarm is up."""
    read = [check for check in lists if check.problem is None and not check.unchanged]
    losses = _fade(_turn(losses, now), since, now)
    top = max((number(key) for check in read for key in check.entries), default=0)
    later = [check for check in read if not check.first]
    if not later:
        return replace(losses, top=max(losses.top, top))
    new = sum(check.new for check in later)
    steps = max(0, top - losses.top) if losses.top else 0
    if steps > BIG_JUMP and steps > JUMP * max(new, 1):
        return replace(losses, top=top, steps=0.0, found=0.0)
    lost = 0 if density(losses) else _turned_over(later, since, now, per_hour)
    return _add(losses, max(top, losses.top), new, steps, lost, frozen=frozen)


def density(losses: Losses) -> float:
    """Return which share of the numbers are articles that the source shows; 0 while that is unknown or too small."""
    if losses.steps < KNOWN_STEPS:
        return 0.0
    share = min(1.0, losses.found / losses.steps)
    return share if share >= SPARSEST else 0.0


def day(losses: Losses) -> Day:
    """Return the estimate of the present day."""
    return Day(losses.day, losses.day_seen, round(_missed(losses, losses.day_seen, losses.day_steps, losses.day_lost)))


def lossy(losses: Losses, *, raised: bool) -> bool:
    """Return whether the last hours lost enough for an alarm, or, once it is raised, too much to end it."""
    share = density(losses)
    missed = _missed(losses, losses.w_seen, losses.w_steps, losses.w_lost)
    seen = losses.w_seen / (losses.w_seen + missed) if missed else 1.0
    if raised:
        return missed >= 1 and seen < RECOVERED_SHARE
    return missed >= LEAST + _chance(share, losses.w_steps) and seen < SHARE


def figures(losses: Losses) -> tuple[int, int]:
    """Return (seen, missed) of the last hours."""
    return round(losses.w_seen), round(_missed(losses, losses.w_seen, losses.w_steps, losses.w_lost))


def _missed(losses: Losses, seen: float, steps: float, lost: float) -> float:
    share = density(losses)
    return max(0.0, share * steps - seen) if share else lost


def _turned_over(lists: Sequence[ListCheck], since: datetime | None, now: datetime, per_hour: float) -> float:
    """Estimate what came and went between two polls, for lists that were overrun."""
    hours = (now - since).total_seconds() / 3600 if since else 0.0
    gone = [check for check in lists if check.overrun]
    most = 10 * max((len(check.entries) for check in gone), default=0)
    return min(most, max(1.0, per_hour * hours - sum(check.new for check in gone))) if gone else 0.0


def _turn(losses: Losses, now: datetime) -> Losses:
    today = now.astimezone(KST).date().isoformat()
    return losses if losses.day == today else replace(losses, day=today, day_seen=0, day_steps=0, day_lost=0)


def _fade(losses: Losses, since: datetime | None, now: datetime) -> Losses:
    keep = 0.5 ** ((now - since) / timedelta(hours=HALF_LIFE)) if since else 1.0
    return replace(losses, w_seen=losses.w_seen * keep, w_steps=losses.w_steps * keep, w_lost=losses.w_lost * keep)


def _leaps(losses: Losses, new: int, steps: int) -> bool:
    """Return whether one poll saw far less than the numbers promise: a loss, which must not pass for their density."""
    share = density(losses)
    return share * steps - new > LEAST + _chance(share, steps)


def _chance(share: float, steps: float) -> float:
    """Return how much fewer articles than expected are mere chance (binomial)."""
    return DEVIATIONS * sqrt(share * (1 - share) * steps)


def _add(losses: Losses, top: int, new: int, steps: int, lost: float, *, frozen: bool) -> Losses:
    keep = 0.5 ** (steps / FADE_STEPS)
    frozen = frozen or _leaps(losses, new, steps)
    learned = (losses.steps, losses.found) if frozen else (losses.steps * keep + steps, losses.found * keep + new)
    return replace(
        losses,
        top=top,
        steps=learned[0],
        found=learned[1],
        w_seen=losses.w_seen + new,
        w_steps=losses.w_steps + steps,
        w_lost=losses.w_lost + lost,
        day_seen=losses.day_seen + new,
        day_steps=losses.day_steps + steps,
        day_lost=losses.day_lost + round(lost),
    )
