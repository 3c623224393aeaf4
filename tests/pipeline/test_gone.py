"""Was an article removed: pages that say so, and pages that do not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.model.article import Article
from monitor.pipeline.gone import CONFIRM, CONFIRM_FRONT, is_of_site, says_gone, told_after
from tests.pipeline.app import START

URL = "https://paper.example/news/view/1002"
TITLE = "오픈AI, 서울에 사무소를 연다"
BODY = "오픈AI가 서울에 사무소를 연다고 5일 밝혔다. 직원은 열 명으로 시작한다고 한다."
STORED = Article("k", URL, "paper", TITLE, START, body=BODY)
FURNITURE = "<nav>정치 경제 사회 문화 국제 스포츠 연예 날씨 지역 오피니언</nav>" * 12


@pytest.mark.parametrize(
    "page",
    [
        "<script>alert('삭제된 기사입니다.');history.back();</script>",
        '<script>alert("존재하지 않는 기사입니다."); location.href="/";</script>',
        "<h1>알림</h1><p>해당 기사는 언론사의 요청으로 삭제되었습니다.</p>",
        "<p>요청하신 페이지를 찾을 수 없습니다.</p>",
        f"{FURNITURE}<p>삭제되었거나 존재하지 않는 기사입니다.</p>",
        f"{FURNITURE}<p>The article you requested could not be found.</p>",
        "<p>This story is no longer available.</p>",
        "<p>페이지가 존재하지 않습니다</p>",
    ],
)
def test_a_page_that_says_so(page: str) -> None:
    assert says_gone(page, URL, STORED)


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<title>로그인</title><p>회원만 볼 수 있는 기사입니다.</p>",
        "<p>Checking your browser before accessing paper.example.</p>",
        "<p>점검 중입니다.</p>",
        "<p>삭제된 댓글입니다.</p>",
        f"{FURNITURE}<script>var m = '존재하지 않는 기사입니다.';</script><p>구독자 전용 콘텐츠입니다.</p>",
        f"<h1>{TITLE}</h1><p>{BODY}</p><p>삭제된 기사입니다.</p>",
        f"<h1>{TITLE}</h1><p>이 기사의 전문은 구독자만 볼 수 있습니다. 삭제된 기사입니다.</p>",
        "<p>서버가 요청을 처리할 수 없습니다. 잠시 후 다시 시도해 주세요.</p>",
        "<p>Access denied. You have been blocked.</p>",
    ],
)
def test_a_page_that_does_not(page: str) -> None:
    assert not says_gone(page, URL, STORED)


@pytest.mark.parametrize(
    ("arrived_at", "page", "gone"),
    [
        ("https://paper.example/", FURNITURE, True),
        ("https://paper.example/index.html", f"{FURNITURE}<a>{TITLE}</a>", True),
        ("https://paper.example/", f"<p>{BODY}</p>", False),
        ("https://paper.example/member/login?back=1", FURNITURE, False),
        ("https://m.paper.example/news/view/1002", FURNITURE, False),
    ],
)
def test_an_end_on_the_front_page(arrived_at: str, page: str, *, gone: bool) -> None:
    assert says_gone(page, arrived_at, STORED) is gone


@pytest.mark.parametrize(
    ("there", "fresh", "wait"), [(0, False, CONFIRM_FRONT), (1, False, CONFIRM), (0, True, CONFIRM)]
)
def test_what_nothing_else_tells_from_a_broken_site_has_to_be_gone_for_longer(
    there: int, *, fresh: bool, wait: timedelta
) -> None:
    assert told_after(CONFIRM, there, fresh=fresh) == wait
    assert told_after(CONFIRM_FRONT, there, fresh=fresh) == CONFIRM_FRONT


@pytest.mark.parametrize(
    ("gone", "there", "fresh", "site"),
    [
        (0, 0, False, False),
        (1, 0, False, True),
        (1, 1, False, False),
        (1, 0, True, False),
        (3, 2, True, True),
        (3, 3, False, False),
        (9, 0, True, True),
    ],
)
def test_many_at_once_are_the_site(gone: int, there: int, *, fresh: bool, site: bool) -> None:
    assert is_of_site(gone, there, fresh=fresh) is site


def test_a_hostile_page_costs_little() -> None:
    for page in (
        "<" * 200_000,
        "삭제된 " * 50_000,
        "<script" * 30_000,
        "article " * 25_000 + "x",
        "기사는 가 나 " * 20_000,
    ):
        assert not says_gone(page, URL, STORED)
