from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.definitions.catalog import sites
from monitor.extract.definitions.site import Drops, SelfCheck, Site
from monitor.extract.page.article_page import KnownEntry, extract, failures, from_entry, generic_text
from monitor.model.article import Article, Entry
from monitor.model.errors import ExtractError
from tests.extract.papers import INVENTED, RELATED, Story, ndsoft, seed_story, v1, v2, v3

NOW = datetime(2025, 2, 5, 9, 0, tzinfo=UTC)
URL = "https://www.mediapen.com/news/view/978113"
ENTRY = Entry(key=URL, url=URL, title="목록의 제목", summary="목록의 요약")
PUBLISHED = datetime(2025, 2, 5, 5, 21, 33, tzinfo=UTC)
PROSE = "회사는 바닷물로 서버를 식히는 방법을 시험하고 전기를 삼 할쯤 아낄 수 있을 것으로 본다고 5일 밝혔다."


def _read(html: str, site: str = "mediapen", entry: Entry = ENTRY) -> Article:
    return extract(html, KnownEntry(entry, "paper", NOW, entry.url), _site(site), "Asia/Seoul", NOW)


def _site(name: str) -> Site | None:
    return sites()[name] if name else None


def _bare(*texts: str) -> str:
    return "".join("".join(texts).split())


def _page(head: str = "", body: str = "") -> str:
    return f"<html><head>{head}</head><body>{body or f'<div><p>{PROSE}</p><p>{PROSE}</p></div>'}</body></html>"


def _ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle"} | fields)}</script>'


LAYOUTS = pytest.mark.parametrize("layout", [v1, v2, v3])


@LAYOUTS
def test_the_seed_article_comes_back_as_it_was_written(seed_text: str, layout: Callable[[Story], str]) -> None:
    story = seed_story(seed_text)
    article = _read(layout(story))
    assert article.title == story.title
    assert article.subtitle == story.subtitle
    assert _bare(*article.captions) == _bare(story.caption)
    assert _bare(article.body) == _bare(*story.paragraphs)
    assert article.authors == (story.byline.removeprefix("[미디어펜=").removesuffix(" 기자]"),)
    text = "\n".join(article.fields().values())
    assert [text.count(word) for word in ("딥시크", "오픈AI", "스타게이트")] == [10, 11, 3]


@LAYOUTS
def test_the_parts_of_a_page(layout: Callable[[Story], str]) -> None:
    article = _read(layout(INVENTED))
    assert article.body.split("\n") == list(INVENTED.paragraphs)
    assert article.captions == (INVENTED.caption,)
    assert (article.title, article.subtitle) == (INVENTED.title, INVENTED.subtitle)
    assert (article.key, article.url, article.source_id, article.first_seen_at) == (URL, URL, "paper", NOW)
    assert (article.lang, article.canonical_url) == ("ko", URL)
    assert RELATED not in "".join(article.fields().values())
    assert "광고" not in article.body


@pytest.mark.parametrize(
    ("layout", "published", "field_sources"),
    [
        (v1, PUBLISHED, "site"),
        (v2, datetime.fromtimestamp(INVENTED.unix, UTC), "image-clock"),
        (v3, PUBLISHED, "jsonld"),
    ],
)
def test_the_clock_that_won_is_named(layout: Callable[[Story], str], published: datetime, field_sources: str) -> None:
    article = _read(layout(INVENTED))
    assert (article.published_at, article.field_sources["published_at"]) == (published, field_sources)


def test_every_field_names_its_way() -> None:
    assert _read(v1(INVENTED)).field_sources == {
        "title": "meta",
        "subtitle": "site",
        "published_at": "site",
        "body": "site",
        "captions": "site",
        "authors": "site",
        "lang": "meta",
        "canonical_url": "meta",
        "check": "body: 179 of 200 characters",
    }


def test_the_time_of_the_entry_comes_before_an_image_clock() -> None:
    listed = datetime(2025, 2, 5, 5, 20, tzinfo=UTC)
    article = _read(v2(INVENTED), entry=replace(ENTRY, published_at=listed))
    assert (article.published_at, article.field_sources["published_at"]) == (listed, "entry")


