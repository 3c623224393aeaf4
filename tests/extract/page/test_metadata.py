from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.extract.definitions.catalog import sites
from monitor.extract.definitions.site import Site
from monitor.extract.page import metadata
from monitor.extract.page.parsed_page import ParsedPage, parse_page

NOW = datetime(2025, 2, 5, 9, 0, tzinfo=UTC)
URL = "https://www.mediapen.com/news/view/978113"
PUBLISHED = datetime(2025, 2, 5, 5, 21, 33, tzinfo=UTC)


def _parsed(html: str, site: Site | None = None) -> ParsedPage:
    return parse_page(html, URL, site, "Asia/Seoul", NOW)


def _authors(page: ParsedPage, lines: list[str], signed: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    return metadata.authors(page, lines, signed, metadata.stated_authors(page))


def _mediapen(html: str) -> ParsedPage:
    return _parsed(html, sites()["mediapen"])


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<meta property="og:title" content="메타"><h1>큰 제목</h1>', ("메타", "meta")),
        ('<meta property="og:title" content=""><h1>큰 제목</h1>', ("큰 제목", "site")),
        ('<meta property="og:title" content="제목 - 미디어펜">', ("제목", "meta")),
        ('<meta property="og:title" content="제목 | mediapen">', ("제목", "meta")),
        ("<title>시장의 길을 묻다 - 미디어펜</title>", ("시장의 길을 묻다", "generic")),
        ("<title>미디어펜</title>", ("미디어펜", "generic")),
        ("<p>글</p>", ("", "")),
    ],
)
def test_title(html: str, found: tuple[str, str]) -> None:
    assert metadata.title(_mediapen(html)) == found


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (
            '<div class="article-top"><div class="date-repoter">2025-02-05 14:21:33 | 이승규 기자</div></div>',
            (PUBLISHED, "site"),
        ),
        ('<div class="date-repoter">입력 2025-02-05 14:21:33 수정 2025-02-05 15:00:00</div>', (PUBLISHED, "site")),
        ('<a class="news_author">이승규 기자 2025-02-05 14:21:33</a>', (PUBLISHED, "site")),
        ('<div class="date-repoter">미정</div><time datetime="2025-02-05T05:21:33Z">', (PUBLISHED, "generic")),
        ('<meta property="article:published_time" content="2025-02-05T14:21:33+09:00">', (PUBLISHED, "meta")),
        ('<meta property="og:image" content="https://i/news_978113_1738732893_m.jpg">', (PUBLISHED, "image-clock")),
        ('<meta property="og:image" content="https://i/news_978113_m.jpg">', (None, "")),
        ('<meta property="article:modified_time" content="2025-02-05T14:21:33+09:00">', (None, "")),
        ('<div class="date-repoter">2026-02-05 14:21:33</div>', (None, "")),
    ],
)
def test_published(html: str, found: tuple[datetime | None, str]) -> None:
    assert metadata.published(_mediapen(html)) == found


def _ld(published: object) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": {json.dumps(published)}}}</script>'


def _meta(content: str, name: str = "article:published_time") -> str:
    return f'<meta property="{name}" content="{content}">'


NEW_YORK = datetime(2025, 2, 4, 19, 21, 33, tzinfo=UTC)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (_ld("2025-02-04T14:21:33") + _meta("2025-02-04T14:21:33-05:00"), (NEW_YORK, "meta")),
        (_ld("2025-02-04 14:21") + _meta("Tue, 04 Feb 2025 14:21:33 EST"), (NEW_YORK, "meta")),
        (_ld("2025-02-04T14:21:33") + _meta("x") + _meta("2025-02-04T14:21:33-0500", "date"), (NEW_YORK, "meta")),
        (_ld("2025-02-05T14:21:33") + _meta("2025-02-04T14:21:33-05:00"), (PUBLISHED, "jsonld")),
        (_ld("2025-02-05T14:21:33+09:00") + _meta("2025-02-05T14:21:33Z"), (PUBLISHED, "jsonld")),
        (_ld("2025-02-05T14:21:33") + _meta("2025-02-05T14:21:33"), (PUBLISHED, "jsonld")),
        (_ld("2025-02-05") + _meta("2025-02-05T14:21:33+09:00"), (PUBLISHED, "meta")),
        (_ld("2025-02-05") + _meta("2025-02-05 14:21:33"), (PUBLISHED, "meta")),
        (_ld("2025-02-03") + _meta("2025-02-05 14:21:33"), (datetime(2025, 2, 2, 15, tzinfo=UTC), "jsonld")),
        (_ld(1738732893), (PUBLISHED, "jsonld")),
        (_ld("1738732893000"), (PUBLISHED, "jsonld")),
        (_meta("1738732893"), (PUBLISHED, "meta")),
        (_meta("2738732893"), (None, "")),
    ],
)
def test_of_one_moment_said_twice_the_fuller_one_wins(html: str, found: tuple[datetime | None, str]) -> None:
    assert metadata.published(_parsed(html)) == found


