from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.definitions.catalog import sites
from monitor.extract.definitions.site import Site
from monitor.extract.page.listing import MOST, read_list
from monitor.model.article import Entry
from monitor.model.errors import ExtractError
from tests.extract.papers import list_page

NOW = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)
LIST = "https://www.mediapen.com/news/lists/?menu=2&cate_cd1="
ITEMS = (
    (978113, "한빛전자, 새 연구소 문 연다"),
    (978110, "둘째  기사의   제목 "),
    (978111, "셋째 '작은' \"큰\" 따옴표‧가운뎃점"),
    (978112, "넷째 기사…끝나지 않은 이야기"),
    (978108, "다섯째 기사"),
)


def _site() -> Site:
    return sites()["mediapen"]


def _read(html: str, url: str = LIST, site: Site | None = None) -> tuple[Entry, ...]:
    return read_list(html, url, site or _site(), "Asia/Seoul", NOW)


def _titles(html: str) -> dict[str, str]:
    return {entry.url.rpartition("/")[2]: entry.title for entry in _read(html)}


def test_all_traps_of_the_front_page() -> None:
    assert _titles(list_page(ITEMS)) == {
        "978113": "한빛전자, 새 연구소 문 연다",
        "978110": "둘째 기사의 제목",
        "978111": "셋째 '작은' \"큰\" 따옴표‧가운뎃점",
        "978112": "넷째 기사…끝나지 않은 이야기",
        "978108": "다섯째 기사",
        "978114": "[속보] 바다 위 서버‧첫 가동…",
        "978115": "문서 끝난 뒤의 기사",
    }


def test_entries_stand_in_page_order_and_carry_the_canonical_url() -> None:
    entries = _read(list_page(ITEMS))
    assert [entry.url for entry in entries[:2]] == [
        "https://www.mediapen.com/news/view/978113",
        "https://www.mediapen.com/news/view/978110",
    ]
    assert all(entry.key == entry.url for entry in entries)


def test_on_another_host_the_page_itself_says_where_to_fetch() -> None:
    host = "http://127.0.0.1:8081"
    entries = _read(list_page(ITEMS, host), f"{host}/news/lists/")
    assert entries[0].url == f"{host}/news/view/978113"
    assert f"{host}/news/view/978115" in {entry.url for entry in entries}  # the AMP twin's own page


@pytest.mark.parametrize(
    ("anchors", "title"),
    [
        ('<a href="{u}"><img src="a.jpg"></a><a href="{u}">제목</a>', "제목"),
        ('<a href="{u}">제목</a><a href="{u}">제목보다 긴 첫 글이 이어지다가 잘린다...</a>', "제목"),
        ('<a href="{u}">제목</a><a href="{u}">제목보다 긴 첫 글이 이어지다가 잘린다…</a>', "제목"),
        ('<a href="{u}">잘린 제목…</a><a href="{u}">잘리지 않은 온전한 제목</a>', "잘리지 않은 온전한 제목"),
        ('<a href="{u}">잘린 제목…</a><a href="{u}">그리고 이어지는 첫 글도 끝에서 잘린다...</a>', "잘린 제목…"),
        ('<a href="{u}">제목</a><a href="{u}">' + "온전한 첫 글이 아주 길다. " * 12 + "</a>", "제목"),
        ('<a href="{u}">짧다</a><a href="{u}">조금 더 긴 제목</a>', "조금 더 긴 제목"),
        (
            '<a href="{u}">제목</a><div class="list_title3"><a href="{u}">잘리지 않은 첫 글은 제목이 아니다</a></div>',
            "제목",
        ),
        ('<a href="{u}"><font color=red>[속보]</font> 제목</a>', "[속보] 제목"),
        ('<a href="{u}"><h3>제목</h3><p>첫 글</p></a>', "제목"),
        ('<a href="{u}">제목<br>2026-03-18 17:05</a>', "제목"),
        ('<a href="{u}">제목\n  2026-03-18 17:05</a>', "제목"),
        ('<a href="{u}"></a>', ""),
    ],
)
def test_the_title_is_the_headline(anchors: str, title: str) -> None:
    (entry,) = _read(anchors.replace("{u}", "/news/view/978113"))
    assert entry.title == title


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("제목<br>2026-03-18 17:05", datetime(2026, 3, 18, 8, 5, tzinfo=UTC)),
        ("제목 [2026.03.18 17:05:30]", datetime(2026, 3, 18, 8, 5, 30, tzinfo=UTC)),
        ("제목 2026-03-17", datetime(2026, 3, 16, 15, 0, tzinfo=UTC)),
        ("제목 2030-01-01 10:00", None),
        ("제목", None),
    ],
)
def test_a_time_in_the_anchor_is_the_publish_time(text: str, published: datetime | None) -> None:
    (entry,) = _read(f'<a href="/news/view/978113">{text}</a>')
    assert (entry.title, entry.published_at) == ("제목", published)