def test_an_image_clock_of_the_future_is_refused() -> None:
    article = _read(v2(replace(INVENTED, unix=1900000000)))
    assert article.published_at is None
    assert "published_at" not in article.field_sources


def test_a_time_of_change_is_never_the_publish_time() -> None:
    article = _read(_page(_ld(headline="제목", dateModified="2025-02-05T15:00:00+09:00")), site="")
    assert article.published_at is None
    assert article.modified_at == datetime(2025, 2, 5, 6, 0, tzinfo=UTC)


def test_ndsoft() -> None:
    article = _read(ndsoft(INVENTED), site="ndsoft")
    assert article.body.split("\n") == list(INVENTED.paragraphs)
    assert article.captions == (INVENTED.caption,)
    assert (article.title, article.subtitle) == (INVENTED.title, INVENTED.subtitle)
    assert (article.published_at, article.authors, article.section) == (PUBLISHED, ("이승규",), "산업")
    assert "기계가" not in article.body


def test_ndsoft_without_its_heading_takes_the_meta_title_without_the_outlet() -> None:
    assert _read(ndsoft(INVENTED).replace("heading", "head"), site="ndsoft").title == INVENTED.title


# When the layout drifts


def test_a_renamed_date_leaves_the_image_clock() -> None:
    article = _read(v1(INVENTED).replace("date-repoter", "date-reporter"))
    assert article.field_sources["published_at"] == "image-clock"


def test_an_empty_og_title_is_no_title() -> None:
    html = v1(INVENTED).replace('property="og:title" content="', 'property="og:title" content="" data-x="')
    article = _read(html)
    assert (article.title, article.field_sources["title"]) == (INVENTED.title, "site")


def test_a_renamed_body_falls_back_to_the_densest_block() -> None:
    story = replace(INVENTED, paragraphs=(INVENTED.paragraphs[0], *(f"{PROSE} {n}" for n in range(8))))
    article = _read(v1(story).replace('id="articleBody"', 'id="textBody"'))
    assert article.field_sources["body"] == "generic"
    assert PROSE in article.body


@pytest.mark.parametrize(
    "html",
    [
        "",
        "  \n ",
        "<html><head><title>미디어펜</title></head><body><h1>점검 중입니다</h1><p>더 나은 서비스를 위해 점검하고 있습니다.</p></body></html>",
        "<html><body></body></html>",
        "<div>" * 20_000,
    ],
)
def test_what_is_no_article_is_refused(html: str) -> None:
    with pytest.raises(ExtractError) as caught:
        _read(html)
    assert caught.value.url == URL


def test_a_flash_has_hardly_a_body() -> None:
    html = '<meta property="og:title" content="[속보] 문 열어"><div id="articleBody">[미디어펜=이승규 기자]</div>'
    article = _read(html)
    assert (article.title, article.authors, article.body) == ("[속보] 문 열어", ("이승규",), "목록의 요약")
    assert article.field_sources["body"] == "entry"


# Without a definition


def test_json_ld_comes_before_meta_tags() -> None:
    head = (
        _ld(
            headline="이름난 제목",
            datePublished="2025-02-05T14:21:33",
            author={"name": "홍길동 기자"},
            articleSection="IT",
        )
        + '<meta property="og:title" content="다른 제목"><meta property="article:published_time" content="2025-02-05T10:00:00+09:00">'
        '<meta name="author" content="김철수">'
    )
    article = _read(_page(head), site="")
    assert (article.title, article.published_at, article.authors, article.section) == (
        "이름난 제목",
        PUBLISHED,
        ("홍길동",),
        "IT",
    )
    assert {article.field_sources[field] for field in ("title", "published_at", "authors", "section")} == {"jsonld"}
    assert article.field_sources["body"] == "generic"


def test_meta_tags_come_before_guesses() -> None:
    head = (
        '<meta property="og:title" content="메타 제목"><meta property="article:published_time" content="2025-02-05 14:21:33">'
        '<meta name="author" content="홍길동 기자 gil@ex.kr"><title>쪽 제목 - 매체</title>'
    )
    article = _read(_page(head, f"<h1>큰 제목</h1><div><p>{PROSE}</p></div>"), site="")
    assert (article.title, article.published_at, article.authors) == ("메타 제목", PUBLISHED, ("홍길동",))


