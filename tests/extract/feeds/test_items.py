from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.feeds.items import read_items
from monitor.extract.text.markup import plain_text

HOME = "https://paper.example/feed"
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'><entry>{}</entry></feed>"
RSS = "<rss version='2.0'><channel><title>신문</title><link>/</link><item>{}</item></channel></rss>"


def one(text: str) -> dict[str, str]:
    (entry,), whole = read_items(text, HOME)
    assert whole
    return entry


@pytest.mark.parametrize(
    "text",
    [
        RSS.format("<title>제목</title><link>/1</link><pubDate>x</pubDate><description>글</description>"),
        (
            "<rdf:RDF xmlns:rdf='r' xmlns='http://purl.org/rss/1.0/' xmlns:d='http://purl.org/dc/elements/1.1/'>"
            "<item><d:date>x</d:date><title>제목</title><link>/1</link><description>글</description></item></rdf:RDF>"
        ),
        ATOM.format("<title>제목</title><link href='/1'/><published>x</published><summary>글</summary>"),
        (
            "<a:feed xmlns:a='http://purl.org/atom/ns#'><a:entry><a:title>제목</a:title><a:link rel='alternate' href='/1'/>"
            "<a:issued>x</a:issued><a:summary>글</a:summary></a:entry></a:feed>"
        ),
    ],
)
def test_the_dialects_say_the_same(text: str) -> None:
    entry = one(text)
    assert (entry["title"], entry["link"], entry["summary"]) == ("제목", "https://paper.example/1", "글")
    assert entry["published"] == "x"


@pytest.mark.parametrize(
    ("construct", "expected"),
    [
        ("<title type='html'>&lt;b&gt;굵은&lt;/b&gt; 글</title>", "굵은 글"),
        (
            "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>가 <b>나</b> &lt;다&gt;</div></title>",
            "가 나 <다>",
        ),
        ("<title type='text'>1 &lt; 2</title>", "1 < 2"),
        ("<title mode='base64'>PGI+Ym9sZDwvYj4=</title>", "bold"),
        ("<title mode='base64'>아님</title>", "아님"),
    ],
)
def test_text_constructs_come_back_as_html(construct: str, expected: str) -> None:
    assert plain_text(one(ATOM.format(construct))["title"]) == expected


def test_the_base_is_that_of_the_place() -> None:
    text = (
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://a.example/x/'>"
        "<entry xml:base='y/'><link href='1'/></entry><entry><link href='1'/></entry></feed>"
    )
    entries, _ = read_items(text, HOME)
    assert [entry["link"] for entry in entries] == ["http://a.example/x/y/1", "http://a.example/x/1"]


def test_links_of_other_relations_are_not_the_article() -> None:
    links = "<link rel='self' href='/s'/><link rel='alternate' href='/1'/><link rel='alternate' href='/2'/><link rel='edit' href='/e'/>"
    assert one(ATOM.format(links))["link"] == "https://paper.example/1"


def test_only_direct_children_speak_for_an_item() -> None:
    inner = "<source><title>남의 것</title></source><media:group><media:title>그림</media:title></media:group><title>제 것</title>"
    assert one(RSS.format(inner))["title"] == "제 것"
    spare = "<m:title xmlns:m='http://search.yahoo.com/mrss/'>그림</m:title>"
    assert one(RSS.format(spare))["title"] == "그림"
    assert one(RSS.format(spare + "<title>글</title>"))["title"] == "글"


def test_people_are_named_and_their_addresses_are_not_names() -> None:
    people = "".join(f"<author><name>{name}</name><email>a@b.c</email></author>" for name in ("김하나", "이두리"))
    assert one(ATOM.format(people))["author"] == "김하나, 이두리"


def test_of_a_text_that_is_cut_off_the_closed_items_count() -> None:
    whole = RSS.format("<title>하나</title></item><item><title>둘</title>")
    entries, well = read_items(whole[: whole.index("둘")], HOME)
    assert ([entry["title"] for entry in entries], well) == (["하나"], False)


@given(st.text(alphabet="<>/itemlnkauor='\" &;x:", max_size=120))
def test_any_text_is_read(text: str) -> None:
    for body in (text, RSS.format(text), ATOM.format(text)):
        entries, _ = read_items(body, HOME)
        assert all(isinstance(value, str) for entry in entries for value in entry.values())


@pytest.mark.parametrize("other", ["description", "i:summary", "m:description", "d:description", "abstract"])
@pytest.mark.parametrize("order", [1, -1])
def test_every_summary_of_an_item_is_given_back(other: str, order: int) -> None:
    short, full = "<summary>짧다</summary>", f"<{other}>짧지 않은 글이다</{other}>"
    names = "xmlns:i='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:m='http://search.yahoo.com/mrss/'"
    names += " xmlns:d='http://purl.org/dc/elements/1.1/'"
    text = RSS.replace("<rss ", f"<rss {names} ").format("<title>a</title>" + "".join([short, full][::order]))
    assert [one(text)["summary"], one(text)["further"]] == ["짧다", "짧지 않은 글이다"][::order]


MEDIA = RSS.replace("<rss ", "<rss xmlns:m='http://search.yahoo.com/mrss/' ")


@pytest.mark.parametrize(
    ("group", "title", "summary"),
    [
        ("<m:group><m:title>제목</m:title><m:description>글</m:description></m:group>", "제목", "글"),
        (
            "<m:group><m:content url='x'/><m:description type='html'>&lt;b&gt;글&lt;/b&gt;</m:description></m:group>",
            "",
            "<b>글</b>",
        ),
        ("<m:group><m:description>글</m:description></m:group><title>제목</title><description/>", "제목", "글"),
        (
            "<m:group><m:content><m:title>사진</m:title><m:description>사진 설명</m:description></m:content></m:group>",
            "",
            None,
        ),
        (
            "<m:group><title>사진</title><link>/2</link><m:group><m:description>사진</m:description></m:group></m:group>",
            "",
            None,
        ),
    ],
)
def test_a_media_group_speaks_for_its_item(group: str, title: str, summary: str | None) -> None:
    item = one(MEDIA.format(f"<link>/1</link>{group}"))
    assert (item["title"], item.get("summary"), item["link"]) == (title, summary, "https://paper.example/1")


@pytest.mark.parametrize("name", ["issued", "created", "date", "available"])
def test_times_of_dublin_core_terms_stand_in_for_the_feeds_own(name: str) -> None:
    feed = RSS.replace("<rss ", "<rss xmlns:t='http://purl.org/dc/terms/' ")
    assert one(feed.format(f"<title>a</title><t:{name}>x</t:{name}>"))["published"] == "x"
    assert one(feed.format(f"<pubDate>y</pubDate><t:{name}>x</t:{name}>"))["published"] == "y"
