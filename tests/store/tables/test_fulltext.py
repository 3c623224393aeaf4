"""What counts as the same text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.store.tables.fulltext import (
    FIELD_END,
    LIMIT,
    fold,
    holds_letter,
    index_tokens,
    query_tokens,
    single_letter,
)

HANGUL = st.text(alphabet="가나다라마바사아자차카타파하", min_size=1, max_size=12)


def found(text: str, wanted: str) -> bool:
    """Return whether the phrase (with its last token as a prefix) stands among the tokens, as both databases do."""
    tokens, phrase = index_tokens([text]), query_tokens(wanted)
    if not phrase:
        return False
    *head, last = phrase
    return any(
        tokens[start : start + len(head)] == head
        and start + len(head) < len(tokens)
        and tokens[start + len(head)].startswith(last)
        for start in range(len(tokens))
    )


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("카카오가 오픈AI와 손잡았다", "카카", True),
        ("카카오가 오픈AI와 손잡았다", "카오", True),
        ("카카오가 오픈AI와 손잡았다", "오픈AI", True),
        ("카카오가 오픈AI와 손잡았다", "오픈 ai", True),
        ("카카오가 오픈AI와 손잡았다", "오픈AI와", True),
        ("카카오가 오픈AI와 손잡았다", "픈", True),
        ("카카오가 오픈AI와 손잡았다", "다", True),
        ("카카오가 오픈AI와 손잡았다", "카카오톡", False),
        ("카카오가 오픈AI와 손잡았다", "오픈와", False),
        ("OpenAI said", "ai", False),
        ("OpenAI said", "open", True),
        ("2018년 3.5% 성장", "18년", False),
        ("2018년 3.5% 성장", "3.5%", True),
        ("ＯｐｅｎＡＩ", "openai", True),
        ("中國은 半導體를", "半導", True),
        ("스타게이트", "스타 게이트", False),
        ("Straße", "STRASSE", True),
        ("아무 말", "…", False),
    ],
)
def test_what_is_found(text: str, wanted: str, expected: bool) -> None:  # noqa: FBT001 - a case
    assert found(text, wanted) is expected


@given(HANGUL, HANGUL)
def test_hangul_is_found_exactly_where_it_stands(text: str, wanted: str) -> None:
    assert found(text, wanted) == (wanted in text)


@given(st.text(max_size=60))
def test_every_text_finds_itself(text: str) -> None:
    assert found(text, text) == bool(query_tokens(text))
    composed = unicodedata.normalize("NFC", text)
    assert found(unicodedata.normalize("NFD", text), composed) == bool(query_tokens(composed))


@given(st.text(max_size=60))
def test_tokens_hold_nothing_that_a_query_language_reads(text: str) -> None:
    for token in [*query_tokens(text), *index_tokens([text])[:-1]]:
        assert token == FIELD_END or token.isalnum()


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_phrase_does_not_reach_from_field_to_field() -> None:
    tokens = index_tokens(["오픈", "ai"])
    assert tokens == ["오픈", "픈", FIELD_END, "ai", FIELD_END]


def test_a_monstrous_text_is_cut() -> None:
    assert len(index_tokens(["가" * 50_000])) == LIMIT


@given(st.text(max_size=40), st.sampled_from("가각中の힣"))
def test_a_single_letter_is_read_as_the_index_finds_it(text: str, letter: str) -> None:
    for written in (text, text + letter, unicodedata.normalize("NFD", letter + text)):
        assert holds_letter(written, letter) == found(written, letter)
    assert single_letter(f" {letter}.") == letter
    assert single_letter("ㄱ") == single_letter(letter * 2) == single_letter("a") == single_letter("") == ""
