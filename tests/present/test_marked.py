"""Found words where they stand in a text that is shown."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.hit import Match
from monitor.present.marked import match_spans, merge_spans, pieces, surface_spans

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
