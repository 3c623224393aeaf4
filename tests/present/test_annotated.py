"""Texts with what was found and refused marked where it stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.hit import Match, Refusal
from monitor.present.annotated import TextPiece, annotated

BODY = "딥시크는 딥시크풍이다.\n\n둘째 딥시크."


def found(start: int, end: int, text: str = BODY, field: str = "body") -> Match:
    return Match("t", "", field, start, end, text[start:end], "bare")


def refused(start: int, end: int, text: str = BODY) -> Refusal:
    return Refusal("t", "", "body", start, end, text[start:end], "longer word")


def test_words_are_marked_in_paragraphs_and_refusals_are_numbered() -> None:
    first, second = annotated(BODY, "body", [found(0, 3), found(17, 20), found(0, 3, field="title")], [refused(5, 8)])
    assert first == (
        TextPiece("딥시크", found=True), TextPiece("는 "), TextPiece("딥시크", refused=1), TextPiece("풍이다."),
    )  # fmt: skip
    assert [piece.text for piece in second if piece.found] == ["딥시크"]


def test_what_does_not_stand_there_is_left_out() -> None:
    (one,) = annotated("본문", "body", [Match("t", "", "body", 0, 2, "제목", "bare"), found(90, 95)], [])
    assert one == (TextPiece("본문"),)


@given(
    st.text(alphabet="가나 \nab", max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=8)
)
def test_nothing_of_the_text_is_lost(text: str, wild: list[tuple[int, int]]) -> None:
    matches = [found(start, start + size, text) for start, size in wild[::2]]
    refusals = [refused(start, start + size, text) for start, size in wild[1::2]]
    shown = annotated(text, "body", matches, refusals)
    kept = "".join("".join(piece.text for piece in paragraph) for paragraph in shown)
    assert kept.replace("\n", "").replace(" ", "") == text.replace("\n", "").replace(" ", "")
    assert all(piece.text for paragraph in shown for piece in paragraph)
