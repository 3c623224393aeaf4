"""A story drawn: outlets over time, each outlet's articles on a line of its own, what was told. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.model.records import DeliveryRecord
from monitor.model.story_records import OutletRecord, StoryArticle, StoryCourse, StoryRecord
from monitor.web.pages.drawings import Bar, Mark, bars, grown, place, ticks

PIECES: Final = 30
"""Bars of the drawing of a story."""
HEIGHT: Final = 84
EDGE: Final = timedelta(minutes=5)
SAID: Final = 8
"""Moments of an outlet that are said to those who do not see its line."""
_SCALE: Final = 3
"""How many times the outlets there are a level may be, to be drawn above them."""
_WORDS: Final = 14
"""Pixels that the words of a level need."""


@dataclass(frozen=True, slots=True)
class AlertMoment:
    """A moment at which somebody was told: its number in the drawing, "" before anything was sent; the messages and their levels."""

    number: str
    at: datetime
    messages: tuple[tuple[DeliveryRecord, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class OutletLine:
    """An outlet's articles on a line of time: where its first stands, where the others do, and the first moments of them."""

    outlet: OutletRecord
    tier: int | None
    first: float
    others: tuple[float, ...]
    moments: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """A story drawn: how many outlets told it by when, the levels above them (top in pixels, outlets), round moments, alerts.

    `words` are the levels again, those too near each other to be written one above the other in one place.
    """

    begin: datetime
    end: datetime
    bars: tuple[Bar, ...]
    levels: tuple[tuple[float, int], ...]
    words: tuple[tuple[float, tuple[int, ...]], ...]
    ticks: tuple[Mark, ...]
    told: tuple[Mark, ...]


def alerts(messages: Iterable[DeliveryRecord], course: StoryCourse) -> tuple[AlertMoment, ...]:
    """Return messages by the minute in which they were sent, or made where they were not, oldest first."""
    levels: defaultdict[str, list[str]] = defaultdict(list)
    for level in course.levels:
        levels[level.message].append(level.level)
    minutes: defaultdict[tuple[datetime, bool], list[DeliveryRecord]] = defaultdict(list)
    for one in messages:
        at = (one.done_at or one.created_at).replace(second=0, microsecond=0)
        minutes[at, one.done_at is not None].append(one)
    found, number = [], 0
    for (at, sent), some in sorted(minutes.items(), key=lambda told: told[0]):
        number += sent
        with_levels = tuple((one, tuple(dict.fromkeys(levels[one.id]))) for one in some)
        found.append(AlertMoment(str(number) if sent else "", at, with_levels))
    return tuple(found)


def spread(
    story: StoryRecord, told: Sequence[AlertMoment], levels: Iterable[int], first: datetime, last: datetime
) -> Spread:
    """Return a story drawn from a little before its first article until its last; both are in the zone that they are read in.

    Of the levels those are drawn that are not far above what there is.
    """
    edge = max((last - first) / 12, EDGE)
    begin, end = first - edge, last + edge
    most = len(story.outlets)
    shown = sorted({level for level in levels if 1 < level <= _SCALE * most})
    top = max([most, *shown])
    lines = tuple((round(HEIGHT * (1 - level / top), 1), level) for level in shown)
    counts = grown([one.first_seen_at for one in story.outlets], begin, end, PIECES)
    return Spread(
        begin,
        end,
        bars(counts, HEIGHT, top),
        lines,
        _words(lines),
        ticks(begin, end),
        tuple(Mark(place(one.at, begin, end), one.number) for one in told if one.number),
    )


def _words(levels: Sequence[tuple[float, int]]) -> tuple[tuple[float, tuple[int, ...]], ...]:
    """Return where levels are written, the highest first, and which ones stand there together, the lowest first."""
    found: list[tuple[float, tuple[int, ...]]] = []
    for top, level in reversed(levels):
        if found and top - found[-1][0] < _WORDS:
            found[-1] = (found[-1][0], (level, *found[-1][1]))
        else:
            found.append((top, (level,)))
    return tuple(found)


def outlet_lines(
    story: StoryRecord, articles: Iterable[StoryArticle], drawn: Spread, tiers: Mapping[str, int]
) -> tuple[OutletLine, ...]:
    """Return each outlet of a story with its articles on the line of time of the drawing."""
    moments: defaultdict[str, list[datetime]] = defaultdict(list)
    for one in articles:
        moments[one.source].append(one.first_seen_at)
    found = []
    for outlet in story.outlets:
        first, *later = moments[outlet.source] or [outlet.first_seen_at]
        others = tuple(dict.fromkeys(place(at, drawn.begin, drawn.end) for at in later))
        shown = tuple([first, *later][:SAID])
        found.append(OutletLine(outlet, tiers.get(outlet.source), place(first, drawn.begin, drawn.end), others, shown))
    return tuple(found)
