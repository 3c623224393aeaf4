"""What the words around an occurrence say, where its own ending leaves a doubt. Pure.

Three endings mean two things each: 도 and 과 end longer nouns too (설계도, 심리학과), a last syllable of a name looks like
an ending (한가인 씨), and 며 lists things or joins verbs (배며 사과며, 달리며).
"""

from __future__ import annotations

import re
from typing import Final

from monitor.match.words.lexicon import SURNAMES

_NEXT: Final = re.compile(r"[가-힣]* ?([가-힣A-Za-z0-9]{1,20})(?: ([가-힣A-Za-z0-9]{1,20}))?")
_REACH: Final = 40  # characters on each side
_NAME: Final = 2  # syllables that a family name and half of a given name have
_TITLES: Final = re.compile(
    r"(?:씨|님|군|양|감독|코치|선수|배우|가수|작가|기자|앵커|아나운서|교수|박사|변호사|판사|검사|의원|장관|차관|대통령|총리|대표|회장|부회장|사장|이사|"
    r"본부장|위원장|위원|시장|지사|구청장|대사|총장|원장|소장|대변인|선생|여사|할머니|할아버지)(?:$|[은는이가을를의도과와에께]|에게|에서|님)"
)
_LAST_SYLLABLES: Final = frozenset("하인나라아여야서란든건며선엔만")
_PREDICATE: Final = re.compile(
    r"(?:다|고|며|면|면서|지만|는데|네|요|죠|자|라|서|으나|거나|지|던|도록|려고|했|됐|었|았)$"
)
_DEPARTMENT: Final = re.compile(
    r"(?:교수|학생|출신|졸업|재학|전공|석사|박사|학사|신입|동문|대학원|조교|강사|학과|입학|진학|수업|사무실)"
)
_AND: Final = re.compile(r"[가-힣A-Za-z0-9]+(?:[을를은는이가의에도로만]|에서|부터|까지|에게|처럼|보다)$")
_VERB_STEMS: Final = frozenset(
    [
        "달리",
        "누비",
        "다니",
        "걸치",
        "펼치",
        "외치",
        "지나",
        "만나",
        "견디",
        "던지",
        "버리",
        "두드리",
        "어울리",
        "지내",
        "보내",
        "나타나",
        "일어나",
        "태어나",
        "벗어나",
        "떠나",
        "늘어나",
        "드러나",
        "살아나",
        "깨어나",
        "그리",
        "내리",
        "돌리",
        "빌리",
        "알리",
        "살리",
        "올리",
        "울리",
        "열리",
        "걸리",
        "팔리",
        "불리",
        "물리",
        "풀리",
        "날리",
        "들리",
        "몰리",
        "흔들리",
        "기다리",
        "거느리",
        "누리",
        "가리",
        "차리",
        "꾸리",
        "가지",
        "가르치",
        "거치",
        "고치",
        "그치",
        "기르",
        "끼치",
        "넘치",
        "놓치",
        "다치",
        "닥치",
        "마치",
        "망치",
        "모이",
        "무너지",
        "미치",
        "바라",
        "바치",
        "보이",
        "부치",
        "비치",
        "빠지",
        "뿌리",
        "사라지",
        "설치",
        "스치",
        "시키",
        "쏟아지",
        "쓰러지",
        "어기",
        "여기",
        "옮기",
        "이기",
        "이루",
        "잠기",
        "즐기",
        "지르",
        "지치",
        "질리",
        "참",
        "치르",
        "커지",
        "터지",
        "퍼지",
        "해치",
        "헤매",
        "훔치",
        "흐르",
        "끌리",
        "뛰놀",
        "노니",
        "휘날리",
        "휩쓸리",
        "맞서",
        "나서",
        "들어서",
        "앞서",
        "일어서",
        "돌아서",
        "뒤지",
        "다루",
        "모으",
        "서두르",
    ]
)


def is_going_on(tail: str, text: str, end: int) -> bool:
    """Return whether 하고 behind a noun makes a verb of it (대치하고 있다) rather than "and"."""
    return tail == "하고" and re.match(r" (?:있|싶|나서|말|난|보)", text[end + len(tail) :]) is not None


def is_listed(folded: str, text: str, start: int, end: int) -> bool:
    """Return whether 며 behind a noun lists things (배며 사과며) rather than joining verbs: others stand beside it."""
    if folded in _VERB_STEMS:
        return False
    around = text[max(0, start - _REACH) : start] + " " + text[end + 1 : end + _REACH]
    return re.search(r"[가-힣A-Za-z0-9]며(?![가-힣])", around) is not None


def is_longer_name(folded: str, tail: str, text: str, end: int) -> bool:
    """Return whether a name of two syllables goes on with the last of a given name, as the title behind it says."""
    if len(folded) != _NAME or folded[0] not in SURNAMES or tail not in _LAST_SYLLABLES:
        return False
    following = text[end + 1 : end + 12]
    return following.startswith(" ") and _TITLES.match(following[1:]) is not None


def is_particle_here(tail: str, text: str, end: int) -> bool:
    """Return whether 도 ("too") or 과 ("and") is a particle, where a longer noun ends in the same syllable.

    도 is when a predicate follows, or another 도; 과 is when another noun with its own particle follows, unless it is
    what a department of a university has.
    """
    found = _NEXT.match(text, end)
    if found is None or text[end + len(tail) : end + len(tail) + 1] != " ":
        return False
    following = found[1]
    if tail == "도":
        others = re.search(r"[가-힣A-Za-z0-9]도(?![가-힣])", text[end + 1 : end + _REACH]) is not None
        return others or _PREDICATE.search(following) is not None
    if tail == "과":
        return _AND.match(following) is not None and _DEPARTMENT.match(following) is None
    return False
