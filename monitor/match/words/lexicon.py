"""Known nouns: which words are common nouns, and which longer words begin with a shorter one and look inflected."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Final

# Nouns that the shipped lists lack, from general knowledge of Korean and of the news. Each begins with a shorter noun that
# people watch, and goes on like a particle, an ending or a suffix.
_COUNTRIES: Final = """한국 미국 중국 일본 영국 독일 프랑스 이탈리아 스페인 러시아 인도 호주 캐나다 북한 남한 대만 홍콩 싱가포르 태국 베트남 필리핀
    말레이시아 인도네시아 몽골 터키 튀르키예 이란 이라크 이스라엘 팔레스타인 사우디 이집트 브라질 멕시코 아르헨티나 칠레 우크라이나 폴란드 체코 헝가리
    오스트리아 스위스 네덜란드 벨기에 스웨덴 노르웨이 핀란드 덴마크 그리스 포르투갈 아일랜드 유럽 아시아 아프리카 서양 동양 외국 남미 북미"""
_PEOPLE: Final = frozenset(country + people for country in _COUNTRIES.split() for people in ("인", "군"))
_WORDS: Final = """메타인지 메타버스 메타데이터 메타포 메타볼릭 메타세쿼이아 메타분석 인도네시아 인도양 인도차이나 인도주의 인도적 현대인 현대사 현대로템
    경기도 경기도지사 강원도 전라도 경상도 충청도 제주도 경남도 경북도 전남도 전북도 충남도 충북도 쿠팡이츠 쿠팡플레이 카카오톡 카카오뱅크 카카오페이 애플리케이션 애플망고
    삼성동 삼성역 네이버웹툰 라인업 라인야후 토스뱅크 토스트 테슬라다이내믹스 아마존강 구글맵 엑스포 엑스레이 당근마켓 한화에어로스페이스 하이브리드 하이닉스
    오픈소스 오픈마켓 오픈채팅 딥페이크 딥러닝 스타벅스 스타일 스타디움 스타트업 챗봇 챗지피티"""
# The family names of nearly all Koreans.
SURNAMES: Final = frozenset(
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현함변염추도석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예봉경사부"
)
LONGER: Final = _PEOPLE | frozenset(_WORDS.split())


def _listed(name: str) -> frozenset[str]:
    """Read one of the shipped lists: a word a line, # begins a remark."""
    text = (resources.files("monitor.match") / "data" / name).read_text(encoding="utf-8")
    return frozenset(line for line in text.split("\n") if line and line[0] != "#")


@cache
def _common() -> frozenset[str]:
    return _listed("common.txt")


@cache
def _longer() -> tuple[str, ...]:
    return tuple(sorted(LONGER | _listed("longer.txt")))


@cache
def _every() -> tuple[str, ...]:
    return tuple(sorted(_common() | LONGER))


def is_common(word: str) -> bool:
    """Return whether a folded word is a common noun of Korean, as opposed to a name or a word not known."""
    return word in _common()


def longer_tails(word: str) -> tuple[str, ...]:
    """Return what makes the folded `word` a longer noun that could pass for the word with an ending: 인지 for 메타."""
    return tuple(other[len(word) :] for other in _beginning(_longer(), word))


def longer_words(word: str, most: int = 8) -> tuple[str, ...]:
    """Return known longer nouns that begin with the folded `word`, for rules that look inside words; shortest first."""
    return tuple(sorted(_beginning(_every(), word), key=lambda other: (len(other), other))[:most])


def _beginning(words: tuple[str, ...], word: str) -> Iterator[str]:
    """Yield those of the sorted words that begin with `word` and go on."""
    for at in range(bisect_left(words, word), len(words)):
        if not words[at].startswith(word):
            return
        if len(words[at]) > len(word):
            yield words[at]