@pytest.mark.parametrize(
    "href",
    [
        "/news/view/978113",
        "http://www.mediapen.com/news/view/978113",
        "https://mediapen.com/news/view/978113?menu=2",
        "http://m.mediapen.com/news/view/978113",
        "/newsamp/view/978113/",
        "//www.mediapen.com/news/view/978113#c",
    ],
)
def test_every_form_of_link_is_one_article(href: str) -> None:
    (entry,) = _read(f'<a href="{href}">제목</a><a href="/news/view/978113">제목</a>')
    assert entry.url == "https://www.mediapen.com/news/view/978113"


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<html><body>점검 중입니다</body></html>",
        '<a href="#">머리기사</a>',
        '<a href="/news/lists?series_cd=20038">연재</a>',
        '<!-- <a href="/news/view/978113">주석</a> -->',
        '<a href="https://www.newspim.com/news/view/20260318000123">남의 기사</a>',
        '<a href="https://www.newspim.com/news/view/978113">남의 기사</a>',
        '<a href="http://[bad/news/view/978113">깨진 링크</a>',
        "<a href=\"javascript:go('/news/view/978113')\">스크립트</a>",
    ],
)
def test_a_list_without_articles_is_a_failure(html: str) -> None:
    with pytest.raises(ExtractError):
        _read(html)


def test_an_old_number_is_news_when_the_median_cannot_tell() -> None:
    anchors = "".join(f'<a href="/news/view/{n}">제목 {n}</a>' for n in (978113, 978112, 312140))
    assert len(_read(anchors)) == 3


def test_base_href_is_honoured() -> None:
    html = '<base href="https://www.mediapen.com/"><a href="news/view/978113">제목</a>'
    assert _read(html)[0].url == "https://www.mediapen.com/news/view/978113"


def test_ndsoft_keeps_its_own_host() -> None:
    html = (
        '<section id="section-list"><ul class="type2"><li><h4 class="titles">'
        '<a href="/news/articleView.html?idxno=167000">제목</a></h4><p class="lead">'
        '<a href="/news/articleView.html?idxno=167000">첫 글이 길게 이어지지만 제목은 아니다</a></p></li>'
        '<li><a href="/news/articleView.html?page=2&amp;idxno=166999">둘째</a></li></ul></section>'
    )
    first, second = _read(html, "https://www.aitimes.com/news/articleList.html", sites()["ndsoft"])
    assert (first.title, first.url) == ("제목", "https://www.aitimes.com/news/articleView.html?idxno=167000")
    assert first.key == "https://aitimes.com/news/articleView.html?idxno=167000"
    assert second.url == "https://www.aitimes.com/news/articleView.html?idxno=166999"


def _generic(html: str) -> list[tuple[str, str]]:
    return [(entry.url, entry.title) for entry in read_list(html, "https://ex.kr/list", None, "Asia/Seoul", NOW)]


def test_without_a_definition_links_that_look_like_articles_count() -> None:
    html = (
        '<a href="/">처음으로 돌아가는 긴 링크</a><a href="/politics">정치 면으로 가는 긴 링크</a>'
        '<a href="/article/20260318001">숫자로 된 기사의 제목이다</a><a href="/read?id=123456&utm_source=x#c">물음표 뒤 숫자 기사 제목</a>'
        '<a href="/2026/03/new-lab-opens-at-sea">A slug that is long enough</a>'
        '<a href="https://other.kr/article/20260318001">남의 집 기사 제목은 아니다</a>'
        '<a href="/article/20260318002">더보기</a>'
    )
    assert _generic(html) == [
        ("https://ex.kr/article/20260318001", "숫자로 된 기사의 제목이다"),
        ("https://ex.kr/read?id=123456&utm_source=x", "물음표 뒤 숫자 기사 제목"),
        ("https://ex.kr/2026/03/new-lab-opens-at-sea", "A slug that is long enough"),
    ]


def test_the_count_of_entries_is_bounded() -> None:
    html = "".join(f'<a href="/news/view/{n}">제목 {n}</a>' for n in range(970_000, 972_500))
    assert len(_read(html)) == MOST


def test_a_hostile_list_is_refused() -> None:
    with pytest.raises(ExtractError, match="nested"):
        _read("<div>" * 20_000)


@given(
    st.lists(
        st.tuples(st.integers(960_000, 964_999), st.text(alphabet="가나다 .…<b>&", max_size=30)),
        min_size=1,
        max_size=12,
    )
)
def test_every_linked_number_is_one_entry(rows: list[tuple[int, str]]) -> None:
    html = "".join(f'<p><a href="/news/view/{number}">{text}</a></p>' for number, text in rows)
    entries = _read(html)
    assert [entry.url.rpartition("/")[2] for entry in entries] == [
        str(n) for n in dict.fromkeys(number for number, _ in rows)
    ]
