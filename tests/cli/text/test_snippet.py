"""Faults shown where they stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from monitor.cli.text.snippet import WIDEST, caret, snippet

LINES = ["rules:", "  - id: openai", "    이름: 오픈AI, severty: high", "    match: x"]


def test_a_snippet_holds_the_line_its_neighbours_and_a_caret() -> None:
    assert snippet(LINES, 2, 5).splitlines() == [
        "  1 | rules:",
        "  2 |   - id: openai",
        "    |     ^",
        "  3 |     이름: 오픈AI, severty: high",
    ]


def test_the_caret_stands_right_after_korean() -> None:
    column = LINES[2].index("severty") + 1
    shown = snippet(LINES, 3, column).splitlines()
    line, mark = shown[1], shown[2]
    assert cell_len(mark[:-1]) == cell_len(line[: line.index("severty")])
    assert mark.endswith("^")


def test_the_first_and_the_last_line_have_one_neighbour() -> None:
    assert snippet(LINES, 1, 1).splitlines() == ["  1 | rules:", "    | ^", "  2 |   - id: openai"]
    assert snippet(LINES, 4, 5).splitlines()[-1] == "    |     ^"
    assert len(snippet(LINES, 4, 5).splitlines()) == 3


def test_numbers_are_aligned_where_they_grow_longer() -> None:
    shown = snippet(["x"] * 12, 9, 1).splitlines()
    assert shown == ["   8 | x", "   9 | x", "     | ^", "  10 | x"]


def test_a_place_that_is_not_there_has_no_snippet() -> None:
    assert snippet(LINES, 0, 0) == ""
    assert snippet(LINES, 5, 1) == ""
    assert snippet([], 1, 1) == ""


def test_an_unknown_column_has_no_caret() -> None:
    assert "^" not in snippet(LINES, 2, 0)


def test_escapes_in_a_file_do_not_reach_the_terminal() -> None:
    shown = snippet(["a: \x1b[2J\u202eb"], 1, 8)
    assert shown == "  1 | a: [2Jb\n    |       ^"


@given(st.text(), st.integers(0, 40))
def test_the_caret_stands_under_its_letter(text: str, position: int) -> None:
    mark = caret(text, position)
    assert mark.endswith("^")
    assert set(mark[:-1]) <= {" "}
    assert len(mark) - 1 <= 2 * len(text)


@given(st.integers(1, 3_000), st.sampled_from(["(", "가", "x "]))
def test_a_long_line_is_cut_around_its_fault(column: int, filler: str) -> None:
    line = (filler * 3_000)[:3_000]
    marked = f"{line[: column - 1]}@{line[column:]}"
    shown, pointer = snippet([marked], 1, column).splitlines()
    assert len(shown) <= WIDEST + 8
    at = shown.index("@")
    assert cell_len(shown[:at]) == pointer.index("^")
