"""Words and faults shown where they stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from monitor.cli.text.highlight import WIDEST, caret, match_spans, merge_spans, pieces, snippet, surface_spans
from monitor.model.hit import Match

TITLE = "OpenAI, 오픈AI와 AI 협력"


def mention(surface: str, start: int = 0, field: str = "title") -> Match:
    return Match("t", surface, field, start, start + len(surface), surface, "bare")


def test_matches_are_marked_where_their_offsets_say() -> None:
    assert match_spans(TITLE, "title", [mention("오픈AI", 8), mention("OpenAI", 0)]) == ((0, 6), (8, 12))


def test_matches_of_other_fields_and_of_shortened_texts_are_left_out() -> None:
    assert match_spans(TITLE, "title", [mention("OpenAI", 0, "body"), mention("딥시크", 3), mention("AI", 400)]) == ()


def test_surfaces_are_found_in_a_text_without_offsets() -> None:
    assert surface_spans("…한국의 오픈AI가 OpenAI다", [mention("오픈AI"), mention("OpenAI")]) == ((5, 9), (11, 17))


def test_a_latin_surface_is_not_marked_inside_a_longer_word() -> None:
    assert surface_spans(TITLE, [mention("AI")]) == ((10, 12), (14, 16))
    assert surface_spans("GPT4 GPT", [mention("GPT")]) == ((5, 8),)


def test_the_longest_surface_wins_and_patterns_mean_nothing() -> None:
    assert surface_spans("메타버스", [mention("메타"), mention("메타버스")]) == ((0, 4),)
    assert surface_spans("a.c abc", [mention("a.c")]) == ((0, 3),)
    assert surface_spans("text", []) == ()
    assert surface_spans("text", [mention("")]) == ()


def test_overlapping_spans_are_joined_and_touching_ones_are_not() -> None:
    assert merge_spans([(4, 6), (0, 3), (2, 5)]) == ((0, 6),)
    assert merge_spans([(0, 2), (2, 4)]) == ((0, 2), (2, 4))
    assert merge_spans([(0, 9), (2, 3)]) == ((0, 9),)


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6))
def test_pieces_put_together_are_the_text(text: str, wild: list[tuple[int, int]]) -> None:
    spans = merge_spans((min(a, b), max(a, b)) for a, b in wild if max(a, b) <= len(text) and a != b)
    cut = pieces(text, spans)
    assert "".join(piece for piece, _ in cut) == text
    assert all(piece for piece, _ in cut)
    assert [piece for piece, word in cut if word] == [text[start:end] for start, end in spans]


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
