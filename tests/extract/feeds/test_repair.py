from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.extract.feeds.feed import parse_feed
from monitor.extract.feeds.repair import repair

NOW = datetime(2025, 2, 6, tzinfo=UTC)
PUBLISHED = datetime(2025, 2, 5, 5, 21, 33, tzinfo=UTC)


def _repaired(text: str) -> str:
    return repair(text, "Asia/Seoul", NOW).text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("\ufeff\n\n <rss/>", "<rss/>"),
        ('\n<?xml version="1.0" encoding="euc-kr"?>\n<rss/>', "<rss/>"),
        ('\ufeff<?xml version="1.0"?><rss/>', "<rss/>"),
        ("<a>가\x00\x08\x0b\x1f나</a>", "<a>가나</a>"),
        ("<a>가\u2028나</a>", "<a>가\n나</a>"),
        ("<a>A & B</a>", "<a>A &amp; B</a>"),
        ("<a>A&B</a>", "<a>A&amp;B</a>"),
        ("<a>A &amp; B &lt;b&gt; &#44032; &#xAC00;</a>", "<a>A &amp; B &lt;b&gt; &#44032; &#xAC00;</a>"),
        ("<a>가&nbsp;나&middot;다&hellip;</a>", "<a>가\xa0나·다…</a>"),
        ("<a>&foo; &AMP;</a>", "<a>&amp;foo; &amp;AMP;</a>"),
        ("<a>&#0;&#8;&#xFFFF;&#1114112;가</a>", "<a>가</a>"),
        ("<a>?a=1&b=2&copy=3</a>", "<a>?a=1&amp;b=2&amp;copy=3</a>"),
        ("<a><![CDATA[A & B &nbsp;]]> C & D</a>", "<a><![CDATA[A & B &nbsp;]]> C &amp; D</a>"),
        ("<a><![CDATA[A & B", "<a><![CDATA[A &amp; B"),
        ('<!DOCTYPE rss SYSTEM "http://ex.kr/x.dtd"><rss/>', "<rss/>"),
        ('<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>', "<r>&amp;x;</r>"),
    ],
)
def test_repair(raw: str, text: str) -> None:
    assert _repaired(raw) == text


@pytest.mark.parametrize(
    "element",
    [
        "<pubDate>2025-02-05 14:21:33</pubDate>",
        "<pubDate>Wed, 05 Feb 2025 14:21:33 +0900</pubDate>",
        "<pubDate>Wed, 05 02 2025 14:21:33 +0900</pubDate>",
        "<pubDate>20250205142133+0900</pubDate>",
        "<pubDate><![CDATA[2025-02-05 14:21:33]]></pubDate>",
        "<pubDate >\n 2025.02.05 14:21:33 </pubDate >",
        "<dc:date>2025-02-05T14:21:33+09:00</dc:date>",
        "<published>2025-02-05T05:21:33Z</published>",
        '<atom:updated xmlns:atom="x">2025-02-05T05:21:33.500Z</atom:updated>',
        "<PUBDATE>2025-02-05 14:21:33</PUBDATE>",
    ],
)
def test_times_are_written_in_utc(element: str) -> None:
    repaired = repair(f"<item>{element}</item>", "Asia/Seoul", NOW)
    assert "2025-02-05T05:21:33+00:00" in repaired.text
    assert repaired.moment("2025-02-05T05:21:33+00:00") == PUBLISHED
    assert repaired.moment("2025-02-05T05:21:33Z") == PUBLISHED


@pytest.mark.parametrize("date", ["", "unknown", "0000-00-00 00:00:00", "Fri, 07 Feb 2025 14:21:33 GMT"])
def test_a_time_that_says_nothing_is_emptied(date: str) -> None:
    repaired = repair(f"<pubDate>{date}</pubDate>", "Asia/Seoul", NOW)
    assert repaired.text == "<pubDate></pubDate>"
    assert repaired.moment(date) is None


def test_a_time_that_a_parser_made_up_is_not_ours() -> None:
    assert repair("<guid>20250205142133</guid>", "Asia/Seoul", NOW).moment("2025-02-05T14:21:33+00:00") is None


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<a><![CDATA[A & B</a><b>x</b>", "<a><![CDATA[A & B]]></a><b>x</b>"),
        ("<a><![CDATA[가</a><b><![CDATA[나]]></b>", "<a><![CDATA[가]]></a><b><![CDATA[나]]></b>"),
        ("<a><![CDATA[가]]</a><b><![CDATA[나]]></b>", "<a><![CDATA[가]]></a><b><![CDATA[나]]></b>"),
        ("<a><![CDATA[가] ></a>", "<a><![CDATA[가]]></a>"),
        ("<a><![CDATA[[가]</a>", "<a><![CDATA[[가]]]></a>"),
        ("<c:x y='z'>\n<![CDATA[<p>가</p></c:x>", "<c:x y='z'>\n<![CDATA[<p>가</p>]]></c:x>"),
        ("<a><![CDATA[가 <![CDATA[나]]></a>", "<a><![CDATA[가 <![CDATA[나]]></a>"),
        ("<pubDate><![CDATA[2025-02-05 14:21:33</pubDate>", "<pubDate>2025-02-05T05:21:33+00:00</pubDate>"),
    ],
)
def test_a_section_that_is_never_closed_ends_with_its_element(raw: str, text: str) -> None:
    assert _repaired(raw) == text


@pytest.mark.parametrize("field", ["title", "link", "description", "guid", "pubDate"])
@pytest.mark.parametrize("broken", range(3))
@pytest.mark.parametrize("end", ["", "]]", "]>", "]] >"])
def test_an_open_section_costs_no_item_of_a_feed(field: str, broken: int, end: str) -> None:
    def item(number: int, *, whole: bool) -> str:
        values = {
            "title": f"소식 & 뉴스 {number}",
            "link": f"https://ex.kr/news/{number}?a=1&b=2",
            "guid": f"id-{number}",
            "description": f"<b>글</b> {number}",
            "pubDate": "2025-02-05 14:21:33",
        }
        ends = {name: end if not whole and (name, number) == (field, broken) else "]]>" for name in values}
        return "".join(f"<{name}><![CDATA[{value}{ends[name]}</{name}>" for name, value in values.items())

    def feed(*items: str) -> str:
        return f"<rss><channel><title>x</title>{''.join(f'<item>{one}</item>' for one in items)}</channel></rss>"

    found, expected = (
        parse_feed(feed(*(item(number, whole=whole) for number in range(3))), "https://ex.kr/rss", "Asia/Seoul", NOW)
        for whole in (False, True)
    )
    assert found == expected
    assert len(found) == 3


@given(st.text(max_size=300))
@example("\x8d\n")
def test_never_raises(text: str) -> None:
    repaired = _repaired(text)
    assert "\x00" not in repaired
    assert not repaired.startswith(("\ufeff", " ", "\n"))


@given(
    st.lists(
        st.sampled_from(
            [
                "<![CDATA[",
                "]]>",
                "&",
                "&amp;",
                "&nbsp;",
                "가",
                "<a>",
                "</a>",
                "<pubDate>",
                "</pubDate>",
                "1",
                "2025-02-05",
                "]",
            ]
        )
    )
)
def test_is_stable_outside_cdata(parts: list[str]) -> None:
    once = _repaired("".join(parts))
    assert _repaired(once) == once
