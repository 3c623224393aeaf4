from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.feeds import feed
from monitor.extract.feeds.feed import parse_feed, time_to_live
from monitor.extract.feeds.items import MOST
from monitor.extract.text.markup import excerpt, fuller_text, plain_text
from monitor.fetch.charset import decode
from monitor.model.article import Entry
from monitor.model.errors import ExtractError
from tests.evidence import DATA, beside

NOW = datetime(2025, 2, 6, tzinfo=UTC)
BASE = "https://ex.kr/rss/all.xml"
PUBLISHED = datetime(2025, 2, 5, 5, 21, 33, tzinfo=UTC)


def _parse(text: str, url: str = BASE) -> tuple[Entry, ...]:
    return parse_feed(text, url, "Asia/Seoul", NOW)


def _rss(*items: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>시험</title>{"".join(items)}</channel></rss>'


def _item(title: str = "오픈AI 소식", link: str = "https://ex.kr/news/view/1", more: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{more}</item>"


def _only(text: str) -> Entry:
    (entry,) = _parse(text)
    return entry


def test_quirk_feeds() -> None:
    folder = DATA / "quirk-feeds"
    cases = json.loads((folder / "expected.json").read_text("utf-8"))
    wrong = []
    for name, case in cases.items():
        text = decode((folder / f"{name}.xml").read_bytes(), case["content_type"]).text
        entries = parse_feed(text, case["base_url"], "Asia/Seoul", NOW)
        entry = entries[0]
        title = case["title"] if name != "nfd_title" else case["title_for_matching"]
        shown = entry.title if name != "nfd_title" else unicodedata.normalize("NFC", entry.title)
        expected = (case["items"], title, case["link"], datetime.fromisoformat(case["published_utc"]))
        found = (len(entries), shown, entry.url, entry.published_at)
        if found != expected or entry.summary != case.get("summary", entry.summary):
            wrong.append((name, found, expected))
    assert len(cases) >= 16
    assert wrong == []


def test_an_item_becomes_an_entry() -> None:
    more = "<pubDate>2025-02-05 14:21:33</pubDate><author>홍길동 기자</author><description><![CDATA[<p>첫 글.</p>]]></description>"
    assert _only(_rss(_item(more=more))) == Entry(
        key="https://ex.kr/news/view/1",
        url="https://ex.kr/news/view/1",
        title="오픈AI 소식",
        summary="첫 글.",
        author="홍길동",
        published_at=PUBLISHED,
    )


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("A &amp; B", "A & B"),
        ("A & B", "A & B"),
        ("오픈AI &middot; 딥시크", "오픈AI · 딥시크"),
        ("오픈AI&nbsp;딥시크", "오픈AI 딥시크"),
        ("SK E&amp;amp;S", "SK E&S"),
        ("<![CDATA[SK E&S]]>", "SK E&S"),
        ("<![CDATA[<b>굵은</b> 제목]]>", "굵은 제목"),
        ("&lt;AI&gt; 시대", "<AI> 시대"),
        ("제목\x08 끝", "제목 끝"),
        ("\n\t 제목 \n", "제목"),
    ],
)
def test_titles(raw: str, title: str) -> None:
    assert _only(_rss(_item(title=raw))).title == title


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/news/view/1", "https://ex.kr/news/view/1"),
        ("news/view/1", "https://ex.kr/rss/news/view/1"),
        ("//cdn.ex.kr/1", "https://cdn.ex.kr/1"),
        ("https://ex.kr/a?b=1&c=2", "https://ex.kr/a?b=1&c=2"),
        ("https://ex.kr/a?b=1&amp;c=2", "https://ex.kr/a?b=1&c=2"),
        ("<![CDATA[ https://ex.kr/a?b=1&c=2 ]]>", "https://ex.kr/a?b=1&c=2"),
    ],
)
def test_links(link: str, url: str) -> None:
    assert _only(_rss(_item(link=link))).url == url


def test_a_permanent_id_serves_as_link() -> None:
    text = _rss("<item><title>제목</title><guid isPermaLink='true'>https://ex.kr/news/view/7</guid></item>")
    assert _only(text).url == "https://ex.kr/news/view/7"


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "mailto:a@ex.kr",
        "http://[bad",
        "https://ex.kr/" + "a" * 3_000,
        "https://ex.kr/" + "가" * 1_500,
    ],
)
def test_items_without_a_usable_link_are_news_without_a_page(link: str) -> None:
    entries = _parse(
        _rss(_item(title="첫째", link=link), _item(link="https://ex.kr/ok"), _item(title="셋째", link=link))
    )
    assert [entry.has_page for entry in entries] == [False, False, True]
    assert [entry.title for entry in entries][:2] == ["첫째", "셋째"]
    assert len({entry.key for entry in entries}) == 3


def test_xml_base() -> None:
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://other.kr/news/"><title>시험</title>'
        '<entry><title>제목</title><link href="1.html"/><id>1</id></entry></feed>'
    )
    assert _only(text).url == "https://other.kr/news/1.html"


