"""What a paper says behind its articles of itself, its readers and its writers is no part of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.page.afterwords import is_afterword
from monitor.extract.page.tails import trim

PROSE = "회사는 내년 봄에 첫 서버를 돌린다고 밝혔다."
WRITERS = ("김하늘", "Kim Haneul")
AFTERWORDS = [
    "구독자에게는 매일 아침 주요 소식을 메일로 보내 드립니다. 지금 신청하세요.",
    "경제 뉴스레터를 매주 화요일에 받아 보세요",
    "카카오톡 채널에서도 저희 소식을 만나요!",
    "이 기사는 통신사 자료를 바탕으로 작성했습니다.",
    "본 콘텐츠는 기업의 지원을 받아 제작되었습니다.",
    "※ 이 글은 필자의 의견이며 본지의 방향과 다를 수 있음을 알려 드립니다. 구독은 여기서 하세요",
    "김하늘은 10년째 반도체를 취재해 온 산업부 기자다. 저서로 “칩의 시간”이 있다.",
    "김하늘 작가는 소설과 산문을 함께 쓰는 작가다.",
    "Our newsroom sends a daily letter. Sign up to get it every morning.",
    "Get the news in your inbox: subscribe to our morning briefing.",
    "This article was originally published by another paper and was edited for length.",
    "Kim Haneul is a reporter who covers chips and ships.",
]
PROSES = [
    PROSE,
    "쿠팡은 구독 서비스를 늘리고 있습니다.",
    "구독료를 올린 회사는 이용자에게 메일로 알렸다.",
    "이바다는 10년째 반도체를 취재해 온 산업부 기자다.",
    "김하늘은 그 자리에 없었다고 말했다.",
    "이 기사는 인공지능이 쓴 것으로 드러났다.",
    "The company said that users can sign in again.",
    "This article of the law was written in 1948 by men who had never seen a computer." + " It is long." * 20,
    "Lee Bada is a reporter who covers chips.",
]


@pytest.mark.parametrize("line", AFTERWORDS)
def test_a_word_behind_the_article_is_told(line: str) -> None:
    assert is_afterword(line, lambda: WRITERS)
    assert trim([PROSE, PROSE, line], WRITERS) == ([PROSE, PROSE], ())


@pytest.mark.parametrize("line", PROSES)
def test_what_speaks_of_the_matter_stays(line: str) -> None:
    assert not is_afterword(line, lambda: WRITERS)
    assert trim([PROSE, line], WRITERS)[0] == [PROSE, line]


def test_a_writer_is_known_by_a_signature_too() -> None:
    note = "이바다는 10년째 반도체를 취재해 온 산업부 기자다."
    assert trim([PROSE, note, "이바다 기자"]) == ([PROSE], ("이바다",))
    assert trim(["[보기신문=이바다 기자] 첫 문장이다.", PROSE, note])[0][-1] == PROSE


@given(st.lists(st.sampled_from([*AFTERWORDS, *PROSES]), min_size=1, max_size=9))
def test_nothing_is_taken_that_leaves_nothing(lines: list[str]) -> None:
    kept, _ = trim(lines, WRITERS)
    assert kept
    assert kept == lines[: len(kept)]
    last = max((at for at, line in enumerate(lines) if line in PROSES), default=0)
    assert len(kept) > last or lines[last] not in PROSES
