"""What a silence covers: all that it names has to hold, and a word has to be all that a hit mentions."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.hit import Hit, Match
from monitor.model.notification import Silence
from monitor.model.plan import Rule
from monitor.notify.silences import covering, covering_event

NOW = datetime(2026, 11, 5, 2, 32, 16, tzinfo=UTC)
RULE = Rule("openai", "OpenAI", "@openai 삼성", tags=("ai", "경쟁사"))


def silence(*, rule: str = "", source: str = "", tag: str = "", word: str = "") -> Silence:
    return Silence(1, rule, source, NOW, "planned", tag, word, "kim")


def mention(term: str, alias: str = "", surface: str = "") -> Match:
    shown = surface or alias or term
    return Match(term, alias or term, "title", 0, len(shown), shown, "bare")


def hit(*matches: Match) -> Hit:
    return Hit("openai", "OpenAI", "v1", matches, "")


OPENAI = mention("@openai", "OpenAI", "ＯｐｅｎＡＩ")
KOREAN = mention("@openai", "오픈AI")
SAMSUNG = mention("삼성")


@pytest.mark.parametrize(
    ("asked", "covered"),
    [
        ({}, True),
        ({"rule": "openai"}, True),
        ({"rule": "open"}, False),
        ({"source": "herald"}, True),
        ({"source": "daily"}, False),
        ({"tag": "경쟁사"}, True),
        ({"tag": "ai"}, True),
        ({"tag": "AI"}, False),
        ({"tag": "rival"}, False),
        ({"rule": "openai", "source": "daily"}, False),
        ({"rule": "openai", "source": "herald", "tag": "ai"}, True),
        ({"rule": "openai", "tag": "rival"}, False),
        ({"rule": "chips", "tag": "ai"}, False),
    ],
)
def test_all_that_a_silence_names_has_to_hold(asked: dict[str, str], covered: bool) -> None:  # noqa: FBT001 - of the table
    assert (covering([silence(**asked)], RULE, "herald", hit(KOREAN)) is not None) is covered


@pytest.mark.parametrize(
    ("word", "matches", "covered"),
    [
        ("openai", (OPENAI,), True),
        ("OPENAI", (OPENAI, OPENAI), True),
        ("ＯｐｅｎＡＩ", (OPENAI,), True),
        ("@openai", (OPENAI, KOREAN), True),
        ("openai", (OPENAI, KOREAN), False),
        ("오픈ai", (KOREAN,), True),
        (unicodedata.normalize("NFD", "오픈AI"), (KOREAN,), True),
        ("@openai", (OPENAI, SAMSUNG), False),
        ("삼성", (OPENAI, SAMSUNG), False),
        (" 삼성 ", (SAMSUNG,), True),
        ("삼", (SAMSUNG,), False),
        ("한국 은행", (mention("한국 은행", surface="한국  은행"),), True),
        ("삼성", (), False),
    ],
)
def test_a_word_covers_a_hit_that_mentions_nothing_else(
    word: str,
    matches: tuple[Match, ...],
    covered: bool,  # noqa: FBT001 - of the table
) -> None:
    assert (covering([silence(word=word)], RULE, "herald", hit(*matches)) is not None) is covered
    assert covering([silence(word=word, source="daily")], RULE, "herald", hit(*matches)) is None


def test_the_first_silence_that_covers_is_the_one_that_is_told_of() -> None:
    several = [silence(source="daily"), silence(word="삼성"), silence(tag="ai"), silence()]
    several = [replace(one, id=number) for number, one in enumerate(several, start=1)]
    found = covering(several, RULE, "herald", hit(KOREAN))
    assert found is not None
    assert found.id == 3
    assert covering([], RULE, "herald", hit(KOREAN)) is None


@pytest.mark.parametrize(
    ("asked", "covered"),
    [
        ({"source": "herald"}, True),
        ({"source": "daily"}, False),
        ({}, False),
        ({"source": "herald", "rule": "openai"}, False),
        ({"source": "herald", "tag": "ai"}, False),
        ({"source": "herald", "word": "오픈AI"}, False),
    ],
)
def test_an_event_is_covered_by_what_names_its_source_alone(asked: dict[str, str], covered: bool) -> None:  # noqa: FBT001 - of the table
    assert (covering_event([silence(**asked)], "herald") is not None) is covered
    assert covering_event([silence(**asked)], "") is None, "what befalls all sources is told"


_part = st.sampled_from(("", "openai", "herald", "ai", "오픈AI", "other"))


@given(
    st.lists(st.tuples(_part, _part, _part, _part), max_size=4), st.lists(st.sampled_from((OPENAI, KOREAN, SAMSUNG)))
)
def test_naming_more_never_covers_more(asked: list[tuple[str, str, str, str]], matches: list[Match]) -> None:
    for rule, source, tag, word in asked:
        narrow = covering([silence(rule=rule, source=source, tag=tag, word=word)], RULE, "herald", hit(*matches))
        for wider in ({"rule": rule}, {"source": source}, {"tag": tag}, {"word": word}, {}):
            wide = covering([silence(**wider)], RULE, "herald", hit(*matches))
            assert narrow is None or wide is not None
