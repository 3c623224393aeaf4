"""What may be attached to a Korean noun, as data.

Which form of a particle stands after a noun depends on the noun's last sound (Standard Korean orthography, National
Institute of Korean Language, chapter 4 section 1). Each table maps a surface to that condition. Groups say what may follow
what, so that 에서는, 으로부터의 and 까지만 need no entry of their own.
"""

from __future__ import annotations

from typing import Final

ANY: Final = "any"
CONSONANT: Final = "consonant"  # after any final consonant
VOWEL: Final = "vowel"  # after no final consonant
CLOSED: Final = "closed"  # after a final consonant other than ㄹ
OPEN: Final = "open"  # after a vowel or ㄹ


def _words(surfaces: str) -> frozenset[str]:
    """Turn a list of surfaces into a set."""
    return frozenset(surfaces.split())


def _table(**words: str) -> dict[str, str]:
    """Turn lists of surfaces by condition into surface -> condition."""
    return {surface: condition for condition, surfaces in words.items() for surface in surfaces.split()}


PARTICLES: Final[dict[str, dict[str, str]]] = {
    "case": _table(
        any="에 에서 에게 에게서 에게로 한테 한테서 한테로 께 께서 께로 더러 에다 에다가 하고 같이",
        closed="으로 으로서 으로써 으로부터",
        open="로 로서 로써 로부터",
        consonant="과 이랑",
        vowel="와 랑",
    ),
    "auxiliary": _table(
        any="만 까지 부터 조차 마저 마다 만큼 보다 처럼 대로 뿐 밖에 만치 치고 씩 뿐만",
        consonant="이나마",
        vowel="나마",
    ),
    "final": _table(
        any="도 커녕 깨나 따라 두",
        consonant="이나 이라도 이든 이든지 이란 이야말로 은커녕 이며 이건",
        vowel="나 라도 든 든지 란 야말로 는커녕 며 건",
    ),
    "topic": _table(consonant="은 이야", vowel="는 야"),
    "subject": _table(consonant="이 을", vowel="가 를"),
    "genitive": _table(any="의"),
    "contracted": _table(any="서 서는 서도 선 엔 에선 에겐 한텐 께선 까진 부턴 보단", closed="으론", open="론"),
    "vocative": _table(consonant="아 이여 이시여", vowel="여 시여"),
    "polite": _table(any="요", consonant="이요"),
}
_AFTER_CASE: Final = ("auxiliary", "final", "topic", "genitive", "polite")
# Which groups may come after which; every group may end the word.
FOLLOWS: Final[dict[str, tuple[str, ...]]] = {
    "noun": ("case", "auxiliary", "final", "topic", "subject", "genitive", "contracted", "vocative", "polite"),
    "case": _AFTER_CASE,
    "auxiliary": ("case", "auxiliary", "final", "topic", "subject", "genitive", "contracted", "polite"),
    "final": ("polite",),
    "topic": ("polite",),
    "subject": (),
    "genitive": (),
    "contracted": ("auxiliary", "polite"),
    "vocative": (),
    "polite": (),
}
COPULA_AFTER: Final = frozenset({"noun", "case", "auxiliary"})
# Bilingual that careless writing glues to a particle (대표팀과함께, 문화에대한), and whatever comes after them.
GLUED: Final[dict[str, tuple[str, ...]]] = {
    "에": (
        "대한",
        "대해",
        "대하",
        "의한",
        "의해",
        "의하",
        "따른",
        "따라",
        "따르",
        "관한",
        "관해",
        "비해",
        "있는",
        "있어",
        "없는",
    ),
    "에서": ("있는", "있던", "나온", "열린", "하는"),
    **dict.fromkeys(("과", "와"), ("함께", "같은", "같이", "다른", "달리", "관련한", "비교")),
    **dict.fromkeys(
        ("이", "가"),
        ("있는", "있고", "있어", "있다", "없는", "없고", "없어", "없다", "아닌", "아니라", "아니고", "되는"),
    ),
    **dict.fromkeys(("로", "으로"), ("인한", "인해", "인하", "보이")),
    **dict.fromkeys(("을", "를"), ("위한", "위해", "통한", "통해", "비롯", "포함", "가진", "하는")),
}

