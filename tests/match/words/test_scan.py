"""One pass over an article: mentions, places in the original, and what is refused."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.words.boundary import BoundaryVerdict, Needle
from monitor.match.words.scan import SEARCHED, Scanner, join_fields
from monitor.match.words.variants import spellings
from monitor.model.normalise import fold
from tests.match.cases import EMPTY, body

NEEDLES = (Needle("딥시크", "딥시크"), Needle("AI", "AI"), Needle("오픈AI", "오픈AI"), Needle("속", "시크", "substr"))
DECORATED = (
    "딥시크",
    unicodedata.normalize("NFD", "딥시크"),
    "딥\u200b시크",
    "ＡＩ",
    "오픈 AI",
    "오픈-ＡＩ",
    "오픈\u00a0AI",
)
noise = st.text(st.one_of(st.characters(), st.sampled_from(" .,'()가는을와😀\u200b\u0301\u1103KXai①㈜\n")), max_size=5)


def found(text: str, *needles: Needle) -> list[str]:
    scan = Scanner(needles or NEEDLES).scan(body(text))
    return [scan.text[mention[0] : mention[1]] for mentions in scan.mentions.values() for mention in mentions]


def test_one_pass_finds_the_needles_of_all_modes() -> None:
    assert sorted(found("딥시크와 오픈AI의 AI")) == ["AI", "AI", "딥시크", "시크", "오픈AI"]
    scan = Scanner(NEEDLES).scan(body("딥시크와 오픈AI의 AI"))
    assert {number: len(mentions) for number, mentions in scan.mentions.items()} == {0: 1, 1: 2, 2: 1, 3: 1}


def test_places_hold_beyond_the_basic_plane() -> None:
    text = "😀😀 딥시크는 😀 AI가"
    scan = Scanner(NEEDLES).scan(body(text))
    assert [scan.text[mention[0] : mention[1]] for number in (0, 1) for mention in scan.mentions[number]] == [
        "딥시크",
        "AI",
    ]


def test_lowering_bytes_confounds_no_characters() -> None:
    # U+AC41 and U+AC61 differ by what makes A and a differ in ASCII.
    needle = Needle("걁", "걁", "substr")
    assert found("걡 걡걁", needle) == ["걁"]
    assert found("\u4e41 \u4e61", Needle("乡", "\u4e61", "substr")) == ["\u4e61"]


def test_fields_and_their_starts() -> None:
    article = replace(EMPTY, title="가", subtitle="나", body="다", captions=("라", "마"), authors=("바",), section="사")
    article = replace(article, listed_title="아", listed_summary="자")
    text, starts = join_fields(article, others=True)
    assert text == f"가\n나\n다\n라\n마\n아\n자\n사\n바\n{article.url}"
    assert len(starts) == len(SEARCHED)
    assert join_fields(article, others=False) == ("가\n나\n다\n라\n마\n아\n자", starts[:6])
    for start, first in zip(starts, ("가", "나", "다", "라", "아", "자", "사", "바", "h"), strict=True):
        assert text[start] == first


def test_nothing_to_look_for() -> None:
    assert Scanner(()).scan(body("딥시크")).mentions == {}
    assert list(Scanner(()).explain(body("딥시크"))) == []


def test_explanations_tell_of_every_occurrence() -> None:
    scanner = Scanner((Needle("메타", "메타"), Needle("MS", "MS", cased=True)))
    told = [
        (needle.alias, start, verdict.accepted, verdict.reason)
        for needle, start, _, _, verdict in scanner.explain(body("메타버스 가메타 메타 ms"))
    ]
    assert told == [
        ("메타", 2, False, "longer word 메타버스"),
        ("메타", 8, False, "the word begins earlier"),
        ("메타", 11, True, "bare"),
        ("MS", 14, False, "capitals differ"),
    ]


class Contrary:
    """An analyser that overturns every verdict."""

    def decide(self, text: str, start: int, end: int, needle: Needle, guess: BoundaryVerdict) -> BoundaryVerdict:
        assert fold(text[start:end]) in spellings(needle.alias)
        return BoundaryVerdict(accepted=not guess.accepted, reason="analyser")


def test_an_analyser_has_the_last_word() -> None:
    scan = Scanner((Needle("메타", "메타"),), Contrary()).scan(body("메타버스 메타"))
    assert [(mention[0], mention[4].reason) for mention in scan.mentions[0]] == [(2, "analyser")]


@given(st.lists(st.one_of(noise, st.sampled_from(DECORATED)), max_size=12).map("".join))
def test_every_span_slices_the_original_to_a_spelling_of_its_needle(text: str) -> None:
    scan = Scanner(NEEDLES).scan(body(text))
    for number, mentions in scan.mentions.items():
        known = spellings(NEEDLES[number].alias)
        for start, end, within, _, verdict in mentions:
            assert fold(scan.text[start:end]) in known
            assert SEARCHED[within] == "body"
            assert verdict.accepted
        assert mentions == sorted(mentions, key=lambda mention: mention[1])


@given(st.lists(st.one_of(noise, st.sampled_from(DECORATED)), max_size=12).map("".join))
def test_the_quick_way_and_the_slow_way_agree(text: str) -> None:
    scanner = Scanner(NEEDLES)
    quick = {
        (number, mention[0], mention[1], mention[4].reason)
        for number, mentions in scanner.scan(body(text)).mentions.items()
        for mention in mentions
    }
    slow = {
        (NEEDLES.index(needle), start, end, verdict.reason)
        for needle, start, end, _, verdict in scanner.explain(body(text))
        if verdict.accepted
    }
    assert quick == slow


@pytest.mark.parametrize("size", [1, 6_000])
def test_small_and_large_automata_answer_alike(size: int) -> None:
    needles = [Needle("딥시크", "딥시크"), *(Needle(str(n), f"없는말{n}x") for n in range(size))]
    scan = Scanner(needles).scan(body("딥시크가 없는말5x 를"))
    assert len(scan.mentions[0]) == 1
    assert (6 in scan.mentions) == (size > 5)
