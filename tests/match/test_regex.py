"""Users' regular expressions: linear time, the original text, code points."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match import regex
from monitor.match.regex import compile_regex
from monitor.model.errors import QueryError
from tests.match.cases import EMPTY, find, surfaces


def test_spans_are_code_points_of_the_original() -> None:
    text = "😀 Ｄeep 딥시크 R1과 r2"
    assert [text[start:end] for start, end in compile_regex(r"r\d", "", 0).finditer(text)] == ["R1", "r2"]


def test_a_regex_needs_a_word_that_announces_it() -> None:
    with pytest.raises(QueryError, match="announces"):
        find(r"/R\d/", "R1")
    assert surfaces(r"딥시크 /R\d+/", "딥시크 R1과 R22") == ["딥시크", "R1", "R22"]
    assert surfaces(r"scan_all(/R\d+/)", "R1") == ["R1"]


def test_a_regex_keeps_to_its_field() -> None:
    article = replace(EMPTY, title="R1", body="R2")
    assert surfaces(r"scan_all(title:/R\d/)", article) == ["R1"]
    assert surfaces(r"scan_all(/R\d/ NEAR/1 /R2/)", article) == []


def test_a_match_says_that_it_is_one() -> None:
    (match,) = find(r"scan_all(/R\d/)", "R1")
    assert (match.term, match.reason) == (r"/R\d/", "regex")


def test_what_hangs_others_is_harmless() -> None:
    assert list(compile_regex("(a+)+$", "", 0).finditer("a" * 50_000 + "b")) == []


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(", "cannot be used"),
        (r"(?=a)", "cannot be used"),
        ("a" * 1_001, "longer than"),
        ("((a{100}){100}){100}", "cannot"),
    ],
)
def test_bad_ones_are_refused_at_their_place(pattern: str, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        compile_regex(pattern, "expression", 3)
    assert message in caught.value.message
    assert caught.value.position == 3


def test_without_the_library_they_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regex, "_library", lambda: None)
    with pytest.raises(QueryError, match="google-re2"):
        compile_regex("a", "", 0)


@given(st.text(max_size=40), st.sampled_from(["a*", "[가-힣]+", r"\w+?", "|", "^|$", "."]))
def test_matches_are_ascending_and_never_empty(text: str, pattern: str) -> None:
    spans = list(compile_regex(pattern, "", 0).finditer(text))
    assert all(start < end for start, end in spans)
    assert spans == sorted(spans)
    assert all(start >= 0 and end <= len(text) for start, end in spans)


@pytest.mark.parametrize(
    ("pattern", "at", "words"),
    [
        ("가[0-9", 1, "this [ is never closed"),
        ("a(b(c)", 1, "this ( is never closed"),
        (r"\((a", 2, "this ( is never closed"),
        ("ab)c", 2, "closes nothing"),
        ("ab**", 2, "two signs that repeat"),
        ("x|*a", 2, "nothing stands before"),
        ("ab(?=c)", 2, "does not look ahead"),
        (r"(a)\1", 3, "no such sign behind a backslash"),
        ("a{2000}", 1, "at most 1,000 times"),
    ],
)
def test_a_fault_is_shown_where_it_stands_in_the_expression(pattern: str, at: int, words: str) -> None:
    expression = f"해솔 OR /{pattern}/"
    with pytest.raises(QueryError) as caught:
        compile_regex(pattern, expression, 6)
    assert caught.value.position == 7 + at
    assert words in caught.value.message
