"""Sources as lines: in one word, chosen, ordered, and at which hours their articles come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model.rhythm import DAY_TYPES, HOURS, SLOTS, Arrivals
from monitor.present.source_rows import ORDERS, SourceRow, chosen, ordered, rhythm_hours
from tests.service.test_line_watch import NOW, source


def row(name: str, *, week: int = 0, **given: object) -> SourceRow:
    return SourceRow(source(name, **given), None, {}, week=week)


ROWS = (
    row("나", problem="empty", week=1),
    row("가", last_success_at=None),
    row("다", enabled=False, articles_24h=9),
    row("라", failures=2, tier=1, next_poll_at=NOW),
    row("마", published_to_seen_p95_ms=9_000, next_poll_at=NOW - timedelta(minutes=1)),
)


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("state", "나라가마다"),
        ("name", "가나다라마"),
        ("tier", "라가"),
        ("next", "마라가"),
        ("articles", "다"),
        ("hits", "나가"),
        ("delay", "마가"),
    ],
)
def test_rows_stand_in_the_order_asked_for_and_equal_ones_by_name(order: str, first: str) -> None:
    assert "".join(one.record.id for one in ordered(ROWS, order)).startswith(first)


def test_every_order_is_known() -> None:
    assert all(len(ordered(ROWS, one)) == len(ROWS) for one in ORDERS)


def test_rows_are_chosen_by_state_and_name() -> None:
    assert [one.record.id for one in chosen(ROWS, "ill")] == ["나", "라"]
    assert [one.record.id for one in chosen(ROWS, "off")] == ["다"]
    named = SourceRow(replace(ROWS[0].record, name="한빛 Daily"), None, {})
    assert chosen((named,), text=" DAILY ") == (named,)
    assert chosen((named,), text="없음") == ()


def test_what_left_the_configuration_is_among_what_is_off() -> None:
    gone = row("바", enabled=False, gone=True)
    assert chosen((gone,)) == ()
    assert chosen((gone,), "off") == (gone,)


def test_the_rhythm_is_articles_an_hour_watched() -> None:
    counts, spans = [0.0] * SLOTS, [0.0] * SLOTS
    counts[9], spans[9] = 8.0, 4.0
    counts[HOURS + 9], spans[HOURS + 9] = 1.0, 1.0
    counts[2 * HOURS], spans[DAY_TYPES] = 5.0, 1.0
    found = rhythm_hours(Arrivals(NOW, tuple(counts), tuple(spans)))
    assert found == {(0, 9): 100, (1, 9): 50}, "hours that nobody watched are none"
    assert rhythm_hours(None) == {}
    assert rhythm_hours(Arrivals(NOW)) == {}
