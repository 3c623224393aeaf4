"""Who would hear of a hit, when, and why: told ahead, by the same conditions that decide. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model.calendar import Calendar
from monitor.model.notification import Silence, Suppression
from monitor.model.plan import Channel, Plan, Rule
from monitor.model.policy import StoryPolicy
from monitor.notify.holding import passes
from monitor.notify.hours import quiet_until
from monitor.notify.policy import channel_reason
from monitor.notify.repeats import MOST_REPEATS
from monitor.notify.routes import listeners
from monitor.notify.silences import concerns


class Prospect(StrEnum):
    """What would become of a hit on a channel."""

    AT_ONCE = "at once"
    WAITS = "waits"  # it goes when what holds it up is over
    NOT_TOLD = "not told"  # a row with its reason is all there is


@dataclass(frozen=True, slots=True)
class Reason:
    """What speaks for an outcome, in words; `until` (UTC) is how long it does, None for as long as it is so."""

    words: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a channel would hear. `way` is OWN (monitor.notify.routes) or the number of the route that leads there."""

    channel_id: str
    way: int
    prospect: Prospect
    why: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Conditions:
    """What holds at the moment `at` (UTC): `closed` channels, with what their receivers said, and the silences in force."""

    at: datetime
    calendar: Calendar
    closed: Mapping[str, str]
    silences: Sequence[Silence]


def outlook(plan: Plan, rule: Rule, source_id: str, now: Conditions) -> tuple[Hearing, ...]:
    """Return what each channel would hear of a hit of the rule in that source, in the order in which they are told."""
    return tuple(
        _hearing(plan.channel(channel_id), rule, source_id, now, Hearing(channel_id, way, Prospect.AT_ONCE))
        for channel_id, way in listeners(plan, rule, source_id).items()
    )


def _hearing(channel: Channel | None, rule: Rule, source_id: str, now: Conditions, bare: Hearing) -> Hearing:
    """Return what one channel would hear: each reason beside it, and the outcome by the strongest of them."""
    silent = tuple(_silent(now.silences, rule, source_id))
    why = [reason for _, reason in silent]
    fault = channel_reason(channel)
    if fault is not None:
        why.append(Reason(_FAULTS[fault]))
    if bare.channel_id in now.closed:
        why.append(Reason(f"its receiver shut the channel: {now.closed[bare.channel_id]}"))
    if fault is not None or any(whole for whole, _ in silent):
        return replace(bare, prospect=Prospect.NOT_TOLD, why=tuple(why))
    later, others = _policy(channel, rule, now) if channel else ((), ())
    waits = later or bare.channel_id in now.closed
    return replace(bare, prospect=Prospect.WAITS if waits else bare.prospect, why=(*why, *later, *others))


def _policy(channel: Channel, rule: Rule, now: Conditions) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Return why a channel hears later, and what may put several things together, as its policy says."""
    policy, later = channel.policy, []
    if policy.quiet and not passes(rule.severity, policy.quiet):
        until = quiet_until(now.at, policy.quiet, channel.zone, now.calendar.is_holiday)
        later += [] if until is None else [Reason("quiet hours", until)]
    if policy.digest:
        later.append(Reason("digest", now.calendar.next_cron(policy.digest, now.at, channel.zone)))
    elif policy.group:
        later.append(Reason(f"group by {policy.group.by}", now.at + timedelta(seconds=policy.group.wait)))
    others = []
    if policy.per == "story":
        others.append(Reason("each story once"))
    elif rule.expression and rule.stories.mode == "escalate":  # a rule over counts has no stories of its own
        others.append(Reason(_again(rule.stories)))
    if policy.throttle:
        per = _span(policy.throttle.per)
        messages = "1 message" if policy.throttle.most == 1 else f"{policy.throttle.most} messages"
        others.append(Reason(f"at most {messages} in {per}, the rest in one"))
    if policy.storm and not policy.digest:
        others.append(Reason(f"more than {policy.storm} hits of the rule in 10 min go in one message"))
    return tuple(later), (*others, *_repeated(channel, rule))


def _repeated(channel: Channel, rule: Rule) -> Iterator[Reason]:
    """Yield that a hit is told again until somebody acknowledges it."""
    if channel.policy.repeat and rule.severity == "critical" and rule.expression:
        each = _span(channel.policy.repeat)
        yield Reason(f"again every {each} until acknowledged, at most {MOST_REPEATS} times")


def _again(policy: StoryPolicy) -> str:
    """Return when a story is told again: each story once, again at 5 and 15 outlets, at 5 more in 30 min."""
    numbers = " and ".join(filter(None, (", ".join(map(str, policy.outlets[:-1])), *map(str, policy.outlets[-1:]))))
    levels = [f"at {numbers} outlets"] if numbers else []
    if policy.burst:
        levels.append(f"at {policy.burst.outlets} more in {_span(policy.burst.within)}")
    if policy.majors:
        levels.append(f"with the first of {', '.join(policy.majors)}")
    return "each story once" + (", again " + ", ".join(levels) if levels else "")


def _span(seconds: float) -> str:
    """Return a span in the largest unit that it is a whole number of: 3600 -> 1 h."""
    return next(
        (
            f"{seconds / unit:g} {name}"
            for unit, name in ((86_400, "d"), (3600, "h"), (60, "min"))
            if seconds % unit == 0
        ),
        f"{seconds:g} s",
    )


_FAULTS = {
    Suppression.DISABLED: "the channel is switched off",
    Suppression.NOT_CONFIGURED: "the channel has no url yet",
}


def _silent(silences: Sequence[Silence], rule: Rule, source_id: str) -> Iterator[tuple[bool, Reason]]:
    """Yield the silences that may cover a hit, and whether each covers it whatever its words are."""
    for one in silences:
        if concerns(one, rule, source_id):
            only = f" covers hits that mention nothing but {one.word}" if one.word else ""
            yield not one.word, Reason(f"silence {one.id} of {one.author}{only}: {one.why}", one.ends_at)
