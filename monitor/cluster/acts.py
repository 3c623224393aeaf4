"""The acts that a report names: the bill is filed, passed, voted down; the suspect is sought, held, sentenced. Pure.

A matter goes on by acts, and Korean headlines name them by a few hundred fixed words. Each group here is one act under all
of its names. They are found anywhere in a text, the longest first, because Korean glues words together; one behind `_` only where a
word begins (이어졌다 is no defeat, 개인정보 no admission). Groups of words only, never of names of people, firms or places: what a
list knows by name it knows of the past alone.
"""

from __future__ import annotations

import re
from collections import defaultdict

_ACTS = """
발의|제출 상정 소위 상임위|법사위 본회의 통과|의결|가결 부결|무산 보류|유보|연기 폐기|폐지 공포 시행 거부권|재의 표결|투표
탄핵 청문회 국정감사|감사원
사퇴|사임|물러 경질|해임|해촉 선임|내정|임명|지명 추대 취임 출마 불출마 단일화 공천 당선 낙선 탈당|출당 제명 복당 창당 합당
고발|고소 수사 압수수색 소환|출석 체포|검거|붙잡|자수 입건 송치 구속영장|영장 청구 발부 기각 구속 석방|보석 기소 구형 선고
무죄 유죄|실형|집행유예 벌금 항소|상고 확정 파기 재심 사면 출국금지 도주|달아 자백|_인정 부인
리콜|회수|거둬 과징금|과태료 영업정지|정지 제재|징계 시정명령 환불|보상|배상 소송|제소 합의|타결 결렬 파업 철회|취소|거둬들
복귀|재개 교섭|협상 가처분
인수 합병 매각|팔아 투자 상장 심사 승인 허가 불허 계약 해지 착공 완공|준공 개통 출시|공개 양산 감원|희망퇴직|구조조정
파산|회생 부도 증자 배당 실적 흑자 적자 공시 특허
화재|_불이 붕괴|무너 추락 충돌|추돌 탈선 침몰 폭발 실종 구조 발견 숨진|사망|숨져|숨지 부상|다쳐 진화|꺼져 복구 대피 원인
조사|점검 감식 책임
북상 상륙 소멸 특보|주의보|경보 해제 결항 정전 침수 폭우|호우 폭염 한파 최고 최대|역대 인상|올려|올린|오른
인하|내려|내린|낮춘 동결 급락|폭락|하락 급등|폭등|상승|돌파 마감 중단|멈춰|멈춘 가동|재가동 확대|늘린 축소|줄인 금지 허용
영입|이적 방출 은퇴 우승 패배|_졌다 승리|이겼 결승 탈락 진출 재계약 수상|황금 예매 개봉 방영 종영 유출|해킹 먹통|장애 확진 감염
식중독 접종 회복 퇴원 백신 _이의 해명 발사 시험 파견 방문 회담 조문 개막 폐막
"""
_REACTIONS = """
환영|반색|기대 반발|반대|규탄|항의 촉구|요구 우려|걱정 눈물|분통|한숨 사과|고개
"""

_BY_CHANCE = """
최고경영자 최고위원 최고위 최고기온 시행령 시행규칙 오른쪽 오른손 오른발 오른팔 불이익 불이행 투자자 책임자 책임연구원
구조물 지배구조 구속력 행정지도 행정지원 재정지원
"""
"""Words in which the name of an act stands by chance."""

GROUPS = tuple(tuple(group.split("|")) for group in (_ACTS + _REACTIONS).split())
"""All of them, each at its bit: a change here is a new `signature.VERSION`, whose bits mean something else."""

_REACTED = len(_REACTIONS.split())
OWN = (1 << (len(GROUPS) - _REACTED)) - 1
"""The bits of what is done; those above are of what others say to it."""

_BITS = {word: 1 << place for place, group in enumerate(GROUPS) for word in group} | dict.fromkeys(
    _BY_CHANCE.split(), 0
)
_SPELLED = {word.removeprefix("_"): bits for word, bits in _BITS.items()}


def _pattern() -> str:
    """Return what finds them: by their first letter, which is five times as fast as one behind the other."""
    by_letter: defaultdict[str, list[str]] = defaultdict(list)
    for word in sorted(_SPELLED, key=lambda word: (-len(word), word)):
        where = f"(?<![가-힣]{word})" if f"_{word}" in _BITS else ""
        by_letter[word[0]].append(word[1:] + where)
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())


_NAMES = re.compile(_pattern())


def named_acts(text: str) -> dict[int, str]:
    """Return the acts and reactions that a folded text names, by the bit of each, under the name that stands first."""
    named: dict[int, str] = {}
    for word in _NAMES.findall(text):
        if _SPELLED[word]:
            named.setdefault(_SPELLED[word], word)
    return named


def acts(text: str) -> int:
    """Return the acts and reactions that a folded text names, a bit for each of `GROUPS`."""
    named = 0
    for word in _NAMES.findall(text):
        named |= _SPELLED[word]
    return named
