"""What the words around an occurrence say, where its own ending leaves a doubt. Pure.

Endings that mean two things each: 도 and 과 end longer nouns too (설계도, 심리학과), a last syllable of a name looks like
an ending (한가인 씨, 배우 한가인), 며 lists things or joins verbs (배며 사과며, 달리며), 는 and 서 end verbs too (거리를 누비는),
산 is made in a place or a mountain, and 전 a match against a country or a war there.
"""

from __future__ import annotations

import re
from typing import Final

from monitor.match.words.lexicon import SURNAMES, is_common

_NEXT: Final = re.compile(r"[가-힣]* ?([가-힣A-Za-z0-9]{1,20})(?: ([가-힣A-Za-z0-9]{1,20}))?")
_REACH: Final = 40  # characters on each side
_NAME: Final = 2  # syllables that a family name and half of a given name have
_TITLE: Final = (
    r"(?:씨|님|군|양|감독|코치|선수|배우|가수|작가|기자|앵커|아나운서|교수|박사|변호사|판사|검사|의원|장관|차관|대통령|총리|대표|대표이사|회장|부회장|사장|부사장|"
    r"이사|전무|상무|팀장|부장|과장|실장|국장|본부장|위원장|위원|시장|지사|구청장|군수|대사|총장|원장|소장|대변인|선생|여사|할머니|할아버지|연구원|연구위원|"
    r"애널리스트|평론가|감독관|PD|MC)"
)
_TITLES: Final = re.compile(
    rf"(?:\([0-9]{{1,2}}(?:세|살)?\)| {_TITLE}(?:[은는이가을를의도과와에께]|에게|에서|으로|로|님)?(?![가-힣]))"
)
_TITLE_BEFORE: Final = re.compile(rf"(?:^|[^가-힣]|[가-힣] ?){_TITLE}(?:에|로|으로)? \Z")
_LAST_SYLLABLES: Final = frozenset("하인나라아여야서란든건며선엔만")
_PARTICLES: Final = frozenset("서만선")  # ... that are common behind names of companies: 현대서, 한화만
_NEVER_PARTICLES: Final = frozenset(
    "하인아"
)  # ... that are no ending of a name with a title before it or a comma behind it
_SAYING: Final = re.compile(r" ?(?:불|말|부르|하|한|할|해|했|는|고|일컫|칭|여기|믿)")
_OR: Final = re.compile(r"[가-힣A-Za-z0-9]나(?![가-힣])")
_FOLLOWING_NAMES: Final = re.compile(r"(?:[은는이가을를의도와과]|에게|에서|께서|처럼|보다)?\Z")
_PREDICATE: Final = re.compile(
    r"(?:다|고|며|면|면서|지만|는데|네|요|죠|자|라|서|으나|거나|지|던|도록|려고|했|됐|었|았)$"
)
_ADVERB: Final = re.compile(
    r"(?:이미|다시|함께|모두|못|안|곧|더|또|다|잘|거의|새로|아직|점점|점차|결국|전부|직접|일부|매우|꽤|좀|조금|계속|같이|먼저|미처|제대로|저절로|"
    r"덩달아|서서히|한꺼번에|[가-힣]*(?:크|많|쉽|빠르|곱|어렵|심하|강하|완벽하|분명하|뚜렷하)게|많이|[가-힣]+히)\Z"
)
_TOO: Final = re.compile(r"([가-힣A-Za-z0-9]+도)(?![가-힣])")
_TOO_AND_DONE: Final = re.compile(
    r"([가-힣A-Za-z0-9]+도) (?!등)(?:[가-힣]+ )?[가-힣]+(?:다|고|며|면서|지만|는데|요|자)(?![가-힣])"
)
_DEPARTMENT: Final = re.compile(
    r"(?:교수|부교수|조교수|명예|겸임|초빙|석좌|학생|출신|졸업|재학|전공|석사|박사|학사|신입|동문|대학원|조교|강사|학과|학부|학년|입학|진학|편입|수업|"
    r"강의|실습|사무실|연구팀|연구진|연구실|정원|과정|교육과정|커리큘럼|모집|신설|폐지|동아리|선배|후배|동기|홈페이지|건물)"
)
_LEARNING: Final = re.compile(r"(?:[가-힣]{2,}|[과수철의화공문법신약])학(?:$|[^과가-힣])")
_ENROLMENT: Final = re.compile(r"(?:대|입|진|재|휴|복|개|방|장|통|편입|유)학")
_OBJECT_BEFORE: Final = re.compile(r"[가-힣]+[을를] \Z")
_WAY_BEFORE: Final = re.compile(r"(?:[가-힣]+[을를로]|에서) \Z")
_VERB_TAILS: Final = frozenset({"는", "서", "든", "나", "자", "라", "요", "고", "면"})
_HIKE: Final = re.compile(
    r"(?:에|에서|에서는|에는|을|으로|의|까지|자락|정상|등반|둘레길)(?![가-힣])|"
    r"(?:이|을|은) (?:보[이인]|오르|올라|올랐|넘|등반|등정|둘러)|"
    r" (?:정상|등산|등반|산행|둘레길|국립공원|도립공원|자락|기슭|중턱|능선|계곡|단풍|케이블카|탐방|봉우리|입구|휴양림)"
)
_WAR: Final = re.compile(
    r"[가-힣]* (?:[가-힣]+ )?(?:참전|파병|파월|종전|휴전|개전|정전|용사|전사자|포로|고엽제|발발|반전 |전쟁|당시 미군|이후 최대)"
)
_AND: Final = re.compile(r"[가-힣A-Za-z0-9]+(?:[을를은는이가의에도로만]|에서|부터|까지|에게|처럼|보다)$")
_VERB_ENDS: Final = ("으", "하", "되", "시", "했", "었", "았", "였")
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
    """Return whether 며 behind a noun lists things (배며 사과며) rather than joining verbs (정을 나누며): others stand
    beside it, and no object stands before it."""
    if folded in _VERB_STEMS or _OBJECT_BEFORE.search(text, max(0, start - _REACH), start):
        return False
    around = text[max(0, start - _REACH) : start] + " " + text[end + 1 : end + _REACH]
    others = re.findall(r"([가-힣A-Za-z0-9]+)며(?![가-힣])", around)
    return any(not other.endswith(_VERB_ENDS) and other[-_NAME:] not in _VERB_STEMS for other in others)


