"""A story drawn: each article a dot, levels above the bars, alerts by the minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from monitor.model.records import DeliveryRecord
from monitor.model.story_records import OutletRecord, StoryArticle, StoryCourse, StoryRecord, ToldLevel
from monitor.web.pages.story_spread import HEIGHT, SAID, alerts, outlet_lines, spread

AT = datetime(2026, 11, 27, tzinfo=UTC)
MESSAGE = DeliveryRecord("m1", "desk", 1, "openai", "t", "", "done", "", 1, AT, None, AT, 200, "")


def article(minute: int, source: str) -> StoryArticle:
    return StoryArticle(minute, source, "제목", (), AT + timedelta(minutes=minute))


def story(*outlets: str) -> StoryRecord:
    told = tuple(OutletRecord(one, one, AT, 0, 1, "", "") for one in outlets)
    return StoryRecord("s", "t", AT, AT + timedelta(hours=1), 3, 3, 0, (), told, ())


def test_each_article_of_an_outlet_has_a_place() -> None:
    told = story("herald", "daily")
    drawn = spread(told, (), (), told.first_seen_at, told.last_seen_at)
    herald, daily = outlet_lines(told, [article(0, "herald"), article(30, "herald"), article(60, "herald")], drawn, {})
    assert 0 < herald.first < herald.others[0] < herald.others[1] < 100
    assert (daily.others, daily.moments) == ((), (AT,)), "its articles are beyond what is drawn"


def test_what_is_said_of_a_line_is_bounded() -> None:
    told = story("herald")
    drawn = spread(told, (), (), told.first_seen_at, told.last_seen_at)
    (line,) = outlet_lines(told, [article(n, "herald") for n in range(60)], drawn, {"herald": 1})
    assert (len(line.moments), line.tier) == (SAID, 1)


def test_levels_stand_above_the_bars_where_they_are_near() -> None:
    told = story(*map(str, range(5)))
    drawn = spread(told, (), (5, 10, 100), told.first_seen_at, told.last_seen_at)
    assert drawn.levels == ((HEIGHT / 2, 5), (0.0, 10))
    assert max(bar.height for bar in drawn.bars) == HEIGHT / 2


def test_levels_near_each_other_are_written_together() -> None:
    told = story(*map(str, range(10)))
    drawn = spread(told, (), (3, 5, 6, 10, 15), told.first_seen_at, told.last_seen_at)
    assert [levels for _, levels in drawn.words] == [(15,), (10,), (5, 6), (3,)]
    tops = [top for top, _ in drawn.words]
    assert min(low - high for high, low in pairwise(tops)) > 12


def test_alerts_are_numbered_by_the_minute() -> None:
    later = replace(MESSAGE, id="m2", done_at=AT + timedelta(minutes=9))
    waiting = replace(MESSAGE, id="m3", done_at=None, state="pending", created_at=AT + timedelta(minutes=20))
    level = ToldLevel("a", "desk", "openai", "outlets:5", "m2", AT, holds=True)
    found = alerts([later, waiting, MESSAGE, replace(MESSAGE, id="m4")], StoryCourse((), (level, level)))
    assert [(one.number, [(message.id, levels) for message, levels in one.messages]) for one in found] == [
        ("1", [("m1", ()), ("m4", ())]),
        ("2", [("m2", ("outlets:5",))]),
        ("", [("m3", ())]),
    ]
