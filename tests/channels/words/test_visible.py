"""Hostile text shows what it says."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.words.visible import ELLIPSIS, LOOK_AHEAD, visible_line


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("오픈AI\r\nSet-Cookie: a=b", "오픈AI Set-Cookie: a=b"),
        ("속보\u202e.exe\u202c 공개", "속보.exe 공개"),
        ("\u2066딥\u200b시\ufeff크\u2069", "딥시크"),
        ("딥\u3164시\u115f크\uffa0", "딥시크"),
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("줄\u2028바꿈\u0085끝", "줄 바꿈 끝"),
        ("lone \ud83d surrogate \udfff", "lone surrogate"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("  두   칸\t탭  ", "두 칸 탭"),
        ("<script>{{7*7}}</script> @everyone", "<script>{{7*7}}</script> @everyone"),
        ("", ""),
    ],
)
def test_nothing_invisible_is_left(hostile: str, shown: str) -> None:
    assert visible_line(hostile, 100) == shown


def test_a_text_that_fits_is_not_cut() -> None:
    assert visible_line("가나다라", 4) == "가나다라"


def test_a_cut_says_so() -> None:
    assert visible_line("가나다라마", 4) == "가나다" + ELLIPSIS


def test_a_cut_leaves_no_blank_before_the_ellipsis() -> None:
    assert visible_line("가나 다라마", 4) == "가나" + ELLIPSIS


def test_a_cut_keeps_decomposed_syllables_whole() -> None:
    text = unicodedata.normalize("NFD", "각각각")
    assert visible_line(text, 6) == unicodedata.normalize("NFD", "각") + ELLIPSIS


@pytest.mark.parametrize("cluster", ["e\u0301\u0302", "👍\U0001f3fd", "\u2764\ufe0f"])
def test_a_cut_keeps_marks_with_their_base(cluster: str) -> None:
    assert visible_line("ab" + cluster + "cd", 4) in {"ab" + ELLIPSIS, "ab" + cluster + ELLIPSIS}


def test_a_text_of_nothing_but_marks_is_cut_to_the_ellipsis() -> None:
    assert visible_line("\u0301" * 50, 10) == ELLIPSIS


def test_words_behind_a_wall_of_invisible_characters_are_not_sought_for_ever() -> None:
    assert visible_line("\u200b" * 50 + "딥시크", 10) == "딥시크"
    assert visible_line("\u200b" * 10 * LOOK_AHEAD + "딥시크", 10) == ""


@given(st.text(st.characters(), max_size=80), st.integers(1, 40))
def test_any_text_becomes_one_bounded_visible_line(text: str, limit: int) -> None:
    shown = visible_line(text, limit)
    assert len(shown) <= limit
    assert shown == " ".join(shown.split())
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs"} for char in shown)
    shown.encode()


@given(st.text(max_size=80), st.integers(1, 40))
def test_plain_text_stays_as_it_is(text: str, limit: int) -> None:
    shown = visible_line(text, limit)
    assert visible_line(shown, limit) == shown
