"""Who would hear of a hit, when, and why: told ahead, by the same conditions that decide. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.notification import Silence, Suppression
from monitor.model.plan import Plan, Rule
from monitor.notify.policy import channel_reason
from monitor.notify.routes import listeners
from monitor.notify.silences import concerns


class Prospect(StrEnum):
    """What would become of a hit on a channel."""

    AT_ONCE = "at once"
    WAITS = "waits"  # a message is made, and goes when what holds it up is over
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


def outlook(
    plan: Plan, rule: Rule, source_id: str, *, closed: Mapping[str, str], silences: Sequence[Silence]
) -> tuple[Hearing, ...]:
    """Return what each channel would hear of a hit of the rule in that source, in the order in which they are told.

    `closed` are the channels that are shut, with what their receivers said; `silences` those in force at that moment.
    """
    silent = tuple(_silent(silences, rule, source_id))
    return tuple(
        _hearing(plan, channel_id, way, silent, closed) for channel_id, way in listeners(plan, rule, source_id).items()
    )


def _hearing(
    plan: Plan, channel_id: str, way: int, silent: Sequence[tuple[bool, Reason]], closed: Mapping[str, str]
) -> Hearing:
    """Return what one channel would hear: each reason beside it, and the outcome by the strongest of them."""
    why = [reason for _, reason in silent]
    fault = channel_reason(plan.channel(channel_id))
    if fault is not None:
        why.append(Reason(_FAULTS[fault]))
    if channel_id in closed:
        why.append(Reason(f"its receiver shut the channel: {closed[channel_id]}"))
    if fault is not None or any(whole for whole, _ in silent):
        return Hearing(channel_id, way, Prospect.NOT_TOLD, tuple(why))
    return Hearing(channel_id, way, Prospect.WAITS if channel_id in closed else Prospect.AT_ONCE, tuple(why))


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
