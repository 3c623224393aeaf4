"""Folding, and the way back to the original."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.normalise import fold, lowered, normalise, search_form

AWKWARD = "딥시크 AI\u200b\u1103\u1175\u11b8\u0301\u00a0·ㆍ-–ＡＩ㈜ㄱㅏ\ud83dß½\r\n\u11a8가¨\ufe0f…①™\t"
texts = st.text(st.one_of(st.characters(), st.sampled_from(AWKWARD)), max_size=40)


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("OpenAI", "openai"),
        ("ＯｐｅｎＡＩ", "openai"),
        (unicodedata.normalize("NFD", "딥시크"), "딥시크"),
        ("딥\u200b시\u00ad크", "딥시크"),
        ("AI\u00b7반도체", "ai\u00b7반도체"),
        ("AI\u318d반도체", "ai\u00b7반도체"),
        ("AI\u30fb반도체", "ai\u00b7반도체"),
        ("Open\u2011AI", "open-ai"),
        ("오픈\u00a0AI", "오픈 ai"),
        ("오픈 \u3000 AI", "오픈 ai"),
        ("㈜카카오", "(주)카카오"),
        ("ÉCOLE", "école"),
        ("STRASSE ß", "strasse ss"),
        ("①딥시크™", "①딥시크™"),
        ("ㅋㅋㅋ", "ㅋㅋㅋ"),
        ("끝…", "끝…"),
        (" 사이 ", "사이"),
    ],
)
def test_forms_that_look_alike_fold_alike(raw: str, folded: str) -> None:
    assert fold(raw) == folded


def test_a_text_without_rare_characters_is_taken_as_it_is() -> None:
    text = "카카오, ‘오픈AI’와 협업…\n▲ 사진=카카오"
    normal = normalise(text)
    assert normal.shape is text
    assert normal.edits == ()
    assert normal.data == search_form(text)


def test_blocks_stay_apart() -> None:
    assert normalise("오픈\r\nAI\u2028끝").shape == "오픈\n\nAI\n끝"


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert normalise("a\ud83db").shape == "a\ufffdb"


def test_spans_lead_back_past_what_was_dropped() -> None:
    text = "카\u200b카오\u200b가 " + unicodedata.normalize("NFD", "딥시크") + "를"
    normal = normalise(text)
    assert normal.shape == "카카오가 딥시크를"
    assert normal.original_span(0, 3) == (0, 4)  # the character dropped inside belongs to it, the one behind does not
    start, end = normal.original_span(5, 8) or (0, 0)
    assert unicodedata.normalize("NFC", text[start:end]) == "딥시크"


def test_a_span_that_would_cut_a_character_in_two_has_no_original() -> None:
    assert normalise("㈜카카오").original_span(0, 2) is None
    assert normalise("㈜카카오").original_span(0, 3) == (0, 1)


@given(texts)
def test_normal_form_is_stable(text: str) -> None:
    normal = normalise(text)
    assert normalise(normal.shape).shape == normal.shape
    assert normalise(lowered(normal.shape)).data == normal.data


@given(texts)
def test_every_span_leads_to_a_piece_of_the_original_with_the_same_normal_form(text: str) -> None:
    normal = normalise(text)
    for start in range(len(normal.shape)):
        for end in range(start + 1, min(len(normal.shape), start + 6) + 1):
            span = normal.original_span(start, end)
            if span is not None:
                assert normalise(text[span[0] : span[1]]).shape == normal.shape[start:end]
