"""Pick-ups join, other matters stay apart, and nothing but the members decides."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cluster.choice import LIKE, NEAR_WITHIN, Similarity, choose, cosine, is_number_twin
from monitor.cluster.newness import newness
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import UnpackedSignature, sign, unpack
from monitor.model.article import Article
from monitor.model.story import Member, Signature, StoryChoice

NOW = datetime(2026, 11, 5, tzinfo=UTC)
OFFICE = (
    "오픈AI, 서울에 첫 사무소 연다",
    (
        "오픈AI는 5일 서울 강남에 첫 한국 사무소를 연다고 밝혔다. 샘 올트먼 최고경영자는 기자회견에서 한국이 유료 이용자가 "
        "두 번째로 많은 나라라며 카카오와 공동 제품을 내겠다고 말했다. 사무소 직원은 30명으로 시작해 내년까지 100명으로 늘린다."
    ),
)
OFFICE_REWRITTEN = (
    '샘 올트먼 "카카오와 공동 제품"… 오픈AI 강남 사무소 개소',
    (
        "샘 올트먼 오픈AI 최고경영자가 한국을 찾아 카카오와 공동 제품을 내놓겠다고 밝혔습니다. 오픈AI는 서울 강남에 첫 한국 "
        "사무소를 열고 직원 30명으로 업무를 시작합니다. 한국은 유료 이용자가 두 번째로 많은 나라입니다."
    ),
)
CHIPS = (
    "하이닉스, 청주에 반도체 공장 착공",
    (
        "SK하이닉스가 충북 청주에서 고대역폭메모리를 만드는 공장의 착공식을 열었다. 곽노정 사장은 투자액이 20조원이며 2028년 "
        "하반기에 양산한다고 설명했다. 지역 주민들은 도로 확충을 요구했다."
    ),
)
BACKGROUND = (
    " 한편 딥시크는 중국 항저우의 인공지능 기업으로 올해 초 추론 모델을 공개해 세계 증시를 흔들었다. 당시 엔비디아 주가는 "
    "하루에 17% 떨어졌고 각국 정부는 개인정보 유출을 걱정해 접속을 막았다."
)
SENTENCE = (
    "법원, 한빛건설 대표에 징역 3년 선고",
    (
        "서울중앙지법은 붕괴 사고로 기소된 한빛건설 대표에게 징역 3년을 선고하고 법정에서 구속했다. 재판부는 안전 점검을 미룬 책임이 "
        "무겁다고 밝혔다. 유족은 형량이 가볍다며 검찰에 항소를 촉구했다."
    ),
)
STRIKE = (
    "한빛건설 노조, 임금 협상 결렬로 파업",
    (
        "한빛건설 노동조합이 임금 협상 결렬을 이유로 무기한 파업에 들어갔다. 노조는 기본급 인상과 성과급 지급을 요구하며 본사 앞에서 "
        "집회를 열었다. 회사는 현장 공사가 늦어질 수 있다고 우려했다."
    ),
)
MARKET = (
    "[마감시황] 코스피 {0} 마감",
    (
        "코스피가 전 거래일보다 {1}포인트 오른 {0}에 거래를 마쳤다. 유가증권시장에서 외국인은 {2}억원을 순매수했고 기관은 {3}억원을 "
        "순매도했다. 코스닥은 {4}로 마감했다. 원/달러 환율은 {5}원에 거래를 마쳤다."
    ),
)
QUAKE = (
    "{0} 규모 {1} 지진 발생",
    (
        "기상청은 {2}일 오전 {3}시 {4}분 {0}에서 규모 {1}의 지진이 발생했다고 밝혔다. 진앙은 북위 {5}도이며 깊이는 {6}km다. "
        "기상청은 지진 발생 인근 지역에서 흔들림을 느낄 수 있다며 안전에 유의하라고 당부했다."
    ),
)
WEATHER = (
    "내일 날씨, 전국 맑고 일교차 커",
    (
        "기상청은 {0}일 전국이 대체로 맑겠다고 예보했다. 아침 최저기온은 {1}도에서 {2}도, 낮 최고기온은 {3}도에서 {4}도가 되겠다. "
        "미세먼지는 전국이 보통 수준이며 바다의 물결은 앞바다에서 {5}m로 일겠다."
    ),
)


def signed(told: tuple[str, str], *numbers: object) -> Signature:
    title, body = (text.format(*numbers) for text in told)
    return sign(Article("k", "", "herald", title, NOW, body=body), shipped())


def member(story: str, told: tuple[str, str], *numbers: object, at: datetime = NOW) -> Member:
    return Member(story, signed(told, *numbers).packed, at)


def joined(
    signature: Signature, members: Iterable[Member], similarity: Similarity = cosine, at: datetime = NOW
) -> str | None:
    return choose(signature, members, at, similarity).joins


@pytest.mark.parametrize("pick_up", [OFFICE, OFFICE_REWRITTEN, ("[속보] " + OFFICE[0], OFFICE[1][:90])])
def test_a_pick_up_joins(pick_up: tuple[str, str]) -> None:
    assert joined(signed(pick_up), [member("chips", CHIPS), member("office", OFFICE)]) == "office"


def test_another_matter_begins_a_story() -> None:
    assert joined(signed(CHIPS), [member("office", OFFICE), member("office", OFFICE_REWRITTEN)]) is None
    assert joined(signed(CHIPS), []) is None


def test_shared_background_is_no_bridge() -> None:
    first = (OFFICE[0], OFFICE[1] + BACKGROUND)
    other = (CHIPS[0], CHIPS[1] + BACKGROUND)
    assert joined(signed(other), [member("office", first)]) is None
    assert joined(signed(other), [member("office", first), member("office", OFFICE_REWRITTEN)]) is None


def test_a_follow_up_on_another_act_begins_a_story() -> None:
    assert joined(signed(STRIKE), [member("sentence", SENTENCE)]) is None


@pytest.mark.parametrize(
    ("template", "today", "tomorrow"),
    [
        (
            MARKET,
            ("2,512.30", "12.1", "3,400", "1,200", "712.5", "1,390"),
            ("2,531.07", "18.7", "2,150", "980", "719.0", "1,384"),
        ),
        (QUAKE, ("경북 경주", "3.2", 5, 10, 11, "35.8", 8), ("경북 경주", "2.4", 6, 7, 42, "35.9", 12)),
        (WEATHER, (5, 2, 9, 14, 19, "0.5"), (6, 4, 11, 15, 21, "1.0")),
    ],
)
def test_the_next_report_on_a_template_begins_a_story(
    template: tuple[str, str], today: tuple[object, ...], tomorrow: tuple[object, ...]
) -> None:
    assert joined(signed(template, *tomorrow), [member("today", template, *today)]) is None
    known = [member("today", template, *today), member("tomorrow", template, *tomorrow)]
    assert joined(signed(template, *tomorrow), known) == "tomorrow"
    assert joined(signed(template, *today), known) == "today"


def test_one_corrected_number_is_no_twin() -> None:
    first = signed(QUAKE, "경북 경주", "3.2", 5, 10, 11, "35.8", 8)
    corrected = signed(QUAKE, "경북 경주", "3.2", 5, 10, 11, "35.8", 9)
    assert not is_number_twin(unpack(first.packed), unpack(corrected.packed))
    assert joined(corrected, [Member("quake", first.packed, NOW)]) == "quake"


def test_one_headline_joins_what_could_not_be_read_in_full() -> None:
    bare = (OFFICE[0], "")
    assert joined(signed(bare), [member("office", OFFICE)]) == "office"
    assert joined(signed(OFFICE), [member("office", bare)]) == "office"


def test_one_headline_over_another_matter_does_not_join() -> None:
    long, other = OFFICE[1] + OFFICE_REWRITTEN[1], CHIPS[1] + BACKGROUND + SENTENCE[1] + STRIKE[1]
    assert joined(signed((OFFICE[0], other)), [member("office", (OFFICE[0], long))]) is None


def test_one_near_member_outvotes_no_crowd_of_strangers() -> None:
    told = (OFFICE_REWRITTEN[0], OFFICE_REWRITTEN[1] + BACKGROUND)
    near = cosine(unpack(signed(told).packed), unpack(signed(OFFICE).packed))
    assert LIKE < near < 2 * LIKE, "near enough to join it alone, not to carry half a story"
    assert joined(signed(told), [member("mixed", OFFICE)]) == "mixed"
    assert joined(signed(told), [*[member("mixed", CHIPS)] * 9, member("mixed", OFFICE)]) is None


def test_the_order_of_members_and_equal_stories_changes_nothing() -> None:
    members = [member(name, told) for name in ("b", "a", "c") for told in (OFFICE, OFFICE_REWRITTEN)]
    members.append(member("chips", CHIPS))
    for seed in range(10):
        random.Random(seed).shuffle(members)
        assert joined(signed(OFFICE), members) == "a"


def test_another_similarity_can_step_in() -> None:
    def reverse(one: UnpackedSignature, other: UnpackedSignature) -> float:
        return 1.0 - cosine(one, other)

    chosen = choose(signed(OFFICE), [member("chips", CHIPS), member("office", OFFICE)], NOW, reverse)
    assert chosen == StoryChoice(continues="chips"), "it is all news to what it is taken for"


def test_an_empty_article_is_like_nothing() -> None:
    assert joined(signed(("", "")), [member("empty", ("", "")), member("office", OFFICE)]) is None


@given(st.text(max_size=120), st.text(max_size=120))
def test_likeness_is_symmetrical_and_bounded(one: str, other: str) -> None:
    first, second = (unpack(signed((text.replace("{", "").replace("}", ""), "")).packed) for text in (one, other))
    assert cosine(first, second) == pytest.approx(cosine(second, first))
    assert 0 <= cosine(first, second) <= 1 + 1e-9
    assert is_number_twin(first, second) == is_number_twin(second, first)


def test_weights_of_another_version_are_still_compared() -> None:
    packed = signed(OFFICE).packed
    assert joined(signed(OFFICE), [Member("old", bytes([255]) + packed[1:], NOW)]) == "old"


@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 400))
def test_a_damaged_member_is_as_one_that_is_not_there(noise: bytes, cut: int, put: int) -> None:
    new, whole = signed(OFFICE), signed(OFFICE).packed
    damaged = [noise, whole[:cut], whole + noise + b"x", whole[:11] + whole[15:], whole[:put] + b"" + whole[put + 4 :]]
    broken = [Member("broken", packed, NOW) for packed in damaged if packed != whole]
    assert joined(new, broken) in {None, "broken"}
    assert joined(new, [*broken, Member("sound", whole, NOW)]) is not None


def test_a_signature_of_another_length_is_damaged() -> None:
    whole = signed(OFFICE).packed
    for packed in (b"", whole[:5], whole[:-1], whole + b"x", whole[:11] + whole[15:]):
        assert joined(signed(OFFICE), [Member("broken", packed, NOW)]) is None


BILL = " 이 법안은 플랫폼 기업이 수수료 산정 기준을 공개하도록 하고, 어기면 매출의 3%까지 과징금을 물리는 내용이다. 업계는 영업 비밀이 드러난다며 반대해 왔다. 소상공인 단체는 늦었지만 필요한 조치라고 평가했다. 정부는 시행령에서 대상 기업의 규모를 정한다."
MERGER = " 두 회사는 지난해 11월 합병 계획을 발표했다. 합병 회사는 국내 음원 시장의 41%를 차지하게 된다. 경쟁사들은 요금이 오를 수 있다고 우려했다. 이용자는 두 서비스의 보관함을 그대로 쓸 수 있다."
BRIDGE = " 한빛대교는 2021년 착공해 총사업비 2천억 원이 든 길이 1.2km의 다리다. 상판을 받치는 강선에서 녹이 발견돼 지난해 두 차례 보강했다. 주민들은 정밀 진단을 거듭 요구해 왔다. 시공사는 설계대로 지었다고 맞서고 있다."
VIRUS = " 이 농장은 오리 3만 마리를 기르며 반경 10km 안에 농가 42곳이 있다. 방역 당국은 이동을 막고 소독 차량을 늘렸다. 올겨울 들어 야생 조류의 분변에서도 같은 형이 나왔다. 달걀값은 한 달 새 12% 올랐다."
ACTS = [
    (
        ("수수료 공개법, 상임위 통과", "플랫폼 수수료 공개법이 8일 국회 상임위원회를 통과했다." + BILL),
        ("수수료 공개법 본회의 통과…내년 시행", "플랫폼 수수료 공개법이 10일 국회 본회의를 통과했다." + BILL),
    ),
    (
        (
            "공정위, 보기뮤직·가람뮤직 합병 심사 착수",
            "공정거래위원회가 8일 보기뮤직과 가람뮤직의 합병 심사를 시작했다." + MERGER,
        ),
        ("가람뮤직 노조 “합병 반대” 총파업", "가람뮤직 노동조합이 10일 합병에 반대하며 총파업에 들어갔다." + MERGER),
    ),
    (
        (
            "한빛대교 상판 일부 붕괴…차량 2대 추락",
            "3일 오전 한빛대교 상판 일부가 무너져 차량 2대가 강으로 떨어졌다." + BRIDGE,
        ),
        ("경찰, 한빛대교 시공사 압수수색", "경찰이 5일 한빛대교를 지은 시공사 본사를 압수수색했다." + BRIDGE),
    ),
    (
        (
            "가람군 오리 농장서 조류인플루엔자 확진",
            "가람군 오리 농장에서 11일 고병원성 조류인플루엔자가 확진됐다." + VIRUS,
        ),
        (
            "가람군 이동 제한 해제…농가들 입식 재개",
            "가람군이 조류인플루엔자로 내렸던 이동 제한을 13일 모두 풀었다." + VIRUS,
        ),
    ),
]
"""Two acts of a matter, two days apart, over the same background."""


@pytest.mark.parametrize(("first", "second"), ACTS)
def test_the_next_act_is_told_however_much_of_the_background_it_repeats(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    later = NOW + timedelta(days=2)
    before = [member("first", first), member("first", first, at=NOW + timedelta(hours=1))]
    assert choose(signed(second), before, later) == StoryChoice(continues="first")
    both = [*before, member("second", second, at=later)]
    copy = signed((f"[속보] {second[0]}", f"(서울=한빛통신) 홍길동 기자 = {second[1]} ⓒ 한빛통신"))
    assert joined(copy, both, at=later + timedelta(hours=1)) == "second", (
        "refused by the first act, a copy finds its own"
    )
    assert joined(signed(first), both, at=later + timedelta(hours=1)) == "first"


@pytest.mark.parametrize(("first", "second"), ACTS)
def test_a_signature_of_the_version_before_says_nothing_of_acts_and_days(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    packed = signed(first).packed
    old = Member("old", b"\x01" + packed[1:-27], NOW)
    known = unpack(old.packed)
    assert (known.acts, known.days, known.terms) == (None, 0, unpack(packed).terms)
    assert joined(signed(first), [old], at=NOW + timedelta(days=2)) == "old", "no copy is a new act after an upgrade"
    lead = signed(second).lead
    of_nothing = replace(lead, acts=0, days=0)
    assert newness(lead, [known], known, 0) == newness(of_nothing, [unpack(packed)], unpack(packed), 0)


STORM = (
    "태풍 가온 북상…한빛도 전역 태풍 경보",
    "제3호 태풍 가온이 북상하면서 8일 한빛도 전역에 태풍 경보가 내려졌다. 한빛공항 항공편 80편이 결항했고 여객선도 모두 묶였다.",
)
SHELTER = (
    "“창문에 테이프부터” 한빛도 주민들 밤샘 대비",
    "태풍 가온을 앞둔 한빛도 주민들이 창문에 테이프를 붙이고 배를 묶으며 밤을 새웠다. 공항 대합실에는 결항으로 발이 묶인 여행객이 모포를 덮고 누웠다.",
)


def test_the_other_angle_of_the_last_hours_is_shown_beside_it_and_not_joined() -> None:
    known = [member("storm", STORM), member("chips", CHIPS)]
    soon, late = NOW + NEAR_WITHIN, NOW + NEAR_WITHIN + timedelta(minutes=1)
    assert choose(signed(SHELTER), known, soon) == StoryChoice(related="storm")
    assert choose(signed(SHELTER), known, late) == StoryChoice()
    assert choose(signed(STRIKE), known, soon) == StoryChoice()