@pytest.mark.parametrize(
    ("body", "published"),
    [
        ('<time datetime="2025-02-05T14:21:33+09:00">어제</time>', PUBLISHED),
        ('<span itemprop="datePublished">2025-02-05 14:21:33</span>', PUBLISHED),
        ("<p>입력 2025.02.05 14:21:33 | 수정 2025.02.05 15:00</p>", PUBLISHED),
        ("<dl><dt>승인</dt><dd>2025-02-05 14:21:33</dd></dl>", PUBLISHED),
        ("<p>수정 2025.02.05 15:00</p>", None),
        ("<p>2030년 5월 3일까지 짓는다</p>", None),
    ],
)
def test_times_that_only_the_text_shows(body: str, published: datetime | None) -> None:
    article = _read(_page("<title>제목이다</title>", f"{body}<div><p>{PROSE}</p></div>"), site="")
    assert article.published_at == published


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>새 연구소 문 연다 - 시험일보</title>", "새 연구소 문 연다"),
        ("<title>새 연구소 문 연다 | 시험일보</title>", "새 연구소 문 연다"),
        ("<title>새 연구소 문 연다</title>", "새 연구소 문 연다"),
        (
            '<meta property="og:site_name" content="시험일보"><meta property="og:title" content="새 연구소 - 시험일보">',
            "새 연구소",
        ),
        (
            '<meta property="og:site_name" content="시험일보"><meta property="og:title" content="새 연구소 문 연다-정치ㅣ시험일보">',
            "새 연구소 문 연다",
        ),
        ('<meta property="og:title" content="바다로 - 서버">', "바다로 - 서버"),
        ('<meta property="og:title" content="SK E&amp;amp;S  합병">', "SK E&S 합병"),
        ('<meta property="og:title" content="  ">', "목록의 제목"),
        ("", "목록의 제목"),
    ],
)
def test_titles(head: str, title: str) -> None:
    assert _read(_page(head), site="").title == title


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ('<link rel="canonical" href="https://www.mediapen.com/news/view/978113">', URL),
        ('<link rel="canonical" href="/news/view/978113">', URL),
        (
            '<meta property="og:url" content="https://mediapen.com/news/view/978113">',
            "https://mediapen.com/news/view/978113",
        ),
        ('<link rel="canonical" href="https://other.kr/news/1">', ""),
        ('<link rel="canonical" href="https://www.mediapen.com/">', ""),
        ('<link rel="canonical" href="http://[bad">', ""),
        ('<link rel="canonical" href="javascript:x">', ""),
    ],
)
def test_canonical(head: str, canonical: str) -> None:
    assert _read(_page(head), site="").canonical_url == canonical


@pytest.mark.parametrize(
    ("stated", "authors"),
    [
        (["홍길동", "김철수"], ("홍길동", "김철수")),
        ("홍길동, 김철수", ("홍길동", "김철수")),
        ([{"name": "홍길동 기자"}, {"name": "홍길동"}], ("홍길동",)),
        ({"name": "시험일보"}, ("목록이",)),  # the paper is nobody: the entry's author stays
        ({"name": "https://ex.kr/1"}, ("목록이",)),
        ({"name": "Jane Doe"}, ("Jane Doe",)),
    ],
)
def test_authors(stated: object, authors: tuple[str, ...]) -> None:
    head = '<meta property="og:site_name" content="시험일보">' + _ld(author=stated)
    assert _read(_page(head), site="", entry=replace(ENTRY, author="목록이 기자")).authors == authors


def test_a_signature_gives_the_author_and_leaves_the_body() -> None:
    article = _read(_page(body=f"<div><p>{PROSE}</p><p>{PROSE}</p><p>홍길동 기자 gil@ex.kr</p></div>"), site="")
    assert (article.authors, article.field_sources["authors"]) == (("홍길동",), "generic")
    assert article.body == f"{PROSE}\n{PROSE}"


def test_a_body_that_only_json_ld_holds() -> None:
    second = PROSE.replace("회사", "연구소")
    article = _read(_page(_ld(articleBody=f"{PROSE}\n\n{second}"), "<div id='app'>읽는 중</div>"), site="")
    assert (article.body, article.field_sources["body"]) == (f"{PROSE}\n{second}", "jsonld")


