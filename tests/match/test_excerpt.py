"""The piece of an article that an alert shows."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.match.excerpt import excerpt
from monitor.model.hit import Match
from tests.match.cases import EMPTY, body, find

LONG = "가나다라 " * 60 + "딥시크는 여기 있다 " + "마바사아 " * 60


def test_a_short_paragraph_is_shown_whole() -> None:
    article = body("첫째 줄.\n딥시크는 둘째 줄에 있다.\n셋째 줄.")
    assert excerpt(article, find("딥시크", article)) == "딥시크는 둘째 줄에 있다."


def test_a_long_paragraph_is_cut_at_blanks() -> None:
    article = body(LONG)
    shown = excerpt(article, find("딥시크", article))
    assert "딥시크는 여기 있다" in shown
    assert shown[0] == shown[-1] == "…"
    assert all(word in {"가나다라", "마바사아", "딥시크는", "여기", "있다"} for word in shown.strip("…").split())
    assert len(shown) <= 162


def test_what_follows_a_mention_takes_most_of_the_room() -> None:
    article = body(LONG)
    before, _, behind = excerpt(article, find("딥시크", article)).partition("딥시크")
    assert 35 <= len(before) <= 160 / 3
    assert len(behind) >= 100


def test_of_several_fields_the_one_that_tells_most_is_shown() -> None:
    fields = {
        "title": "제목의 딥시크",
        "captions": ("사진의 딥시크",),
        "subtitle": "부제의 딥시크",
        "body": "본문의 딥시크",
    }
    article = replace(EMPTY, **fields)  # type: ignore[arg-type]  # the names are those of the fields
    for field, empty in (("body", ""), ("subtitle", ""), ("captions", ()), ("title", "")):
        told = fields[field] if isinstance(fields[field], str) else fields[field][0]
        assert excerpt(article, find("딥시크", article)) == told
        article = replace(article, **{field: empty})  # type: ignore[arg-type]  # the same


def test_the_body_tells_more_than_the_title() -> None:
    article = replace(EMPTY, title="딥시크", body="본문의 딥시크")
    assert excerpt(article, find("딥시크", article)) == "본문의 딥시크"
    title_only = replace(EMPTY, title="제목의 딥시크", body="본문")
    assert excerpt(title_only, find("딥시크", title_only)) == "제목의 딥시크"


def test_without_mentions_in_the_text_there_is_none() -> None:
    assert excerpt(body("가"), ()) == ""
    assert excerpt(body("가"), (Match("a", "a", "url", 0, 1, "h", "bare"),)) == ""


@given(
    st.text(st.sampled_from("가나 다.\n"), max_size=300),
    st.text(st.sampled_from("가나 다.\n"), max_size=300),
    st.integers(20, 200),
)
def test_an_excerpt_is_one_line_around_the_mention(before: str, after: str, width: int) -> None:
    article = body(f"{before} 딥시크 {after}")
    matches = find("딥시크", article)
    shown = excerpt(article, matches, width)
    assert "딥시크" in shown
    assert "\n" not in shown
    assert len(shown) <= width + 2