def is_verb_here(folded: str, tail: str, text: str, start: int) -> bool:
    """Return whether what looks like a noun is the stem of a verb: it has an object or a way (거리를 누비는, 들판으로 달리는)."""
    return (
        folded in _VERB_STEMS
        and tail in _VERB_TAILS
        and _WAY_BEFORE.search(text, max(0, start - _REACH), start) is not None
    )


def is_longer_name(folded: str, tail: str, text: str, place: tuple[int, int]) -> bool:
    """Return whether a name of two syllables goes on with the last of a given name, as the title beside it says.

    A title behind it or an age says so of all such syllables (박건하 감독, 이서하(30)), but not of particles that are
    common behind words (한화만 감독을). A title before it, a comma behind it say so where no ending can stand (배우 한가인,).
    """
    (start, end), syllable = place, tail[0]
    if len(folded) != _NAME or folded[0] not in SURNAMES or syllable not in _LAST_SYLLABLES:
        return False
    if not _FOLLOWING_NAMES.match(tail[1:]):
        return False
    common, after = is_common(folded), end + len(tail)
    if _TITLES.match(text, after):
        return not (common and syllable in _PARTICLES)
    return not common and len(tail) == 1 and _is_given_name(syllable, text, start, after)


def _is_given_name(syllable: str, text: str, start: int, after: int) -> bool:
    """Return whether a syllable right behind a surname and another one can be no ending there."""
    if syllable == "라":
        return _SAYING.match(text, after) is None
    listed = text[after : after + 1] == ","
    if syllable == "나":
        return listed and _OR.search(text, after, after + _REACH) is None
    titled = _TITLE_BEFORE.search(text, max(0, start - _REACH), start) is not None
    return syllable == "하" or (syllable in _NEVER_PARTICLES and (titled or listed))


def is_mountain(tail: str, text: str, end: int) -> bool:
    """Return whether 산 behind a name makes a mountain of it (후지산에 올랐다) rather than what is made there."""
    return tail[0] == "산" and _HIKE.match(text, end + 1) is not None


def is_war(tail: str, text: str, end: int) -> bool:
    """Return whether 전 behind a country is a war there (이라크전 참전 용사) rather than a match against it."""
    return tail[0] == "전" and _WAR.match(text, end + 1) is not None


def is_particle_here(tail: str, text: str, end: int) -> bool:
    """Return whether 도 ("too") or 과 ("and") is a particle, where a longer noun ends in the same syllable.

    도 is when a predicate follows, with an adverb before it or not, or another 도; 과 is when another noun with its own
    particle or another field of learning follows, unless it is what a department of a university has.
    """
    rest = text[end + len(tail) : end + _REACH]
    if tail == "도" and rest[:1] in {" ", ","}:
        others = (_TOO if rest[0] == " " else _TOO_AND_DONE).findall(rest)
        if any(not is_common(other) for other in others):
            return True
    found = _NEXT.match(text, end)
    if found is None or rest[:1] != " ":
        return False
    following, second = found[1], found[2] or ""
    if tail == "도":
        return _PREDICATE.search(following) is not None or (
            _ADVERB.match(following) is not None and _PREDICATE.search(second) is not None
        )
    if tail == "과" and not _DEPARTMENT.match(following):
        learning = _LEARNING.match(rest[1:]) is not None and not _ENROLMENT.match(following)
        return learning or _AND.match(following) is not None
    return False
