"""Feeds come from a feed reader and go to one, as OPML."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.feeds import opml
from monitor.extract.feeds.opml import Subscription
from monitor.model.errors import ExtractError, MonitorError
from monitor.model.plan import Interval, Source
from monitor.service.subscriptions import MAX_BYTES, chosen, exported, file_id, read

NAMES = st.text(max_size=60).map(opml._plain)
URLS = st.builds(
    lambda host, path, query: f"https://{host}.example/{quote(path)}?n={quote(query)}&lang=ko",
    st.from_regex(r"[a-z]{1,12}", fullmatch=True),
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.text(st.characters(codec="utf-8"), max_size=20),
)
BOMB = '<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><opml><body><outline xmlUrl="&b;"/></body></opml>'


def feed(source_id: str, *urls: str, kind: str = "feed") -> Source:
    """Return a source."""
    return Source(source_id, f"이름 {source_id}", kind, urls, Interval(300.0))


def document(*outlines: str) -> str:
    """Return an OPML document as feed readers write it."""
    return f'<?xml version="1.0"?><opml version="1.1"><head/><body>{"".join(outlines)}</body></opml>'


@given(st.lists(st.builds(Subscription, NAMES, URLS), max_size=12))
def test_what_is_written_is_read_again(outlines: list[Subscription]) -> None:
    assert opml.read(opml.write(outlines), "x.opml") == tuple(outlines)


@given(st.lists(st.tuples(NAMES.filter(bool), URLS), max_size=8, unique_by=lambda one: one[1].rstrip("/")))
def test_what_one_installation_exports_another_takes(feeds: list[tuple[str, str]]) -> None:
    sources = [Source(f"s{n}", name, "feed", (url,), Interval(300.0)) for n, (name, url) in enumerate(feeds)]
    text, left_out = exported(sources)
    found = chosen(opml.read(text, "x.opml"), [])
    assert left_out == ()
    taken = {url for _, _, url in found.sources}
    assert len(found.sources) + len(found.left_out) == len(feeds)
    assert taken <= {url for _, url in feeds}
    items = yaml.safe_load(found.text)["sources"] or []
    assert [(one["name"].replace("$$", "$"), one["url"].replace("$$", "$")) for one in items] == [
        (n, u) for _, n, u in found.sources
    ]
    assert chosen(opml.read(text, "x.opml"), sources).sources == (), "nothing is watched twice"


def test_folders_are_looked_into_and_letters_of_any_case_understood() -> None:
    text = document(
        '<outline text="경제"><outline text="한빛" xmlUrl="https://a.example/rss"/>',
        '<outline TITLE="Daily &amp; Co" XMLURL=" https://b.example/feed?x=1&amp;y=2 "/></outline>',
        '<outline text="a page" htmlUrl="https://c.example/"/>',
    )
    assert opml.read(text, "x.opml") == (
        Subscription("한빛", "https://a.example/rss"),
        Subscription("Daily & Co", "https://b.example/feed?x=1&y=2"),
    )


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_korean_names_are_read_in_the_encodings_of_korea(tmp_path: Path, codec: str) -> None:
    label = {"cp949": "euc-kr", "utf-8-sig": "utf-8"}.get(codec, codec)
    text = f'<?xml version="1.0" encoding="{label}"?><opml><body><outline text="똑똑한 신문" xmlUrl="http://a.example/r"/></body></opml>'
    (tmp_path / "f.opml").write_bytes(text.encode(codec))
    assert read(tmp_path / "f.opml", []).sources == (("a", "똑똑한 신문", "http://a.example/r"),)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (BOMB, "document type or entities"),
        ('<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml/>', "document type or entities"),
        ('<opml><body><outline xmlUrl="&x;"/></body></opml>', "undefined entity"),
        ("<rss><channel/></rss>", "begins with <rss>"),
        ("<html><outline xmlUrl='http://a.example/'/></html>", "begins with <html>"),
        ("<opml><body>", "no element found"),
        ("", "no element found"),
        ("<opml>" + "<outline>" * 100, "deeper than 64"),
        (document('<outline xmlUrl="http://a.example/"/>' * 5_002), "more than 5000 feeds"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_hostile_documents_are_refused(text: str, reason: str) -> None:
    with pytest.raises(ExtractError, match=reason):
        opml.read(text, "x.opml")


def test_a_file_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "big.opml").write_bytes(b" " * (MAX_BYTES + 1))
    with pytest.raises(MonitorError, match=r"big\.opml is larger than 4 MB"):
        read(tmp_path / "big.opml", [])


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://a.example/rss", "http"),
        ("javascript:alert(1)", "http"),
        ("https://", "names a host"),
        ("https://a.example/a b", "without blanks"),
        ("https://[bad/", "http"),
        ("https://a.example/" + "x" * 2_000, "longer"),
        ("https://old.example/feed/", "old watches it already"),
        ("http://OLD.example/feed#top", "old watches it already"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_cannot_be_a_source_is_listed_with_the_reason(url: str, reason: str) -> None:
    present = [feed("old", "https://old.example/feed"), feed("a", "https://z.example/")]
    good = Subscription("", "https://a.example/rss")
    found = chosen([Subscription("x", url), good, good], present)
    assert found.sources == (("a-2", "a-2", good.url),)
    (first, twice) = found.left_out
    assert reason in first[1]
    assert twice == (good.url, "a-2 watches it already")


def test_what_is_no_feed_or_holds_a_secret_is_not_exported() -> None:
    text, left_out = exported(
        [
            feed("list", "https://l.example/", kind="list"),
            feed("secret", "https://s.example/?api_key=abcdef", "https://s.example/open"),
            feed("user", "https://u:p@s.example/"),
        ]
    )
    assert [one.url for one in opml.read(text, "x")] == ["https://s.example/open"]
    assert [source_id for source_id, _ in left_out] == ["list", "secret", "user"]
    assert "abcdef" not in f"{text}{left_out}"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("My Feeds (2).opml", "my-feeds-2"), ("구독.opml", "subscriptions"), ("..opml", "subscriptions")],
)
def test_the_new_file_is_called_after_the_old_one(name: str, wanted: str) -> None:
    assert file_id(Path("/x") / name) == wanted
