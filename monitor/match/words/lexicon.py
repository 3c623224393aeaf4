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
# What begins with a name and is another one: mountains of Korea, wars (not those that are called like a match against a
# country), times, and the like.
_MOUNTAINS: Final = """가야 가지 계룡 계명 관악 광교 금강 금오 금정 남 내장 노고 대둔 대암 덕유 덕숭 도락 도봉 두륜 두타 마니 마이 만수 매화 명성 명지
    모악 무등 무학 방장 백두 백운 변 북악 북한 불암 비슬 삼각 상왕 선운 설악 성인 소백 소요 속리 수락 수리 신불 아차 연인 영축 오대 오봉 오서 용문 용봉 용화
    우면 운길 운달 운문 운악 월악 월출 유명 응봉 인왕 장안 재약 적상 점봉 조계 조령 주왕 주흘 지리 천관 천마 천성 천주 천태 청계 청량 추월 축령 치악 칠갑
    칠보 태백 태화 팔공 팔봉 팔영 한라 함백 화악 화왕 황매 황석 희양"""
_WARS: Final = """걸프 남북 러일 청일 중일 보불 백년 십자군 크림 포클랜드 코소보 태평양 독소 겨울"""
_TIMES: Final = """마야 잉카 아즈텍 조선 고려 신라 백제 고구려 발해 가야 삼국 통일신라 로마 비잔틴 그리스 헬레니즘 오스만 무굴 에도 메이지 쇼와 다이쇼 헤이세이
    헤이안 가마쿠라 무로마치 센고쿠 빅토리아 르네상스 나폴레옹 소련 중세 구석기 신석기 청동기 철기 춘추 전국 송 원 명 청 당 수 한 진 왜정 일제"""
_OTHERS: Final = (
    "피터팬 프라이팬 북한강 남한강 남한산 남한산성 북한산성 태평양전쟁 걸프전쟁 베트남전쟁 한국전쟁 이라크전쟁 남북전쟁"
)
_LONGER_NAMES: Final = frozenset(
    (
        *(name + "산" for name in _MOUNTAINS.split()),
        *(name + "전" for name in _WARS.split()),
        *(name + "시대" for name in _TIMES.split()),
        *_OTHERS.split(),
    )
)
# The family names of nearly all Koreans.
SURNAMES: Final = frozenset(
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현함변염추도석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예봉경사부"
)
_DEPARTMENT: Final = "과"
_SHORT_LEARNING: Final = frozenset("법의약공문신철수화농")  # 법학, 의학 …; 입학, 방학 are something else
# Words of dictionaries that stand for places and names in the news; they take the suffixes of those (부산행, 트럼프발).
_PROPER: Final = """부산 대구 대전 전주 상주 영주 공주 양주 제주 구미 안산 경주 진주 청주 원주 양산 파리 현대 한화 기아 대우 트럼프"""
PROPER: Final = frozenset(_PROPER.split())
COUNTRIES: Final = frozenset(_COUNTRIES.split())
LONGER: Final = _PEOPLE | _LONGER_NAMES | frozenset(_WORDS.split())


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
    listed = tuple(other[len(word) :] for other in _beginning(_longer(), word))
    return (*listed, _DEPARTMENT) if _is_learning(word) and _DEPARTMENT not in listed else listed


def _is_learning(word: str) -> bool:
    """Return whether a word is a field of learning, of which a university has a department (간호학 -> 간호학과)."""
    return word.endswith("학") and (len(word) > len("간호") or word[0] in _SHORT_LEARNING) and word != "학"


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
