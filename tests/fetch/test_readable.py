"""What is read by its own beginning, whatever it is called, and what stays refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.fetch.readable import is_readable

TYPES = (
    *(
        "application/octet-stream",
        "application/rss",
        "application/x-xml",
        "binary/octet-stream",
        "image/svg",
        "image/png",
    ),
    *(
        "text/css",
        "application/force-download",
        "text/calendar",
        "video/mp4",
        "text/javascript",
        "rss",
        "*/*",
        "xml;q=1",
    ),
)
FEEDS = (
    b'<?xml version="1.0" encoding="EUC-KR"?><rss version="2.0"><channel/></rss>',
    b'\xef\xbb\xbf\n<?xml version="1.0"?>\n<!-- made - by a CMS -->\n<feed xmlns="http://www.w3.org/2005/Atom"></feed>',
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>',
    b'<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?><urlset><url/></urlset>',
    b"<!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>",
    b"<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'/>",
    b"<sitemapindex>",
    '<?xml version="1.0"?><rss><channel/></rss>'.encode("utf-16"),
    b'{"version": "https://jsonfeed.org/version/1.1", "items": []}',
    b' [{"title": "a"}]\n',
)
NOT_TEXT = (
    *(b"\x89PNG\r\n\x1a\n" + bytes(64), b"%PDF-1.7 <rss>", b"PK\x03\x04<rss/>", b"GIF89a", b"\xff\xd8\xff\xe0", b""),
    *(
        b"{",
        b"[1, 2",
        b"{} = rss",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html>rss</html>",
        b"body { rss: 1 }",
    ),
    *(b"<!-- <rss> ", b"<rssx>", b"[" * 100_000 + b"]"),
)


@pytest.mark.parametrize("kind", TYPES)
def test_a_feed_is_known_by_its_first_bytes(kind: str) -> None:
    assert [body for body in FEEDS if not is_readable(kind, body)] == []


@pytest.mark.parametrize("kind", TYPES)
def test_what_is_neither_feed_nor_json_stays_refused(kind: str) -> None:
    assert [body for body in NOT_TEXT if is_readable(kind, body)] == []


@given(st.sampled_from(FEEDS), st.integers(0, 40), st.binary(max_size=40))
def test_no_body_breaks_the_look(body: bytes, cut: int, tail: bytes) -> None:
    assert is_readable("application/octet-stream", body[:cut] + tail) in {True, False}


@given(st.integers(1, 4000))
def test_a_long_run_of_openings_is_no_feed(count: int) -> None:
    assert not is_readable("image/png", b"<!--" * count + b"<?" * count)
