from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from monitor.extract.page.article_page import KnownEntry, extract
from monitor.extract.page.embedded import NO_STATE, State, read_state
from monitor.model.article import Article, Entry

NOW = datetime(2025, 2, 5, 9, 0, tzinfo=UTC)
URL = "https://paper.example/news/1"
LINES = [
    "한빛전자가 남해에 새 연구소를 연다고 5일 밝혔다.",
    "연구소는 바닷물로 서버를 식히는 방법을 시험하며, 전기를 3할 아낄 수 있을 것으로 회사는 본다.",
    "첫 서버는 내년 봄에 돌기 시작한다.",
]
HTML = "".join(f"<p>{line}</p>" for line in LINES)
ARTICLE = {
    "title": "새 연구소 문 연다",
    "subTitle": "파도로 식히는 서버",
    "publishedAt": "2025-02-05T14:21:33+09:00",
    "body": HTML,
}


def _state(page: str) -> State:
    return read_state(LexborHTMLParser(page), page)


def _script(text: str, attributes: str = "") -> str:
    return f"<html><body><div id=app></div><script {attributes}>{text}</script></body></html>"


def _flight(rows: str, cut: int = 50) -> str:
    pieces = [rows[at : at + cut] for at in range(0, len(rows), cut)]
    pushes = "".join(f"<script>self.__next_f.push({json.dumps([1, piece])})</script>" for piece in pieces)
    return f"<html><body><script>(self.__next_f=self.__next_f||[]).push([0])</script>{pushes}</body></html>"


def _read(page: str) -> Article:
    return extract(page, KnownEntry(Entry(URL, URL), "paper", NOW, URL), None, "Asia/Seoul", NOW)


NEXT = json.dumps(
    {"props": {"pageProps": {"list": [{"title": "다른 기사", "body": "짧다"}], "article": ARTICLE}}}, ensure_ascii=False
)
ARC = json.dumps(
    {
        "headlines": {"basic": "새 연구소 문 연다"},
        "subheadlines": {"basic": "파도로 식히는 서버"},
        "first_publish_date": "2025-02-05T05:21:33Z",
        "content_elements": [
            {"type": "text", "content": LINES[0]},
            {"type": "image", "caption": "사진", "content": "사진 글"},
            {"type": "text", "content": LINES[1]},
            {"type": "interstitial_link", "content": "다른 기사"},
            {"type": "text", "content": LINES[2]},
        ],
    },
    ensure_ascii=False,
)
TEXT = HTML.encode()
FLIGHT = (
    '1:"$Sreact.fragment"\n'
    '3:I[13578,[],""]\n'
    f"24:T{len(TEXT):x},{HTML}"
    '5:["$","$L6",null,' + json.dumps({"data": ARTICLE | {"body": "$24"}}, ensure_ascii=False) + "]\n"
)
PAGES = {
    "next": _script(NEXT, 'id="__NEXT_DATA__" type="application/json"'),
    "json": _script(json.dumps({"a": [ARTICLE]}, ensure_ascii=False), 'type="application/json"'),
    "arc": _script(f"window.Fusion=window.Fusion||{{}};Fusion.globalContent={ARC};Fusion.x=1;"),
    "initial": _script(f"window.__INITIAL_STATE__ = {NEXT};"),
    "flight": _flight(FLIGHT),
    "flight in one": _flight(FLIGHT, 100_000),
    "paragraphs": _script(json.dumps({"headline": "새 연구소 문 연다", "subTitle": "파도로 식히는 서버", "datePublished": "2025-02-05 14:21:33", "paragraphs": LINES}, ensure_ascii=False), 'type="application/json"'),
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_an_article_that_only_scripts_hold(page: str) -> None:
    article = _read(page)
    assert article.body.split("\n") == LINES
    assert (article.title, article.subtitle) == ("새 연구소 문 연다", "파도로 식히는 서버")
    assert article.published_at == datetime(2025, 2, 5, 5, 21, 33, tzinfo=UTC)
    assert {article.field_sources[field] for field in ("title", "subtitle", "body", "published_at")} == {"state"}
    assert float(article.field_sources["confidence"]) > 0


def test_metadata_comes_before_state_and_state_before_guesses() -> None:
    head = '<meta property="og:title" content="메타 제목">'
    article = _read(PAGES["next"].replace("<html>", f"<html>{head}"))
    assert (article.title, article.field_sources["title"]) == ("메타 제목", "meta")
    guessed = PAGES["next"].replace("<div id=app>", "<h1>큰 제목</h1><p>입력 2025.02.04 10:00</p><div id=app>")
    assert (_read(guessed).title, _read(guessed).field_sources["published_at"]) == ("새 연구소 문 연다", "state")


def test_what_the_page_shows_comes_before_a_shorter_state() -> None:
    shown = "".join(f"<p>{line} 그리고 한 마디 더 보탰다고 회사는 전했다.</p>" for line in LINES)
    article = _read(PAGES["next"].replace("<div id=app>", f"<div id=app>{shown}"))
    assert article.field_sources["body"] == "generic"


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<p>글</p>",
        _script('{"title": "x", "body": "짧다"}', 'type="application/json"'),
        _script('{"title": "x", "body": ' + json.dumps("x" * 900) + "}", 'type="application/json"'),
        _script('{"body": ' + json.dumps(HTML * 3) + "}", 'type="application/json"'),
        _script("{broken " + "x" * 300, 'type="application/json"'),
        _script('{"a":' * 5_000, 'type="application/json"'),
        _script("Fusion.globalContent=" + "[" * 100_000),
        _script("self.__next_f.push([1,"),
        _flight("24:Tffffffff,짧다"),
        _flight("24:Tzz," + "x" * 400),
        _flight('5:{"title":"x","body":"$99"}\n'),
    ],
)
def test_pages_without_an_article_in_their_data(page: str) -> None:
    assert _state(page) == NO_STATE


