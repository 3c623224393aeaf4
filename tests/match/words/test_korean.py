"""Particles, copula, verbs and suffixes: each form after the sounds it agrees with, and only after those."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.words import grammar
from monitor.match.words.korean import agrees, final_sound, is_copula, is_light_verb, is_particle, read_tail

NOUN_BY_SOUND = {"v": "카카오", "l": "구글", "c": "쿠팡"}


@pytest.mark.parametrize(
    ("char", "sound"), [("오", "v"), ("글", "l"), ("팡", "c"), ("힣", "c"), ("가", "v"), ("I", "?"), ("3", "?")]
)
def test_the_last_sound(char: str, sound: str) -> None:
    assert final_sound(char) == sound


@pytest.mark.parametrize(
    ("particle", "after"),
    [
        *[(particle, "lc") for particle in ("은", "이", "을", "과", "이나", "이랑", "이라도", "이야말로")],
        *[(particle, "v") for particle in ("는", "가", "를", "와", "나", "랑", "라도", "야말로")],
        *[(particle, "c") for particle in ("으로", "으로서", "으로써", "으로부터")],
        *[(particle, "vl") for particle in ("로", "로서", "로써", "로부터")],
        *[
            (particle, "vlc")
            for particle in ("의", "에", "에서", "에게", "한테", "께서", "까지", "부터", "마다", "만", "도")
        ],
        *[
            (particle, "vlc")
            for particle in ("보다", "처럼", "대로", "밖에", "조차", "마저", "하고", "뿐", "만큼", "커녕")
        ],
    ],
)
def test_a_particle_stands_after_its_sounds_only(particle: str, after: str) -> None:
    for sound in NOUN_BY_SOUND:
        assert is_particle(particle, sound) == (sound in after), (particle, sound)
    assert is_particle(particle, "?")


@pytest.mark.parametrize(
    "chain",
    [
        "에서는",
        "에서도",
        "에서의",
        "에게서도",
        "까지만",
        "까지도",
        "부터는",
        "만으로도",
        "으로부터의",
        "으로까지",
        "에서부터",
        "만큼은",
        "보다는",
        "처럼만",
        "조차도",
        "뿐만",
        "대로라면",
    ],
)
def test_particles_make_chains(chain: str) -> None:
    assert is_particle(chain, "c") or is_copula(chain, "c")


@pytest.mark.parametrize("chain", ["는에서", "의는", "도는", "도가", "를은", "가에", "은이", "나를", "요의"])
def test_chains_have_an_order(chain: str) -> None:
    assert not is_particle(chain, "v")
    assert not is_particle(chain, "c")


@pytest.mark.parametrize(
    "tail", ["이다", "이라고", "이라며", "입니다", "이었다", "인데", "인지", "일까", "이지만", "이라는", "임을", "이자"]
)
def test_the_copula_after_a_consonant(tail: str) -> None:
    assert is_copula(tail, "c")


@pytest.mark.parametrize("tail", ["였다", "라고", "라는", "라며", "다", "지만", "였습니다", "라서", "예요"])
def test_the_copula_loses_its_stem_after_vowels_only(tail: str) -> None:
    assert is_copula(tail, "v")
    assert not is_copula(tail, "c")


@pytest.mark.parametrize("tail", ["이츠", "이노베이션", "인베스트", "이", "일렉트릭", "다이내믹스", "이스트"])
def test_names_that_begin_like_the_copula_are_none(tail: str) -> None:
    assert not is_copula(tail, "c")


@pytest.mark.parametrize(
    "tail",
    [
        "하다",
        "했다",
        "하는",
        "한",
        "할",
        "함",
        "합니다",
        "해야",
        "하고",
        "하며",
        "하기로",
        "되다",
        "됐다",
        "되는",
        "되어",
        "된",
        "시켰다",
        "스러운",
        "스럽게",
        "당했다",
        "했습니다",
        "하지만",
        "토록",
        "키로",
    ],
)
def test_verbs_made_from_nouns(tail: str) -> None:
    assert is_light_verb(tail)


@pytest.mark.parametrize("tail", ["하이닉스", "하나은행", "한국", "해상", "해외", "화재", "하우스", "받침"])
def test_words_that_begin_like_a_verb_are_none(tail: str) -> None:
    assert not is_light_verb(tail)


@pytest.mark.parametrize(
    ("tail", "kind", "reason"),
    [
        ("", "common", "bare"),
        ("에서는", "name", "particle 에서는"),
        ("이다", "name", "copula 이다"),
        ("했다", "common", "verb 했다"),
        ("했다", "latin", ""),
        ("측", "name", "suffix 측"),
        ("측은", "latin", "suffix 측, particle 은"),
        ("들에게", "common", "suffix 들, particle 에게"),
        ("감독이", "person", "suffix 감독, particle 이"),
        ("감독이", "common", ""),
        ("군", "person", "suffix 군"),
        ("군", "name", ""),
        ("발", "name", "suffix 발"),
        ("발", "common", ""),
        ("과함께", "common", "particle 과함께"),
        ("뱅크의", "name", ""),
    ],
)
def test_reasons(tail: str, kind: str, reason: str) -> None:
    assert read_tail(tail, "c", kind) == reason


@given(st.text(st.sampled_from("은는이가을를에서의로도만까지부터하했다고되인입니라며측들군행발"), max_size=20))
def test_any_tail_is_read_without_a_stumble(tail: str) -> None:
    for sound in ("v", "l", "c", "?"):
        reason = read_tail(tail, sound, "name")
        assert reason in {"", "bare"} or tail[0] in reason


def test_an_unknown_sound_agrees_with_everything() -> None:
    for table in grammar.PARTICLES.values():
        for condition in table.values():
            assert agrees(condition, "?")


def test_every_particle_stands_after_some_noun() -> None:
    for table in grammar.PARTICLES.values():
        for surface, condition in table.items():
            assert any(agrees(condition, sound) for sound in NOUN_BY_SOUND), surface


def test_groups_that_follow_exist() -> None:
    assert {group for groups in grammar.FOLLOWS.values() for group in groups} <= set(grammar.PARTICLES)
    assert set(grammar.FOLLOWS) == {"noun", *grammar.PARTICLES}