def test_twins_are_one_entry_and_the_order_is_kept() -> None:
    links = ["https://ex.kr/b", "https://ex.kr/a", "http://www.ex.kr/b?utm_source=rss", "https://ex.kr/c"]
    titles = ["제목 b", "제목 a", "제목 b", "제목 c"]
    entries = _parse(_rss(*(_item(title=title, link=link) for title, link in zip(titles, links, strict=True))))
    assert [(entry.url, entry.title) for entry in entries] == [
        ("https://ex.kr/b", "제목 b"),
        ("https://ex.kr/a", "제목 a"),
        ("https://ex.kr/c", "제목 c"),
    ]


@pytest.mark.parametrize("date", ["", "없음", "Fri, 07 Feb 2025 14:21:33 GMT"])
def test_no_time_is_better_than_a_wrong_one(date: str) -> None:
    more = f"<pubDate>{date}</pubDate><guid isPermaLink='false'>20250205142133</guid>"
    assert _only(_rss(_item(more=more))).published_at is None


def test_atom_publish_time_before_time_of_change() -> None:
    entry = "<entry><title>제목</title><link href='https://ex.kr/1'/><id>1</id>{}</entry>"
    both = "<updated>2025-02-05T06:00:00Z</updated><published>2025-02-05T05:21:33Z</published>"
    feed_text = '<feed xmlns="http://www.w3.org/2005/Atom"><title>시험</title>{}</feed>'
    assert _only(feed_text.format(entry.format(both))).published_at == PUBLISHED
    alone = "<updated>2025-02-05T05:21:33Z</updated>"
    assert _only(feed_text.format(entry.format(alone))).published_at == PUBLISHED


@pytest.mark.parametrize(
    ("description", "summary"),
    [
        ("(", ""),
        ("", ""),
        ("…", ""),
        ("본문 &lt;b&gt;굵게&lt;/b&gt;", "본문 굵게"),
        ("<![CDATA[<p>가</p><p>나</p>]]>", "가 나"),
    ],
)
def test_summaries(description: str, summary: str) -> None:
    assert _only(_rss(_item(more=f"<description>{description}</description>"))).summary == summary


SENTENCE = "해솔소프트가 9일 새 연구소를 연다고 밝혔다."


@pytest.mark.parametrize(
    ("description", "content", "whole"),
    [
        (SENTENCE, f"<p>{SENTENCE}</p><p>투자는 <b>300억</b> 원이다.</p>", f"{SENTENCE} 투자는 300억 원이다."),
        (f"{SENTENCE} 투자는 300억 원이다.", SENTENCE, f"{SENTENCE} 투자는 300억 원이다."),
        (SENTENCE, "<p>바다로 간 서버</p>", f"{SENTENCE} 바다로 간 서버"),
        ("해솔소프트가 9일 새 연구소를…", SENTENCE, SENTENCE),
        ("해솔소프트가 9일 새 연구소를 [&amp;#8230;]", SENTENCE, SENTENCE),
        ("해솔소프트가 9일 새 연구소를 ... 더 보기", SENTENCE, SENTENCE),
        ("해솔소프트가 9일 새 [...] The post Title appeared first on Paper.", SENTENCE, SENTENCE),
        ("해솔소프트 새 연구소… 하늘상사 동참", SENTENCE, f"해솔소프트 새 연구소… 하늘상사 동참 {SENTENCE}"),
        ("(", SENTENCE, SENTENCE),
        (SENTENCE, "", SENTENCE),
    ],
)
def test_of_two_texts_the_fuller_one_counts_or_both(description: str, content: str, whole: str) -> None:
    rss = _rss(_item(more=f"<description>{description}</description><c:encoded><![CDATA[{content}]]></c:encoded>"))
    named = rss.replace("<rss ", "<rss xmlns:c='http://purl.org/rss/1.0/modules/content/' ")
    entry = _only(named)
    assert (entry.text, entry.content) == (whole, whole if whole != entry.summary else "")
    assert entry.summary in {plain_text(description), ""}


def test_every_summary_of_an_item_counts() -> None:
    more = "<description>해솔소프트 실적</description><summary>하늘상사 채용</summary><description>바다로 간 서버</description>"
    assert set(_only(_rss(_item(more=more))).text.split()) == {
        "해솔소프트",
        "실적",
        "하늘상사",
        "채용",
        "바다로",
        "간",
        "서버",
    }


@given(st.lists(st.text("가나다라 .…", max_size=12), max_size=4), st.integers(0, 30))
def test_no_word_of_a_text_is_lost_within_the_bound(texts: list[str], most: int) -> None:
    first = excerpt(texts[0], 10_000) if texts else ""
    whole = fuller_text(first, texts[1:], 10_000) or first
    for text in texts:
        assert all(word.rstrip("….") in whole for word in text.split())
    assert len(fuller_text(first[:most], texts, most)) <= most