# Endings of the copula 이다 after its stem 이; VOWEL marks the forms whose 이 may fall away after a vowel.
COPULA_ENDINGS: Final = _table(
    any="""다 다는 다며 다면 다가 라 라고 라고도 라고는 라는 라며 라면 라서 라도 라던 라던가 라든지 라기 라기보다 라기보다는 라지만 란 랄
    고 고도 고요 며 면 면서 면서도 지 지만 지는 지도 지요 던 던가 니 니까 나 나마 기 기도 기는 기에 기도록 기만 기까지 기때문 자
    네 네요 든 든지 든가 므로 어서 어야 어도 에요 야 예요 냐 냐고 냐는 거나 거든 건 건만 되 리라 ㄴ 로 로다 려면 려고 로구나 구나 군 군요
    시다 신 시며 시고 십니다 라네 래 래요 란다 라더라 더라 더니 려니""",
)
COPULA_CONTRACTED: Final = _words("""다 다는 다며 다면 다가 라 라고 라고도 라고는 라는 라며 라면 라서 라던 라던가 라든지 라기 라기보다 라기보다는 라지만 란
    지만 지요 죠 던 던가 니까 네 네요 든지 든가 므로 여서 여도 여야 예요 냐 냐고 냐는 거나 거든 더라 더니 래 래요 면서 면서도 고요
    구나 군요""")
# Syllables in which the stem 이 and an ending have become one, after any noun; the value lists what may come after them.
COPULA_FUSED: Final[dict[str, frozenset[str]]] = {
    "인": _words("\0 데 데도 데다 데요 지 지도 지는 지라 지를 지에 가 가요 가를 가에 만큼 들 즉 바 양 듯 셈 걸 것"),
    "일": _words("\0 까 까요 지 지도 지라도 수록 뿐 뿐더러 텐데 듯 만큼 진대 뿐만 때 것 거 수도 수밖에"),
    "임": _words("\0 을 이 은 에 에도 으로 과 도 의 에도불구하고 에는"),
    "입": _words("니다 니까 니다만 니다라고"),
    "이었": frozenset(),  # followed by PAST
    "였": frozenset(),
    "이였": frozenset(),
}
# What may follow a stem in the past tense (…었, …했, …됐).
PAST: Final = _words("""다 다고 다고도 다고는 다는 다며 다면 다면서 다가 다지만 다더라 다기보다 고 고요 으며 으면 으면서 으니 으니까 으나 으나마 으므로
    는데 는데도 는데요 는지 는지도 는지는 는지를 는가 던 던가 던데 던지 던것 지만 지 지요 죠 습니다 습니까 습니다만 을 을까 을까요 을지 을지도
    을뿐 을텐데 음 음을 음에도 음은 음이 음으로 기 기에 기때문 기에는 어도 어야 어서 어요 어 거나 거든 거늘 더라 더니 더라도 더라면 네 네요
    나 나요 느냐 느냐고 느냐는 든 든지 던들 었던 었다 단 다니 답니다 대 대요 구나 군 군요 잖아 잖아요 으리라 다던""")