def test_an_empty_shell_leaves_what_the_entry_told() -> None:
    article = _read(_page("<title>신문</title>", "<div id='app'></div>"), site="")
    assert (article.body, article.field_sources["body"]) == ("목록의 요약", "entry")


def test_from_entry() -> None:
    entry = replace(ENTRY, author="홍길동 기자", published_at=PUBLISHED)
    article = from_entry(entry, "paper", NOW)
    assert (article.title, article.body, article.authors) == ("목록의 제목", "목록의 요약", ("홍길동",))
    assert (article.published_at, article.first_seen_at, article.key) == (PUBLISHED, NOW, URL)
    assert article.field_sources == {"title": "entry", "body": "entry", "authors": "entry", "published_at": "entry"}
    assert from_entry(Entry(URL, URL), "paper", NOW).field_sources == {}


def test_generic_text_leaves_navigation_out() -> None:
    html = _page(
        body=f"<nav><p>{'차림표 글 ' * 30}</p></nav><div><p>{PROSE}</p><p>{PROSE}</p></div><footer><p>{'바닥글 ' * 30}</p></footer>"
    )
    assert generic_text(html, URL) == f"{PROSE}\n{PROSE}"


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        article = _read(text, site="")
    except ExtractError:
        return
    assert article.title


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<div id=articleBody>",
                "</div>",
                PROSE,
                "<br>",
                "▲ 사진",
                "<h1>",
                "</h1>",
                "<a>",
                "<table><td>",
            ]
        )
    )
)
def test_any_markup_is_read_or_refused(parts: list[str]) -> None:
    try:
        article = _read("".join(parts))
    except ExtractError:
        return
    assert all(line.strip() for line in article.body.split("\n") if article.body)


def test_the_generic_reader_says_how_sure_it_is() -> None:
    article = _read(_page(body=f"<article>{''.join(f'<p>{PROSE} {n}째다.</p>' for n in range(9))}</article>"), site="")
    assert (article.field_sources["body"], article.field_sources["confidence"]) == ("generic", "1.00")
    assert float(_read(_page(), site="").field_sources["confidence"]) < 1
    assert "confidence" not in _read(v1(INVENTED)).field_sources


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (SelfCheck(), ()),
        (SelfCheck(body=10, needs=("title", "published_at")), ()),
        (
            SelfCheck(body=1_000, needs=("title", "modified_at", "section")),
            ("body: 179 of 1000 characters", "no modified_at", "no section"),
        ),
    ],
)
def test_the_self_check_says_what_is_missing(check: SelfCheck, told: tuple[str, ...]) -> None:
    article = _read(v1(INVENTED))
    assert failures(article, replace(sites()["mediapen"], check=check)) == told
    assert failures(article, None) == ()


def test_what_the_definition_points_at_is_read_even_where_it_is_no_body() -> None:
    html = (
        '<meta property="og:title" content="제목"><div id="b"><em class="cap">설명 글</em>첫 문단이다.<br><br>둘째 문단이다.'
        '<p>회사 소개: 광고</p><div class="writer">홍길동 기자</div></div>'
    )
    drop = Drops(selectors=(".cap", ".writer"), paragraphs=(re.compile("^회사 소개"),))
    site = Site("paper", body=("#b",), caption=(".cap",), author=(".writer",), drop=drop)
    article = extract(html, KnownEntry(ENTRY, "paper", NOW, URL), site, "Asia/Seoul", NOW)
    assert article.body == "첫 문단이다.\n둘째 문단이다."
    assert article.captions == ("설명 글",)
    assert article.authors == ("홍길동",)


