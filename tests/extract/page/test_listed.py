"""The headline and summary of a list always count; what a page says can only add."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.page.listed import beside
from monitor.model.article import Article, Entry
from tests.contracts.invented import NOW

URL = "https://paper.example/news/7001"
LONG = "서울 시내 한 호텔에서 열린 행사에는 업계 관계자 이백여 명이 참석했다. " * 12
STATED = {"title": "meta", "body": "generic", "published_at": "meta"}


def page(title: str, body: str = "", ways: dict[str, str] | None = None) -> Article:
    return Article(URL, URL, "paper", title, NOW, body=body, field_sources=ways or {})


def listed(title: str, summary: str = "", key: str = URL) -> Entry:
    return Entry(key, URL, title, summary)


NO_ARTICLES = {
    "not found": page("페이지를 찾을 수 없습니다", "요청하신 기사는 삭제되었거나 주소가 바뀌었습니다."),
    "robot check": page("Just a moment...", "www.example.kr needs to review the security of your connection."),
    "consent": page("쿠키 사용 동의", "저희와 제휴사는 기기에 정보를 저장하고 접근하기 위해 쿠키를 사용합니다. " * 8),
    "login": page("로그인 - 예시일보", "이 기사는 유료 회원 전용입니다. 로그인하신 뒤 이용해 주십시오."),
    "maintenance": page("서비스 점검 안내", "더 나은 서비스를 위해 02:00부터 06:00까지 점검합니다."),
    "script": page("예시일보", "이 사이트를 보려면 자바스크립트를 켜 주십시오."),
    "English notice": page("404 Not Found", "The requested URL was not found on this server."),
    "age check": page("연령 확인", "만 19세 이상만 볼 수 있는 게시물입니다."),
}
HEADLINES = [
    "딥시크, 한국 이용자 정보 유출 인정",
    "오픈AI 한국 지사장 선임",
    "[속보] 딥시크 소송 제기",
    "DeepSeek sued in Seoul",
]


@pytest.mark.parametrize("kind", NO_ARTICLES)
@pytest.mark.parametrize("headline", HEADLINES)
def test_what_is_no_article_never_takes_the_headlines_place(kind: str, headline: str) -> None:
    found = beside(NO_ARTICLES[kind], listed(headline, "요약이다."), URL)
    assert (found.title, found.body) == (headline, "요약이다.")
    assert "another" in found.field_sources["page"]


@pytest.mark.parametrize("summary", ["새 모델을 공개했다.", "오픈AI 새 모델 공개, 값은 그대로"])
def test_what_the_entry_gave_does_not_speak_for_the_page(summary: str) -> None:
    shell = page("예시일보", summary, {"title": "generic", "body": "entry"})
    assert beside(shell, listed("오픈AI 새 모델 공개", summary), URL).title == "오픈AI 새 모델 공개"


def test_a_front_page_is_none_however_much_it_says() -> None:
    front = page("예시일보", f"다른 기사 오픈AI 소식. {LONG}", STATED)
    assert beside(front, listed("딥시크 소송 제기"), "https://paper.example/").title == "딥시크 소송 제기"
    assert beside(front, listed("딥시크 소송 제기"), "https://paper.example/index.html").title == "딥시크 소송 제기"


def test_an_article_under_another_headline_keeps_both() -> None:
    found = beside(
        page("새 모델 나왔다", f"오픈AI가 새 모델을 냈다. {LONG}", STATED), listed("오픈AI 새 모델, 성능은?"), URL
    )
    assert (found.title, found.listed_title) == ("새 모델 나왔다", "오픈AI 새 모델, 성능은?")
    assert "page" not in found.field_sources


def test_a_whole_article_counts_although_it_says_nothing_of_the_headline() -> None:
    found = beside(page("Company news", LONG, STATED), listed("딥시크 소송 제기"), URL)
    assert (found.title, found.listed_title) == ("Company news", "딥시크 소송 제기")
    described = beside(page("다른 말", "본문이다.", {"body": "site"}), listed("딥시크 소송 제기"), URL)
    assert described.body == "본문이다."


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("오픈AI, 서울에 사무소 연다", "오픈AI가 서울에 사무소를 연다고 28일 밝혔다."),
        ("오픈AI, 서울에 사무소 …", "오픈AI가 서울에 사무소를 연다고..."),
        ("오픈AI,  서울에 사무소 연다", ""),
        ("", ""),
    ],
)
def test_what_the_page_says_too_stands_once(title: str, summary: str) -> None:
    told = page("오픈AI, 서울에 사무소 연다", "오픈AI가 서울에 사무소를 연다고 28일 밝혔다. 더 있다.")
    assert beside(told, listed(title, summary), URL) is told


def test_a_summary_that_says_more_is_kept() -> None:
    told = page("오픈AI, 서울에 사무소 연다", "오픈AI가 서울에 사무소를 연다.")
    found = beside(told, listed("오픈AI, 서울에 사무소 연다", "스타게이트 투자도 논의한다."), URL)
    assert (found.listed_title, found.listed_summary) == ("", "스타게이트 투자도 논의한다.")


def test_a_page_that_several_items_share_is_that_of_its_own_headline_alone() -> None:
    live = page("실시간 속보", f"오픈AI 새 모델. 딥시크 소송. {LONG}", STATED)
    assert beside(live, listed("[속보] 딥시크 미국 소송", key=f"{URL}#ab"), URL).body == ""
    assert beside(live, listed("실시간 속보", key=f"{URL}#ab"), URL).body == live.body


@given(
    st.text(max_size=60),
    st.text(max_size=60),
    st.text(max_size=60),
    st.text(max_size=200),
    st.sampled_from([{}, STATED]),
)
def test_the_words_of_the_list_are_always_there(
    title: str, summary: str, shown: str, body: str, ways: dict[str, str]
) -> None:
    found = beside(page(shown, body, ways), listed(title, summary), URL)
    text = " ".join(" ".join(part.split()) for part in found.fields().values()).casefold()
    for stated in (title, summary):
        for word in stated.split():
            if word.isalnum() and word.isascii():
                assert word.casefold() in text