@pytest.mark.parametrize(
    "name",
    [
        *("article:published:time", "article.published_time", "article-published-time", "og:published_time"),
        *("dcterms.issued", "DC.date.created", "published_at", "cXenseParse:recs:publishtime", "article:published"),
    ],
)
def test_names_of_the_publish_time(name: str) -> None:
    assert metadata.published(_parsed(_meta("2025-02-05T14:21:33+09:00", name))) == (PUBLISHED, "meta")


@pytest.mark.parametrize(
    "name", ["article:modified:time", "og:updated_time", "last-modified", "dc.date.modified", "expires"]
)
def test_no_other_time_is_the_publish_time(name: str) -> None:
    assert metadata.published(_parsed(_meta("2025-02-05T14:21:33+09:00", name))) == (None, "")


def test_modified() -> None:
    html = '<meta property="article:modified_time" content="2025-02-05 14:21:33">'
    assert metadata.modified(_parsed(html)) == (PUBLISHED, "meta")
    assert metadata.modified(_parsed("<p>수정 2025-02-05 14:21</p>")) == (None, "")


@pytest.mark.parametrize(
    ("lines", "signed", "found"),
    [
        (["[미디어펜=이승규 기자] 글이다."], (), (("이승규",), "site")),
        (["글이다.", "[미디어펜=김태우·백지현 기자]"], (), (("김태우", "백지현"), "site")),
        (["글이다.", "[미디어펜=이승규 인턴기자]"], (), (("이승규",), "site")),
        (["글이다."], ("홍길동",), (("홍길동",), "generic")),
        (["(서울=연합뉴스) 홍길동 기자 = 글이다."], (), (("홍길동",), "generic")),
        (["글이다."], (), ((), "")),
    ],
)
def test_authors(lines: list[str], signed: tuple[str, ...], found: tuple[tuple[str, ...], str]) -> None:
    assert _authors(_mediapen("<p>x</p>"), lines, signed) == found


def test_authors_of_a_selector() -> None:
    site = sites()["ndsoft"]
    html = '<div class="view-editors"><strong class="names">홍길동 기자</strong></div>'
    assert _authors(_parsed(html, site), ["글이다."], ()) == (("홍길동",), "site")
    assert _authors(_parsed(html, replace(site, author=())), ["글이다."], ()) == ((), "")


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<html lang="ko"><p>x</p>', ("ko", "meta")),
        ('<meta property="og:locale" content="ko_KR">', ("ko-KR", "meta")),
        ('<script type="application/ld+json">{"@type":"NewsArticle","inLanguage":"ko"}</script>', ("ko", "jsonld")),
        ("<p>x</p>", ("", "")),
    ],
)
def test_lang(html: str, found: tuple[str, str]) -> None:
    assert metadata.lang(_parsed(html)) == found


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<meta property="article:section" content="IT &amp; 과학">', ("IT & 과학", "meta")),
        (
            '<script type="application/ld+json">{"@type":"Article","articleSection":["경제","IT"]}</script>',
            ("경제", "jsonld"),
        ),
        ("<p>x</p>", ("", "")),
    ],
)
def test_section(html: str, found: tuple[str, str]) -> None:
    assert metadata.section(_parsed(html)) == found


