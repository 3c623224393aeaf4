"""The shipped word lists."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from monitor.match.words.lexicon import LONGER, SURNAMES, is_common, longer_tails, longer_words


@pytest.mark.parametrize("name", ["common.txt", "longer.txt"])
def test_lists_are_sorted_words_that_tell_their_origin(name: str) -> None:
    lines = (resources.files("monitor.match") / "data" / name).read_text(encoding="utf-8").splitlines()
    remarks = [line for line in lines if line.startswith("#")]
    words = [line for line in lines if not line.startswith("#")]
    assert any("Apache-2.0" in remark for remark in remarks)
    assert words == sorted(set(words))
    assert all(re.fullmatch("[가-힣]{2,7}", word) for word in words)


def test_common_nouns_and_names() -> None:
    assert all(map(is_common, ("피해", "방송", "연구", "잡지")))
    assert not any(map(is_common, ("딥시크", "쿠팡", "네이버", "삼성")))


def test_what_makes_a_word_longer() -> None:
    assert {"인지", "버스", "데이터"} <= set(longer_tails("메타"))
    assert "인" in longer_tails("한국")
    assert longer_tails("없는말") == ()
    assert all(longer_tails(word[:2]) for word in LONGER if len(word) > 2)


def test_longer_words_come_shortest_first() -> None:
    words = longer_words("메타", 3)
    assert len(words) == 3
    assert list(words) == sorted(words, key=len)
    assert all(word.startswith("메타") and word != "메타" for word in words)


def test_family_names_are_one_syllable() -> None:
    assert all(len(name) == 1 for name in SURNAMES)
    assert {"김", "이", "박"} <= SURNAMES