# Verbs and adjectives that are made from nouns, by stem, and the syllables into which stem and ending fuse.
LIGHT_VERBS: Final[dict[str, dict[str, str]]] = {
    "하": {
        **dict.fromkeys(("했", "하였", "하셨"), "past"),
        **dict.fromkeys(("한", "하신"), "n"),
        **dict.fromkeys(("할", "하실"), "l"),
        **dict.fromkeys(("함", "하심"), "m"),
        **dict.fromkeys(("합", "하십"), "b"),
        **dict.fromkeys(("해", "하여", "하셔"), "a"),
        **dict.fromkeys(("하", "하시"), "plain"),
        **dict.fromkeys(("케", "치", "토록", "키로", "코자"), "end"),
    },
    "되": {
        "됐": "past",
        "되었": "past",
        "된": "n",
        "될": "l",
        "됨": "m",
        "됩": "b",
        "돼": "a",
        "되어": "a",
        "되": "plain",
    },
    "시키": {
        **dict.fromkeys(("시켰", "시키었"), "past"),
        "시킨": "n",
        "시킬": "l",
        "시킴": "m",
        "시킵": "b",
        "시켜": "a",
        "시키": "plain",
    },
    "스럽": {
        "스러웠": "past",
        "스러운": "n",
        "스런": "end",
        "스러울": "l",
        "스러움": "m",
        "스럽습": "b",
        "스러워": "a",
        "스럽": "plain",
        "스레": "end",
    },
    "답": {"다웠": "past", "다운": "n", "답게": "end", "답지": "end", "다워": "a"},
    "당하": {"당했": "past", "당한": "n", "당할": "l", "당합": "b", "당해": "a", "당하": "plain"},
}
# Beginnings that occur in nothing but these verbs: whatever follows is an ending or a glued auxiliary verb.
CERTAIN_VERBS: Final = _words(
    """했 하였 하셨 됐 되었 되셨 되어 돼 된 될 됨 됩 되고 되는 되기 되지 되면 되며 되던 되다 되도 되려 되게 되자 되거 되니 되나 되네 되느 되더 되든 되진
    되므 되라 되리 되시 되신 시켰 시켜 시킨 시킬 시킵 시킴 시키 스러 스런 스럽 스레 당했 당한 당하 해야 해주 해줘 해줬 해준 해줄 해서 해도 해보 해봤 해볼
    해본 해왔 해온 해오 해두 해둔 해놓 해냈 해낸 해버 해드 해지 해진 해졌 해질 해짐 해져 해내 해나 해있 하여 하는 하고 하기 하지 하면 하며 하던 하다 하도
    하려 하게 하자 하라 하거 하니 하십 하시 하신 하실 하셔 하세 하네 하느 하더 하든 하듯 하러 하리 하므 하진 하긴 하곤 하건 하겠 하였 하옵 하소
    하잖 하죠 합니 합시 한다 한데 한지 할수 할것 할때 할까 할지 한것 한듯 함으 함에 함과 함은 함을 함이 함도 함께하"""
)
# The same for the copula; what begins with a bare 이 also begins names (이츠, 이노베이션), so more of it must be seen.
CERTAIN_COPULA: Final = _words(
    "이라고 이라는 이라며 이라면 이라서 이라기 이라지 이라던 이라든 이라니 이라는 이랍니 이었 였다 였던 였고 였으 였지 였습 였는 였음 였을 였기 였더 "
    "입니다 입니까 이지만 이면서 이므로 이니까 이거나 인데 이다 이더 이었 이네요 이에요 이예요 이겠 임에도 임을 임이 이기때문 이기도 이기에 이란"
)
LONGEST_VERB: Final = 8  # syllables of a tail that begins with one of them
VERB_ENDINGS: Final[dict[str, frozenset[str]]] = {
    "past": PAST,
    "n": _words(
        "\0 다 다고 다고도 다는 다며 다면 다면서 다던 다거나 단 답니다 데 데다 데도 데요 지 지도 지는 지를 지라 가 가요 다든지 채 대 대요 바 적 후 뒤 듯 만큼 것 들 편 다지만"
    ),
    "l": _words(
        "\0 까 까요 지 지도 지라도 지는 지를 수록 뿐 뿐더러 만큼 만하다 만한 듯 듯이 텐데 때 때는 것 게 게요 래 래요 땐 수 수도 수는 수있는 시 는지 만 정도로 정도의"
    ),
    "m": _words("\0 을 이 은 에 에도 으로 으로써 과 도 의 에는 에따라 에서 만 이다 입니다"),
    "b": _words("니다 니까 니다만 시다 니다라고"),
    "a": _words("""\0 서 서는 서도 서라도 야 야만 야지 야할 야하는 도 도록 요 라 왔다 왔던 온 오던 오는 오고 오며 오면서 준 줘 주는 주고 주기 주며 주면
    줄 줬다 주었다 주세요 주십시오 진 진다 졌다 지는 지고 지면 지며 지게 질 짐 져 져서 졌고 졌던 보고 보면 보니 본 볼 보자 봤다 보는 내 내는 내고 낸 냈다 낼 놓고
    놓은 버린 버렸다 가는 가며 가고 가야 간 갈 나가는 나가고 나갈 나가야 있는 있다 있던 있었다 드립니다 드리겠습니다 죽겠다 준다 본다"""),
    "plain": _words("""\0 고 고는 고도 고서 고자 고요 고있는 고있다 며 면 면서 면서도 면은 지 지만 지는 지도 지를 지만은 지요 지않은 지않는 지않고 게 게는 게도 게끔
    게된 게하는 는 는데 는데도 는데는 는지 는지를 는지도 는지는 는가 는가를 는바 는것 는걸 는중 다 다가 다가도 다는 다고 다며 다면 다지만 다시피 다든지 던 던가 던데
    기 기가 기는 기도 기를 기에 기에는 기에도 기로 기로는 기만 기까지 기위해 기위한 기때문 기보다 기보다는 기란 기의 기엔 기론 기와 자 자고 자는 자마자 자면 자며
    려 려고 려는 려던 려면 려하는 러 러가는 니 니까 나 나요 느냐 느냐에 느냐고 느냐는 느라 느니 네 네요 든 든지 도록 도록하는 거나 거든 건 건대 되 라 라고
    라는 라며 라면 리라 므로 세요 셨다 신 시는 시고 시며 십시오 십니다 겠다 겠다고 겠다는 겠다며 겠습니다 겠지만 겠고 겠으며 겠으나 겠는가 는구나 던지 더라 더라도
    더니 자니 시다 실 시면 셔서 시기 죠 진 면서는 으며 으면 은 을 으니 으나 으로 기쁜 기까지는 려다 려다가 겠네요 네요 잖아 잖아요 는다 는다고 는다는 는다면"""),
    "end": frozenset({"\0"}),
}