LD = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "찾기 쉬운 제목", "publisher": {"name": "남해소식"}}</script>'


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (f'{LD}<meta property="og:title" content="보이는 제목"><h1>보이는 제목</h1>', ("보이는 제목", "meta")),
        (
            f'{LD}<meta property="og:title" content="보이는 제목 - 남해소식"><h1>보이는 제목</h1>',
            ("보이는 제목", "meta"),
        ),
        (f'{LD}<meta property="og:title" content="보이는 제목 | 어디든"><h1>보이는 제목</h1>', ("보이는 제목", "meta")),
        (f'{LD}<meta property="og:title" content="보이는 제목"><h1>다른 제목</h1>', ("찾기 쉬운 제목", "jsonld")),
        (f"{LD}<h1>보이는 제목</h1>", ("찾기 쉬운 제목", "jsonld")),
    ],
)
def test_a_title_that_readers_see_wins_over_one_for_search_engines(html: str, found: tuple[str, str]) -> None:
    assert metadata.title(_parsed(html)) == found


@pytest.mark.parametrize(
    "stated",
    [
        "시장의 길을 묻다 - Example.kr",
        "시장의 길을 묻다 | news.example.co.kr",
        "시장의 길을 묻다 | 보기신문",
        "시장의 길을 묻다 :: 보기신문",
        "시장의 길을 묻다 · 보기일보",
        "시장의 길을 묻다 » 보기저널",
        "시장의 길을 묻다 ㅣ 남해일보",
        "시장의 길을 묻다 | 경제",
        "시장의 길을 묻다 | 경제 | 보기신문",
        "시장의 길을 묻다 - mediapen",
        "시장의 길을 묻다 - 보기신문",
        "시장의 길을 묻다 : 남해투데이",
    ],
)
def test_an_outlet_or_section_is_no_part_of_a_title(stated: str) -> None:
    assert metadata.title(_parsed(f'<meta property="og:title" content="{stated}">'))[0] == "시장의 길을 묻다"
    assert metadata.title(_parsed(f"<title>{stated}</title>"))[0] == "시장의 길을 묻다"


@pytest.mark.parametrize(
    "stated",
    [
        "삼성 - 경제",
        "오늘의 말 : 가짜뉴스",
        "새 연구소 | 바다로 간 서버",
        "한빛전자 - 남해의 신문",
        "AI | 반도체",
        "| 경제",
    ],
)
def test_what_may_be_part_of_a_title_stays(stated: str) -> None:
    assert metadata.title(_parsed(f'<meta property="og:title" content="{stated}">'))[0] == stated


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<div class=byline>김하늘 기자</div>", ("김하늘",)),
        ("<div class=byline>By Kim Haneul and Lee Bada | Mar 9, 2026</div>", ("Kim Haneul", "Lee Bada")),
        ("<span itemprop=author>김하늘</span>", ("김하늘",)),
        ("<div itemprop=author><img><b itemprop=name>이바다</b><i>산업부</i></div>", ("이바다",)),
        ('<a rel=author href="/a">김하늘</a><a rel=author href="/b">이바다</a>', ("김하늘", "이바다")),
        ("<div class=byline>보기신문 편집국</div>", ()),
        ("<p class=writer>김하늘 특파원</p>", ("김하늘",)),
        ("<div class=reporter><span>이바다</span> 기자</div>", ("이바다",)),
        ("<div class=view_byline><em>박가람 선임기자</em></div>", ("박가람",)),
        ("<div class=reporter>제보를 기다립니다</div>", ()),
        ("<div class=byline>Staff Writer</div>", ()),
        ("<div class=byline>By SOUTH POST STAFF</div>", ()),
        ("<div class=byline>by Kim Haneul — Monday, November 18</div>", ("Kim Haneul",)),
        ("<div class=byline>mediapen</div>", ()),
    ],
)
def test_authors_that_the_page_shows(html: str, names: tuple[str, ...]) -> None:
    assert _authors(_parsed(html), [], ()) == (names, "generic" if names else "")