def test_the_longest_article_wins() -> None:
    other = {"title": "다른 기사", "body": f"<p>{LINES[0]}</p><p>{LINES[1]}</p><p>{LINES[1]}</p>"}
    state = _state(
        _script(json.dumps([other, ARTICLE | {"body": HTML * 3}], ensure_ascii=False), 'type="application/json"')
    )
    assert state.stated("title") == "새 연구소 문 연다"


def test_stated() -> None:
    state = State("x", {"a": " <b>글</b> ", "b": {"basic": "바탕"}, "c": "$1f", "d": 3, "e": ""})
    assert state.stated("e", "a") == "글"
    assert state.stated("b") == "바탕"
    assert state.stated("c") == state.stated("d") == state.stated("zz") == NO_STATE.stated("a") == ""


@pytest.mark.parametrize(("levels", "title"), [(200, "새 연구소 문 연다"), (250, "")])
def test_what_lies_beyond_twenty_thousand_values_is_not_looked_at(levels: int, title: str) -> None:
    deep: object = ARTICLE
    for _ in range(levels):
        deep = [*([] for _ in range(90)), deep]
    assert _state(_script(json.dumps(deep), 'type="application/json"')).stated("title") == title


@given(st.text(max_size=200), st.sampled_from(["__NEXT_DATA__", "self.__next_f.push([1,", "Fusion.globalContent="]))
def test_any_script_is_borne(text: str, mark: str) -> None:
    _state(_script(f"{mark}{text}{' ' * 200}"))


JSON = st.recursive(st.none() | st.integers() | st.text(max_size=20), lambda x: st.lists(x) | st.dictionaries(st.sampled_from(["title", "body", "content_elements", "x"]), x), max_leaves=20)  # fmt: skip


@given(JSON)
def test_any_data_is_borne(data: object) -> None:
    _state(_script(json.dumps(data) + " " * 200, 'type="application/json"'))
    _state(_flight(f"1:{json.dumps(data)}\n2:T5,abc"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1_772_688_060, "1772688060"),
        (1_772_688_060_000, "1772688060000"),
        ({"basic": 1_772_688_060}, "1772688060"),
        (7, "2026-03-05"),
        (True, "2026-03-05"),
        (None, "2026-03-05"),
    ],
)
def test_unix_time_is_a_text_and_other_numbers_are_none(value: object, text: str) -> None:
    assert State("", {"publishedAt": value, "pubDate": "2026-03-05"}).stated("publishedAt", "pubDate") == text