# In compounds one syllable more, before or after, makes another word (민주 -> 민주화, 경쟁 -> 경쟁력), but for these.
COMPOUND_SUFFIXES: Final = _words("적 상 당 간 역 경 용 내 외 중 후 전 시 때 별 측 발 행")
COMPOUND_PREFIXES: Final = _words("비 불 첫 옛")

# Suffixes and short nouns after which any noun is still mentioned: plural, honorifics, "and others", "the side of".
SUFFIXES: Final = _words("들 님 씨 측 등 쪽 님들 씨들 등등")
# What names take beyond that, where a common noun would become part of a new word: 안산발, 미얀마전, 이안감독, 딥시크쇼크.
NAME_SUFFIXES: Final = _words("발 행 산 전 판 짱 덕 때 표 건")
# What business pages put behind names: (delivered) to, (made) for, of the class of, of the family of, of the kind of.
TRADE_SUFFIXES: Final = ("향", "용", "급", "계", "발", "행", "제", "형", "풍")
OF_COUNTRIES: Final = frozenset({"계", "형", "풍"})
PERSON_SUFFIXES: Final = _words("군 양 옹 이")  # after names of persons
NAME_NOUNS: Final = _words(
    """감독 대표 회장 부회장 사장 부사장 전무 상무 이사 의원 장관 차관 대통령 총리 지사 총재 총장 위원장 원장 실장 본부장 대변인 교수 박사 선수 기자 배우
    작가 코치 판사 검사 변호사 의사 선생 선생님 여사 영감 사령관 장군 대령 형님 행님 오빠 언니 누나 아저씨 아줌마 아주머니 할머니 할아버지 아빠 엄마 이모 삼촌
    부부 형제 자매 남매 가족 일가 부자 모자 일행 일당 씨네 관계자 임직원 직원 주민 주민들 시민 국민 사람 사람들 출신 태생 근처 인근 부근 주변 방면 쪽
    여행 공연 공장 사태 사건 사고 쇼크 효과 열풍 바람 논란 의혹 파문 스캔들 신드롬 돌풍 이슈 소식 뉴스 영화 드라마 연기 얼굴 목소리 노래 음악 춤 캐릭터 역할
    캐스팅 출연 주연 팬 팬들 덕분 덕택 때문 정도 배경 관련 대상 이후 이전 당시 시절 시대 사이 주가 주식 매출 실적 사용자 이용자 사용 이용 접속 차단 대비 매체
    언론 현지 버전 느낌 분위기 이미지 말고 자체 본인 자신 특유 최고 만세 화이팅 파이팅 완전 진짜 너무 보다는"""
)
