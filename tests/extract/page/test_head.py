from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.page.head import Head, names_of, read_head


def _head(html: str) -> Head:
    return read_head(LexborHTMLParser(html))


def _ld(*scripts: str) -> Head:
    return _head("".join(f'<script type="application/ld+json">{script}</script>' for script in scripts))


def test_meta_tags() -> None:
    head = _head(
        '<html lang="ko"><head><meta property="og:title" content=""><meta property="OG:Title" content=" 제목 ">'
        '<meta property="og:title" content="둘째"><meta name="author" content="홍길동"><meta itemprop="datePublished" content="2025">'
        '<title>제목 - 매체</title><link rel="canonical" href=" https://ex.kr/1 "></head><svg><title>그림</title></svg></html>'
    )
    assert head.meta == {"og:title": "제목", "author": "홍길동", "datepublished": "2025"}
    assert (head.title, head.canonical, head.lang) == ("제목 - 매체", "https://ex.kr/1", "ko")
    assert head.first("none", "og:title", "author") == "제목"
    assert head.first("none") == ""
    assert head.article == {}


ARTICLE = {"@type": "NewsArticle", "headline": "제목"}


@pytest.mark.parametrize(
    "script",
    [
        json.dumps(ARTICLE),
        json.dumps([{"@type": "WebSite"}, ARTICLE]),
        json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "Person", "name": "x"}, ARTICLE]}),
        json.dumps({"@type": "WebPage", "mainEntity": ARTICLE}),
        json.dumps(ARTICLE | {"@type": ["Article", "NewsArticle"]}),
        json.dumps(ARTICLE) + ";",
        "\n<!--\n" + json.dumps(ARTICLE) + "\n-->\n",
        "//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>",
        '{"@type": "NewsArticle", "headline": "제목", "description": "줄\n바꿈"}',
    ],
)
def test_json_ld_is_found(script: str) -> None:
    assert _ld(script).stated("headline") == "제목"


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{",
        "null",
        "[]",
        "7",
        '"x"',
        '{"@type": 7}',
        '{"@type": "WebSite", "name": "x"}',
        "[" * 20_000,
        '{"@graph": 7}',
    ],
)
def test_json_ld_without_an_article(script: str) -> None:
    assert _ld(script).article == {}


def test_the_first_article_of_several_scripts_counts() -> None:
    assert _ld("broken", json.dumps({"@type": "WebSite"}), json.dumps(ARTICLE)).stated("headline") == "제목"


def test_json_ld_is_bounded() -> None:
    assert _ld(json.dumps([{"@type": "WebSite"}] * 600 + [ARTICLE])).article == {}
    assert _ld(json.dumps(ARTICLE | {"x": "y" * 600_000})).article == {}
    assert _ld("[" * 600_000 + json.dumps(ARTICLE)).article == {}


POST = {
    "@type": "BlogPosting",
    "headline": "둘째",
    "datePublished": "2026-03-07T10:00:00Z",
    "articleBody": 'x{"' * 1_000,
}


@pytest.mark.parametrize("key", ["liveBlogUpdate", "comment", "hasPart"])
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    "wrap", [lambda item: item, lambda item: [item], lambda item: {"@graph": [{"@type": "X"}, item]}]
)
def test_the_times_of_a_live_page_are_read_however_long_it_is(
    key: str, *, first: bool, wrap: Callable[[object], object]
) -> None:
    stated = ARTICLE | {"datePublished": "2026-03-05T14:21:00Z", "dateModified": "2026-03-08T14:21:00Z"}
    posts = {key: [POST] * 300}
    script = json.dumps(wrap(posts | stated if first else stated | posts))
    assert len(script) > 512 * 1024
    for text in (script, script.replace('"headline": "제목"', '"headline": "제목",')):
        head = _ld(text)
        assert head.stated("datePublished") == "2026-03-05T14:21:00Z"
        assert head.stated("dateModified") == "2026-03-08T14:21:00Z"
        assert head.stated("headline") == "제목"


@pytest.mark.parametrize(
    "kind", ["ClaimReview", ["ClaimReview", "Thing"], "https://schema.org/ClaimReview", "MediaReview"]
)
def test_the_times_of_a_review_count_where_no_article_is_stated(kind: object) -> None:
    review = {"@type": kind, "datePublished": "2026-03-05", "author": {"name": "팩트체크"}, "itemReviewed": POST}
    assert _ld(json.dumps(review)).article == {"datePublished": "2026-03-05"}
    undated = _ld(json.dumps(review), json.dumps(ARTICLE))
    assert (undated.stated("datePublished"), undated.stated("headline")) == ("2026-03-05", "제목")
    dated = _ld(json.dumps(review), json.dumps(ARTICLE | {"datePublished": "2026-03-06"}))
    assert dated.stated("datePublished") == "2026-03-06"


@pytest.mark.parametrize("kind", ["https://schema.org/NewsArticle", "schema:NewsArticle", ["x:Article"]])
def test_types_may_be_addresses(kind: object) -> None:
    assert _ld(json.dumps(ARTICLE | {"@type": kind})).stated("headline") == "제목"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" 글 ", "글"),
        (["글", "둘"], "글"),
        ({"name": "글"}, "글"),
        ({"@value": "글"}, "글"),
        ([], ""),
        (1_772_688_060, "1772688060"),
        (1_772_688_060_000.0, "1772688060000"),
        (True, ""),
        (7, ""),
        (None, ""),
    ],
)
def test_stated(value: object, text: str) -> None:
    assert Head({}, "", "", "", {"key": value}).stated("key") == text


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("홍길동", ("홍길동",)),
        ({"@type": "Person", "name": "홍길동"}, ("홍길동",)),
        ([{"name": "홍길동"}, "김철수"], ("홍길동", "김철수")),
        ({"name": ["홍길동", "김철수"]}, ("홍길동", "김철수")),
        (None, ()),
        ([], ()),
        ({"url": "x"}, ()),
        (["", 7, None], ()),
    ],
)
def test_names_of(value: object, names: tuple[str, ...]) -> None:
    assert names_of(value) == names


@given(st.text(max_size=200))
def test_any_markup_is_borne(text: str) -> None:
    head = _head(f'<meta property="{text}" content="{text}"><script type="application/ld+json">{text}</script>')
    assert head.title == ""


@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.sampled_from(["@type", "@graph", "mainEntity", "name", "headline"]), inner, max_size=4)
        ),
        max_leaves=20,
    )
)
def test_any_json_is_borne(data: object) -> None:
    head = _ld(json.dumps(data))
    assert isinstance(head.stated("headline"), str)
    assert all(isinstance(name, str) for name in names_of(data))


def test_what_is_not_quite_json_still_tells_its_plain_texts() -> None:
    script = """{"@type": "NewsArticle", "headline": "새 연구소", "keywords": ["a", ], "datePublished": "2025-02-05T14:21:33+09:00",
    "author": {"@type": "Person"}, 'description': "x"}"""
    head = read_head(LexborHTMLParser(f'<script type="application/ld+json">{script}</script>'))
    assert (head.stated("headline"), head.stated("datePublished")) == ("새 연구소", "2025-02-05T14:21:33+09:00")
