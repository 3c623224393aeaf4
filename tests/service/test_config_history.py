"""What was changed from the pages is remembered, within bounds, and what was changed by hand shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.service.config_history import MOST, NAME, ConfigHistory, NewConfigChange

NOW = datetime(2026, 11, 5, tzinfo=UTC)


def change(number: int, before: str, after: str, rule: str = "us") -> NewConfigChange:
    return NewConfigChange(
        at=NOW + timedelta(minutes=number),
        author="이두레",
        file="rules.yaml",
        rule=rule,
        lines=("-a", "+b\u2028c"),
        plan="v1",
        before=before,
        after=after,
    )


def test_changes_come_newest_first_with_what_was_done_by_hand(tmp_path: Path) -> None:
    history = ConfigHistory(tmp_path / "data")
    assert history.changes() == ()
    made = [change(1, "a", "b"), change(2, "b", "c", "other"), change(3, "x", "y")]
    for one in made:
        history.add(one)
    assert [one.made for one in history.changes()] == made[::-1]
    assert [one.by_hand for one in history.changes()] == [True, False, False]
    assert [one.made for one in history.changes("other")] == [made[1]]
    assert [one.made for one in history.changes(most=1)] == [made[2]]


def test_it_is_bounded_and_a_line_written_halfway_is_left_out(tmp_path: Path) -> None:
    history = ConfigHistory(tmp_path)
    for number in range(MOST + 20):
        history.add(change(number, "a", "a"))
    lines = (tmp_path / NAME).read_text("utf-8").splitlines()
    assert len((tmp_path / NAME).read_text("utf-8").split("\n")) <= MOST + 1
    assert lines
    with (tmp_path / NAME).open("a", encoding="utf-8") as stream:
        stream.write('{"at": "2026')
    assert history.changes()[0].made.at == NOW + timedelta(minutes=MOST + 19)