def test_a_long_summary_is_cut() -> None:
    assert len(_only(_rss(_item(more=f"<description>{'가 ' * 9_000}</description>"))).summary) == 4_000


@pytest.mark.parametrize(
    "text",
    [
        _rss(),
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>시험</title></feed>',
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel/></rdf:RDF>',
        '{"version":"https://jsonfeed.org/version/1.1","items":[]}',
    ],
)
def test_a_feed_may_have_no_items_yet(text: str) -> None:
    assert _parse(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "점검 중입니다",
        "<!doctype html><html><body>점검 중</body></html>",
        "<rss></rss>",
        "https://ex.kr/rss.xml",  # never fetched
        '{"items":[]}',
    ],
)
def test_what_is_no_feed_is_a_failure(text: str) -> None:
    with pytest.raises(ExtractError) as caught:
        _parse(text)
    assert caught.value.url == BASE


def test_a_truncated_feed_gives_what_it_has() -> None:
    text = _rss(_item(title="하나", link="https://ex.kr/1"), _item(title="둘", link="https://ex.kr/2"))
    entries = _parse(text[: text.index("둘")])
    assert entries[0].title == "하나"


def test_external_entities_are_never_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("새어 나간 비밀", "utf-8")
    text = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "부푼 글">]>'
        "<rss version='2.0'><channel><title>t</title><item><title>제목 &x; &y;</title><link>https://ex.kr/1</link></item></channel></rss>"
    )
    entry = _only(text)
    assert "비밀" not in entry.title
    assert "부푼" not in entry.title
    assert entry.title.startswith("제목")


def test_expanding_entities_expand_nothing() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    entry = _only(f"<!DOCTYPE rss [{entities}]>" + _rss(_item(title="제목 &e11;"))[38:])
    assert len(entry.title) < 100


@pytest.mark.parametrize(
    "hostile",
    [
        "<x " + " ".join(f"a{n}='1'" for n in range(40_000)) + "/>",
        "x" * (4 * 1024 * 1024),
        "<x/>" * 400_001,
    ],
)
def test_hostile_feeds_are_refused(hostile: str) -> None:
    with pytest.raises(ExtractError):
        _parse(_rss(_item(), hostile))


def test_deep_feeds_are_read() -> None:
    assert _only(_rss(_item(more="<x>" * 30_000 + "</x>" * 30_000))).title == "오픈AI 소식"


def test_the_count_of_items_is_bounded() -> None:
    entries = _parse(_rss(*(_item(link=f"https://ex.kr/news/{n}") for n in range(2_500))))
    assert len(entries) == MOST


def _refuse(_text: str) -> Sequence[Mapping[str, object]]:
    raise ValueError("as the fast parser does for what it cannot read")


def test_the_slow_parser_has_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    text = _rss(_item(more="<pubDate>2025-02-05 14:21:33</pubDate><description>첫 글</description>"))
    fast = _only(text)
    monkeypatch.setattr(feed, "_fast", _refuse)
    assert _only(text) == fast


def test_the_slow_parser_is_spared_what_would_hang_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "_fast", _refuse)
    monkeypatch.setattr(feed, "read_items", lambda _text, _url: ([], False))
    wide = "<x " + " ".join(f"a{n}='1'" for n in range(1_500)) + "/>" + " " * 70_000
    with pytest.raises(ExtractError, match="attributes"):
        _parse(_rss(_item(), wide))


@pytest.mark.parametrize(("suite", "readable"), [("feedparser", 60), ("feedvalidator", 350), ("gofeed", 20)])
def test_a_suite_of_a_public_parser_never_crashes(suite: str, readable: int) -> None:
    """Most files are fragments without one item that leads anywhere: those are refused, not read."""
    files = sorted(beside(f"fixtures/rss/{suite}").rglob("*.xml"))
    read = 0
    for file in files:
        try:
            entries = _parse(decode(file.read_bytes()).text)
        except ExtractError:
            continue
        read += 1
        assert all(entry.url.startswith(("http://", "https://")) for entry in entries)
    assert read >= readable


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(ExtractError):
        _parse(text)


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), max_size=80))
def test_any_title_survives_escaping(title: str) -> None:
    escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    entries = _parse(_rss(_item(title=f"제목 {escaped}")))
    assert entries[0].title.startswith("제목")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("<rss><channel><ttl>30</ttl></channel></rss>", 1800.0),
        ("<rss><channel><TTL>\n 5 </TTL></channel></rss>", 300.0),
        ("<rss><channel><ttl>soon</ttl></channel></rss>", 0.0),
        ("<rss><channel><ttl>-5</ttl></channel></rss>", 0.0),
        ("<rss><channel><ttl>99999999</ttl></channel></rss>", 0.0),
        ("", 0.0),
        ("x" * 100_000 + "<ttl>30</ttl>", 0.0),
    ],
)
def test_a_feed_says_how_long_it_wants_to_be_left_alone(text: str, seconds: float) -> None:
    assert time_to_live(text) == seconds
