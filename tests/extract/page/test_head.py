from __future__ import annotations

import json

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


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" 글 ", "글"),
        (["글", "둘"], "글"),
        ({"name": "글"}, "글"),
        ({"@value": "글"}, "글"),
        ([], ""),
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
