"""What became of an address in one word, and why in a few: from what is known of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from monitor.model.delivery import DeliveryState
from monitor.model.explained import AddressFate, Cause, ListedRecord, ReadRecord, RuleRecord, StoredTrail, ToldRecord
from monitor.model.notification import Suppression
from monitor.present.causes import plain_error
from monitor.schedule.backoff import ENTRY
from monitor.store.tables.schema import SHUT_BY_PLAN

LATE: Final = timedelta(hours=1)
"""From when on it is worth a word how long after its publication a list showed an article."""

_REASONS: Final = 5  # rules that came near, with what spoke against them

_HELD: Final[Mapping[str, str]] = {
    "quiet": "held by its quiet hours, until",
    "digest": "held for its digest, until",
    "throttle": "held by its throttle, until",
    "group": "held for its group, until",
    "storm": "held because its rule fires again and again, until",
}
_KEPT_BACK: Final[Mapping[str, str]] = {
    Suppression.BASELINE: "it stood on the list when the source was read for the first time (first_run), so that nobody is told",
    Suppression.REMATCH: "it was stored before the rule was there or was changed, so that nobody is told",
    Suppression.OLD: "it says itself that it was published long before it was seen (max_age), so that nobody is told",
    Suppression.NOT_CONFIGURED: "the channel had no url yet",
    Suppression.DISABLED: "the channel was switched off",
}
_FATES: Final = (
    (DeliveryState.DONE, AddressFate.SENT),
    (DeliveryState.LEASED, AddressFate.WAITING),
    (DeliveryState.PENDING, AddressFate.WAITING),
    (DeliveryState.HELD, AddressFate.HELD),
    (DeliveryState.DEAD, AddressFate.DEAD),
    (DeliveryState.SUPPRESSED, AddressFate.SUPPRESSED),
)


def reasons(
    trail: StoredTrail, read: ReadRecord | None, rules: Sequence[RuleRecord]
) -> tuple[AddressFate, tuple[Cause, ...]]:
    """Return what became of what is stored, and why, the weightiest reason first.

    `rules` are those that are asked about: what is told of others says nothing here.
    """
    asked = {rule.rule for rule in rules}
    told = [one for one in trail.told if one.rule in asked]
    late = tuple(_late(trail.listed))
    if told:
        states = {one.message.state for one in told}
        fate = next(fate for state, fate in _FATES if state in states)
        ordered = sorted(told, key=lambda one: [state for state, _ in _FATES].index(DeliveryState(one.message.state)))
        return fate, (*map(told_cause, ordered), *late)
    hits = [rule for rule in rules if rule.hit_id is not None]
    if hits:
        why = (Cause(f"rule {hit.rule}: no channel is to hear of it by the rule or the routes") for hit in hits)
        return AddressFate.NOBODY, (*why, *late)
    unread = tuple(_unread(trail.listed))
    if read is not None:
        return AddressFate.NO_HIT, (*unread, *_page(read, unread), *_near(rules), *late)
    states = {one.state for one in trail.listed}
    if "pending" in states:
        return AddressFate.NOT_READ, unread
    if "ignored" in states:
        words = "it stood on the list when the source was read for the first time, and such are left out (first_run: ignore)"
        return AddressFate.IGNORED, (Cause(words),)
    words = "it was read, met no rule, and its text is kept no more (retention.articles)"
    return AddressFate.FORGOTTEN, (
        Cause(words, max((one.done_at for one in trail.listed if one.done_at), default=None)),
    )


def told_cause(one: ToldRecord) -> Cause:
    """Return what became of a hit on one channel."""
    message, name = one.message, one.channel
    answer = f"{message.last_status}" if message.last_status is not None else "no status"
    match message.state:
        case DeliveryState.DONE:
            tries = f" to attempt {message.attempts}" if message.attempts > 1 else ""
            return Cause(f"{name}: sent, its receiver answered {answer}{tries}, at", message.done_at)
        case DeliveryState.HELD:
            policy = message.group_key.partition(":")[0]
            return Cause(f"{name}: {_HELD.get(policy, 'held, until')}", message.due_at)
        case DeliveryState.DEAD:
            return Cause(
                f"{name}: given up after {message.attempts} attempts ({answer}: {message.last_error}); monitor replay {message.id} sends it again"
            )
        case DeliveryState.SUPPRESSED:
            return _kept_back(one)
        case _:
            return _in_line(one, answer)


def _in_line(one: ToldRecord, answer: str) -> Cause:
    message, name = one.message, one.channel
    if message.shut in SHUT_BY_PLAN:
        return Cause(
            f"{name}: waits, because the channel is off ({message.shut}); mend channels.yaml, then monitor reload"
        )
    if message.shut:
        return Cause(
            f"{name}: waits, because its receiver shut the channel ({message.shut}); monitor channels open {name}"
        )
    failed = f" after {message.attempts} attempts ({answer}: {message.last_error})" if message.attempts else ""
    if message.behind is not None:
        return Cause(f"{name}: waits behind message #{message.behind} of the channel, next try", message.next_try_at)
    return Cause(f"{name}: waits{failed}, next try", message.next_try_at or message.due_at)


def _kept_back(one: ToldRecord) -> Cause:
    message, name = one.message, one.channel
    if message.reason == Suppression.SILENCED:
        words = f"silence {message.silence_id} of {message.silence_author} ({message.silence_why})"
        return Cause(f"{name}: kept back by {words}, which ends", message.silence_ends_at)
    if message.reason == Suppression.SAME_STORY:
        if one.earlier is None:
            return Cause(f"{name}: its story was told already, and nothing about it is new")
        return Cause(f"{name}: its story was told already, with «{one.earlier.title}», at", one.earlier.decided_at)
    return Cause(f"{name}: {_KEPT_BACK.get(message.reason, message.reason)}")


def listed_error(one: ListedRecord) -> str:
    """Return in words why the page behind an entry could not be read; "" while nothing failed."""
    return plain_error(one.last_error) if one.last_error else ""


def _unread(listed: Sequence[ListedRecord]) -> Iterator[Cause]:
    for one in listed:
        if one.state != "pending":
            continue
        left = max(len(ENTRY) + 1 - one.attempts, 0)
        if one.last_error:
            words = (
                f"{one.source}: its page could not be read yet: {listed_error(one)}; {left} tries are left, the next"
            )
        else:
            words = f"{one.source}: its page is still to be read, due"
        yield Cause(words, one.next_attempt_at)


def _page(read: ReadRecord, unread: Sequence[Cause]) -> Iterator[Cause]:
    """Yield what kept the text short."""
    if read.failure and not unread:
        yield Cause(f"its page was not read, only what the list said of it: {plain_error(read.failure)}")
    yield from (Cause(f"the page lacks something: {want}") for want in read.lacks)


def _near(rules: Sequence[RuleRecord]) -> Iterator[Cause]:
    """Yield what spoke against the rules that came nearest."""
    shown = [cause for rule in rules for cause in _against(rule)]
    yield from shown[:_REASONS]
    if not shown:
        yield Cause("no word of any rule stands in its text")


def _against(rule: RuleRecord) -> Iterator[Cause]:
    if rule.matches and not rule.looks_here:
        yield Cause(f"rule {rule.rule}: its words are there, but it looks only at {', '.join(rule.sources)}")
    elif rule.matches:
        yield Cause(f"rule {rule.rule}: {_SINCE.get(rule.since, 'it would be met, and has no hit yet')}")
    else:
        for refusal in rule.refusals[:2]:
            yield Cause(
                f"rule {rule.rule}: «{refusal.surface}» in the {refusal.field} does not count: {refusal.reason}"
            )
        if not rule.refusals and rule.missing:
            yield Cause(f"rule {rule.rule}: missing: {'; '.join(rule.missing)}")


_SINCE: Final[Mapping[str, str]] = {
    "changed": "it would be met now; the rule was changed since the article was stored",
    "new": "it would be met now; the rule was not there when the article was stored",
}


def _late(listed: Sequence[ListedRecord]) -> Iterator[Cause]:
    """Yield that an article was listed long after it was published."""
    first = listed[0] if listed else None
    if first is None or first.baseline or first.published_at is None:
        return
    lag = first.first_seen_at - first.published_at
    if lag >= LATE:
        yield Cause(
            f"found late: a list of {first.source} showed it {in_words(lag)} after it was published, at",
            first.first_seen_at,
        )


def in_words(span: timedelta) -> str:
    """Return a span as people say it, rounded down to its largest unit: 5 h, 2 d.

    >>> in_words(timedelta(hours=5, minutes=10))
    '5 h'
    """
    seconds = int(span.total_seconds())
    sizes: Sequence[tuple[int, str]] = ((86_400, "d"), (3600, "h"), (60, "min"))
    return next((f"{seconds // size} {unit}" for size, unit in sizes if seconds >= size), f"{seconds} s")
