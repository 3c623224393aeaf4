"""What one attempt means for its message, and for the channel that it went through. Pure.

A refusal for good (a 404, a 400) may be about the message or about the channel, and only the next messages show which:

1. A message that was tried REFUSED_ATTEMPTS times and is refused again and again is set aside (dead), and the next one is
   tried. Where none waits, it need not make room, and is tried for REFUSED_ALONE: the receiver may be well before anything
   else is to be told.
2. A receiver that takes that one gets those it refused just before once more: perhaps it was ill, and they were not.
3. When REFUSED_MESSAGES in a row are refused, it is the channel: all of them wait again, in their order, and the first
   one is tried from time to time.
4. A channel that refused all of an hour in the same way is shut. So is one whose receiver says 410 (RFC 9110, section
   15.5.11), and one that was asked over and over to take a message for five days, and did not.

No message dies of a receiver that is away or shut: it waits until its channel is open.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from monitor.model.delivery import (
    AttemptResult,
    Delivery,
    DeliveryState,
    FailureStreak,
    Outcome,
    Revival,
    Verdict,
)
from monitor.model.plan import Channel
from monitor.notify.channels import channel_disabled
from monitor.schedule.backoff import delivery_retry

REFUSED_ATTEMPTS: Final = 3
REFUSED_MESSAGES: Final = 3
REFUSED_FOR: Final = timedelta(hours=1)
REFUSED_ALONE: Final = timedelta(days=1)
SILENT_FOR: Final = timedelta(days=5)  # as long as the senders that switch endpoints off at all (Svix: 120 h)
SILENT_ATTEMPTS: Final = 20
"""Attempts at one message without which five days say nothing: the daemon may have been off for most of them."""


def attempt_result(
    delivery: Delivery, outcome: Outcome, channel: Channel, now: datetime, chance: float
) -> AttemptResult:
    """Return what an attempt means for its delivery and its channel; `chance` is uniform in [0, 1)."""
    before = delivery.streak
    if outcome.verdict is Verdict.DELIVERED:
        done = _result(outcome, DeliveryState.DONE, FailureStreak(), revive=_refused(before, once=True))
        return replace(done, receipt=outcome.receipt)
    streak = _continued(delivery, outcome, now)
    if _is_set_aside(delivery, outcome, streak, now):
        return _result(outcome, DeliveryState.DEAD, streak)
    wait = delivery_retry(delivery.attempt, chance, outcome.retry_after, was_well=before.since is None)
    result = _result(outcome, DeliveryState.PENDING, streak, due=now + timedelta(seconds=wait))
    concluded = before.refused < REFUSED_MESSAGES <= streak.refused
    lasted = _shut_after(delivery, outcome, streak, now)
    return replace(
        result,
        revive=_refused(streak) if concluded else None,
        shut=None
        if lasted is None
        else channel_disabled(channel, now, status=outcome.status, answer=outcome.detail, lasted=lasted),
    )


def _refused(streak: FailureStreak, *, once: bool = False) -> Revival | None:
    if not streak.refused or streak.since is None:
        return None
    return Revival(streak.refused_from, streak.since, once=once)


def _continued(delivery: Delivery, outcome: Outcome, now: datetime) -> FailureStreak:
    """Return the streak with this failure."""
    before = delivery.streak
    streak = replace(before, since=before.since or now)
    if outcome.verdict is not Verdict.REJECTED:
        # A server that answers something else is no longer refusing in one way; a line that is down says nothing of it.
        return streak if outcome.status is None else replace(streak, refused_since=None)
    first = before.refused_from if before.refused and before.refused_from <= delivery.seq else delivery.seq
    same = outcome.status == before.refused_status
    return replace(
        streak,
        refused=max(before.refused, delivery.seq - first + 1),
        refused_from=first,
        refused_status=outcome.status,
        refused_since=(before.refused_since if same else None) or now,
    )


def _is_set_aside(delivery: Delivery, outcome: Outcome, streak: FailureStreak, now: datetime) -> bool:
    """Return whether the message, and not the channel, seems to be what is refused."""
    if outcome.verdict is not Verdict.REJECTED or streak.refused >= REFUSED_MESSAGES:
        return False
    if delivery.attempt < REFUSED_ATTEMPTS:
        return False
    before = delivery.streak
    if before.since is None:  # its receiver has just taken another message, or it was killed in every attempt until now
        return delivery.failed
    if not before.refused_from <= delivery.seq < before.refused_from + before.refused:
        return False  # what failed before were lines that were down: this is its first refusal
    return delivery.followed or _failing_for(delivery, before, now) >= REFUSED_ALONE


def _shut_after(delivery: Delivery, outcome: Outcome, streak: FailureStreak, now: datetime) -> timedelta | None:
    """Return for how long its receiver has failed where that shuts the channel, else None."""
    since = streak.refused_since or streak.since or now
    if outcome.verdict is Verdict.CHANNEL_GONE:
        return now - since
    if streak.refused >= REFUSED_MESSAGES and streak.refused_since and now - streak.refused_since >= REFUSED_FOR:
        return now - since
    waited = _failing_for(delivery, streak, now)
    return waited if waited >= SILENT_FOR and delivery.attempt >= SILENT_ATTEMPTS else None


def _failing_for(delivery: Delivery, streak: FailureStreak, now: datetime) -> timedelta:
    """Return for how long the receiver has failed with this message.

    The streak may have begun with one that was set aside weeks ago, after which nothing was asked of the receiver.
    """
    return now - max(streak.since or now, delivery.first_attempt_at or now)


def _result(
    outcome: Outcome,
    state: DeliveryState,
    streak: FailureStreak,
    *,
    due: datetime | None = None,
    revive: Revival | None = None,
) -> AttemptResult:
    return AttemptResult(
        state=state,
        status=outcome.status,
        detail=outcome.detail,
        elapsed_ms=outcome.elapsed_ms,
        due_at=due,
        retry_after=outcome.retry_after,
        streak=streak,
        revive=revive,
    )