KOREAN = (
    "한빛전자가 남해에 새 연구소를 연다고 5일 밝혔다. 회사는 이날 이사회를 열어 이같이 정했다.",
    "연구소는 바닷물로 서버를 식히는 방법을 시험하며, 전기를 3할 아낄 수 있을 것으로 회사는 본다.",
    "첫 서버는 내년 봄에 돌기 시작한다.",
)
TAILS = [
"<p>홍길동 기자 gil@ex.kr</p><p>ⓒ 시험일보, 무단전재 및 재배포 금지</p><p>좋아요 0</p><p>훈훈해요 0</p><p>슬퍼요 0</p><p>후속기사 원해요 0</p>",
"<p>홍길동 기자 gil@ex.kr</p><p>&lt;저작권자 ⓒ 시험일보 무단전재 및 재배포, AI학습 이용 금지&gt;</p>",
"<p>시험일보 홍길동 (gil@ex.kr)</p><div class=copy>Copyright ⓒ 시험일보. All rights reserved. 무단 전재, 재배포 및 AI 학습 이용 금지.</div>",
"<p>■ 제보하기<br>▷ 카카오톡 : '시험제보' 검색<br>▷ 전화 : 02-781-1234<br>▷ 이메일 : x@ex.kr</p>",
"<p>[홍길동 기자 gil@ex.kr]</p><p>[ⓒ 매일시험 & ex.kr, 무단 전재, 재배포 및 AI학습 이용 금지]</p><p>이 기사의 카테고리는 언론사의 분류를 따릅니다.</p>",
"<p>/홍길동 기자 gil@ex.kr</p><p>실시간 인기기사</p><p>1 <a href=/1>다른 기사의 제목 하나</a></p><p>2 <a href=/2>다른 기사의 제목 둘</a></p>",
"<p>기자 프로필</p><p>홍길동 기자</p><p>gil@ex.kr</p><p>구독</p><p>정치부에서 국회를 취재하고 있습니다.</p>",
"<p>▶시험일보 '홈페이지' / ▶시험일보 '유튜브' / 네이버에서 시험일보를 구독하세요!</p><p>[저작권자(c) 시험뉴스, 무단전재-재배포 금지] 2025/02/05 14:21 송고</p>",
"<p>#한빛전자 #연구소 #서버</p>",
"<p>저작권자 © 시험신문 무단전재 및 재배포 금지</p><p>관련기사</p><ul><li><a href=/1>가나다 라마바</a></li><li><a href=/2>가나다 라마바사</a></li></ul><h4>홍길동 기자</h4><p>다른기사 보기</p><p>기사의 본문 내용은 이 글자크기로 변경됩니다.</p>",
"<p>AI 요약</p><p>• 한빛전자 새 연구소 세움.</p><p>요약은 인공지능이 만들었으며 사실과 다를 수 있습니다.</p>",
]  # fmt: skip


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("place", ["inside", "below"])
def test_what_follows_the_last_sentence_of_a_korean_page_does_not_leak(tail: str, place: str) -> None:
    body = "".join(f"<p>{line}</p>" for line in KOREAN)
    inside, below = (tail, "") if place == "inside" else ("", tail)
    html = _page(
        body=f"<article><div class=x>{body}{inside}</div>{below}</article><ul><li><a href='/'>차림표</a></li></ul>"
    )
    assert generic_text(html, URL).split("\n") == list(KOREAN)


def test_a_name_above_a_notice_of_rights_is_the_author() -> None:
    body = "".join(f"<p>{line}</p>" for line in KOREAN)
    tail = "<p>홍길동 기자 gil@ex.kr</p><p>ⓒ 시험일보, 무단전재 및 재배포 금지</p><p>훈훈해요 0</p>"
    assert _read(_page(body=f"<article>{body}{tail}</article>"), site="").authors == ("홍길동",)


@pytest.mark.parametrize(
    "empty", ["2001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1970-01-01T09:00:00+09:00", "1970-01-01"]
)
def test_the_beginning_of_a_clock_is_no_publish_time(empty: str) -> None:
    head = _ld(headline="제목", datePublished=empty)
    assert _read(_page(head), site="").published_at is None
    known = head + '<meta property="article:published_time" content="2025-02-05T14:21:33+09:00">'
    article = _read(_page(known), site="")
    assert (article.published_at, article.field_sources["published_at"]) == (PUBLISHED, "meta")


def test_the_first_of_january_is_a_day_like_any_other() -> None:
    article = _read(_page(_ld(headline="제목", datePublished="2025-01-01T00:00:00+09:00")), site="")
    assert article.published_at == datetime(2024, 12, 31, 15, 0, tzinfo=UTC)


