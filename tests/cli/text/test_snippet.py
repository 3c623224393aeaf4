"""Faults shown where they stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from monitor.cli.text.snippet import caret, frame

LINES = ["rules:", "  - id: openai", "    이름: 오픈AI, severty: high", "    match: x"]


def test_a_frame_holds_the_line_its_neighbours_and_a_caret() -> None:
    assert frame(LINES, 2, 5).splitlines() == [
        "  1 | rules:",
        "  2 |   - id: openai",
        "    |     ^",
        "  3 |     이름: 오픈AI, severty: high",
    ]


def test_the_caret_stands_right_after_korean() -> None:
    column = LINES[2].index("severty") + 1
    shown = frame(LINES, 3, column).splitlines()
    line, mark = shown[1], shown[2]
    assert cell_len(mark[:-1]) == cell_len(line[: line.index("severty")])
    assert mark.endswith("^")


def test_the_first_and_the_last_line_have_one_neighbour() -> None:
    assert frame(LINES, 1, 1).splitlines() == ["  1 | rules:", "    | ^", "  2 |   - id: openai"]
    assert frame(LINES, 4, 5).splitlines()[-1] == "    |     ^"
    assert len(frame(LINES, 4, 5).splitlines()) == 3


def test_numbers_are_aligned_where_they_grow_longer() -> None:
    shown = frame(["x"] * 12, 9, 1).splitlines()
    assert shown == ["   8 | x", "   9 | x", "     | ^", "  10 | x"]


def test_a_place_that_is_not_there_has_no_frame() -> None:
    assert frame(LINES, 0, 0) == ""
    assert frame(LINES, 5, 1) == ""
    assert frame([], 1, 1) == ""


def test_an_unknown_column_has_no_caret() -> None:
    assert "^" not in frame(LINES, 2, 0)


def test_escapes_in_a_file_do_not_reach_the_terminal() -> None:
    shown = frame(["a: \x1b[2J\u202eb"], 1, 8)
    assert shown == "  1 | a: [2Jb\n    |       ^"


@given(st.text(), st.integers(0, 40))
def test_the_caret_stands_under_its_letter(text: str, position: int) -> None:
    mark = caret(text, position)
    assert mark.endswith("^")
    assert set(mark[:-1]) <= {" "}
    assert len(mark) - 1 <= 2 * len(text)
