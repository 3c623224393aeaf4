"""What is remembered of a source's health between two polls: bounded, and plain JSON in the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from monitor.model.health import Alarm, SourceProblem


@dataclass(frozen=True, slots=True)
class UrlMemory:
    """A list or feed: polls in a row that gave nothing (`bad`, since `bad_since`) or something (`good`).

    `odd` counts polls in a row with another charset than `charset`, or with broken characters.
    """

    bad: int = 0
    bad_since: datetime | None = None
    problem: SourceProblem | None = None
    detail: str = ""
    cause: str = ""
    good: int = 0
    charset: str = ""
    odd: int = 0
    oddity: str = ""


@dataclass(frozen=True, slots=True)
class FieldMemory:
    """Which ways won a field: decayed weights of the past, and the last few in order."""

    ways: Mapping[str, float] = field(default_factory=dict)
    recent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceSilence:
    """What is known of the present silence: `expected` articles were due since `last_new`, when the last one was seen.

    `known_hours` is for how long the source has been listened to, as far as that matters.
    """

    known_hours: float = 0.0
    expected: float = 0.0
    last_new: datetime | None = None


@dataclass(frozen=True, slots=True)
class Losses:
    """What went by unseen. `top` is the greatest article number so far; `steps` and `found` how far the numbers rose
    and how many of them were seen, decayed slowly; the `w_` figures are of the last hours, the `day_` ones of `day`.
    """

    top: int = 0
    steps: float = 0.0
    found: float = 0.0
    w_seen: float = 0.0
    w_steps: float = 0.0
    w_lost: float = 0.0
    day: str = ""
    day_seen: int = 0
    day_steps: int = 0
    day_lost: int = 0


@dataclass(frozen=True, slots=True)
class Memory:
    """Everything remembered of one source. `raised` are the times of alarms about access in the last day.

    `cause` is what all its lists fail of, "" where they do not fail alike: the store shows it to the other sources.
    """

    basis: str = ""
    cause: str = ""
    polled_at: datetime | None = None
    urls: Mapping[str, UrlMemory] = field(default_factory=dict)
    fields: Mapping[str, FieldMemory] = field(default_factory=dict)
    silence: SourceSilence = field(default_factory=SourceSilence)
    losses: Losses = field(default_factory=Losses)
    alarms: tuple[Alarm, ...] = ()
    raised: tuple[datetime, ...] = ()

    @property
    def failing_since(self) -> datetime | None:
        """Return since when a list or feed of the source gives nothing; None when all of them give something."""
        return min((url.bad_since for url in self.urls.values() if url.bad_since is not None), default=None)


_ADAPTER: Final[TypeAdapter[Memory]] = TypeAdapter(Memory)
_ALARM: Final[TypeAdapter[Alarm]] = TypeAdapter(Alarm)


def pack(memory: Memory) -> dict[str, Any]:
    """Return the memory as plain JSON data."""
    packed: dict[str, Any] = _ADAPTER.dump_python(memory, mode="json")
    return packed


def unpack(packed: object) -> Memory:
    """Return the memory that was packed; an empty one where it was packed by a program with other ideas."""
    try:
        return _ADAPTER.validate_python(packed) if packed else Memory()
    except ValidationError:
        return Memory()


def pack_alarm(alarm: Alarm) -> dict[str, Any]:
    """Return an alarm as plain JSON data."""
    packed: dict[str, Any] = _ALARM.dump_python(alarm, mode="json")
    return packed


def unpack_alarm(packed: object) -> Alarm | None:
    """Return the alarm that was packed; None for anything else."""
    try:
        return _ALARM.validate_python(packed)
    except ValidationError:
        return None