def test_a_page_that_states_its_publish_time_will_do_where_no_article_does() -> None:
    page = _ld(**{"@graph": [{"@type": "WebPage", "datePublished": "2025-02-05T14:21:33+09:00"}], "@type": "Thing"})
    assert _read(_page(page), site="").published_at == PUBLISHED
    article = page + _ld(headline="제목", datePublished="2025-02-04T10:00:00+09:00")
    assert _read(_page(article), site="").published_at == datetime(2025, 2, 4, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("listed", "title"),
    [
        ("[속보] 한빛전자 새 모델", "[속보] 한빛전자 새 모델"),
        ("【단독】 한빛전자  새 모델", "【단독】 한빛전자 새 모델"),
        ("<1보> [속보] 한빛전자 새 모델", "<1보> [속보] 한빛전자 새 모델"),
        ("[속보]한빛전자 새 모델", "한빛전자 새 모델"),
        ("[속보] 한빛전자 다른 모델", "한빛전자 새 모델"),
        ("한빛전자 새 모델…", "한빛전자 새 모델"),
    ],
)
def test_the_mark_that_a_list_sets_before_a_title_stays(listed: str, title: str) -> None:
    page = _page('<meta property="og:title" content="한빛전자 새 모델">')
    assert _read(page, site="", entry=replace(ENTRY, title=listed)).title == title


def test_a_standfirst_becomes_the_subtitle() -> None:
    lede = "정부가 스타게이트 사업에 들어갈 돈을 다시 셈하기로 했다."
    body = f"<header><h1>새 모델</h1><p>{lede}</p></header><div><p>{PROSE}</p><p>{PROSE}</p></div>"
    article = _read(_page(body=body), site="")
    assert (article.subtitle, article.field_sources["subtitle"]) == (lede, "generic")
    assert lede not in article.body


BOXED = Site(name="paper", outlet="보기", body=("div.text",), drop=Drops(selectors=(".x",)), check=SelfCheck(body=200))


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("새 모델 공개", "한빛전자가 새 모델을 5일 공개했다."),
        ("[부고] 김가람 부친상", "김가람 해솔소프트 대표 부친상, 빈소 서울병원 장례식장 1호실"),
        ("Chip maker expands", "The chip maker said on Monday that it would expand."),
    ],
)
def test_one_sentence_or_notice_is_no_failure(title: str, text: str) -> None:
    html = _page(f"<title>{title}</title>", f"<h1>{title}</h1><div class=text>{text}</div>")
    article = extract(html, KnownEntry(ENTRY, "paper", NOW, URL), BOXED, "Asia/Seoul", NOW)
    assert article.body == text
    assert "check" not in article.field_sources


@pytest.mark.parametrize(
    "inside",
    [
        f"<div class=text>한빛전자가 새 모델을 5일 공개했다.</div><div class=rest>{f'<p>{PROSE}</p>' * 5}</div>",
        "<div class=text>한빛전자가 새 모델을 5일</div>",
        "<div class=text><p>한빛전자가 새 모델을 5일 공개했다.</p><p>끝났다.</p></div>",
    ],
)
def test_a_part_of_a_text_is_a_failure(inside: str) -> None:
    html = _page("<title>새 모델</title>", f"<h1>새 모델</h1>{inside}")
    article = extract(html, KnownEntry(ENTRY, "paper", NOW, URL), BOXED, "Asia/Seoul", NOW)
    assert "of 200 characters" in article.field_sources["check"]


@pytest.mark.parametrize("text", ["한빛전자가 새 모델을 공개했다.", "가" * 300, "<p>한 줄.</p><p>두 줄.</p>"])
def test_an_element_that_is_emptied_is_a_failure(text: str) -> None:
    rest = "".join(f"<p>{n}. {PROSE}</p>" for n in range(6))
    html = _page(
        "<title>새 모델</title>", f"<h1>새 모델</h1><div class=text><div class=x>{text}</div></div><div>{rest}</div>"
    )
    article = extract(html, KnownEntry(ENTRY, "paper", NOW, URL), BOXED, "Asia/Seoul", NOW)
    assert article.field_sources["check"].startswith("body: the definition's element has text")
