from __future__ import annotations

import pytest

from monitor.extract.feeds.scanning import Namespaces, scan


class Heard:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.events: list[str] = []

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        self.events.append(f"<{tag}{len(attributes) or ''}>")

    def text(self, piece: str, /) -> None:
        self.events.append(piece)

    def end(self, tag: str, /) -> None:
        self.events.append(f"</{tag}>")


def test_a_document_is_told_in_order() -> None:
    heard = Heard()
    assert scan("<a><b x='1'>가 &amp; 나</b></a>", heard) == ""
    assert "".join(heard.events) == "<a><b1>가 & 나</b></a>"


def test_what_stands_before_a_fault_is_told() -> None:
    heard = Heard()
    assert "mismatched" in scan("<a><b>가</b></c>", heard)
    assert heard.events[-1] == "</b>"


@pytest.mark.parametrize(
    ("attributes", "tag", "name"),
    [
        ({}, "Title", "title"),
        ({}, "DC:Date", "dc:date"),
        ({"xmlns": "http://www.w3.org/2005/Atom"}, "entry", "entry"),
        ({"xmlns:d": "http://purl.org/dc/elements/1.1/"}, "d:creator", "dc:creator"),
        ({"xmlns:n": "http://www.google.com/schemas/sitemap-news/0.9"}, "n:title", "news:title"),
        ({"xmlns:s": "http://www.sitemaps.org/schemas/sitemap/0.9"}, "s:loc", "loc"),
        ({"xmlns:image": "http://www.google.com/schemas/sitemap-image/1.1"}, "image:loc", "other:loc"),
        ({"xmlns:c": "http://purl.org/rss/1.0/modules/content/"}, "c:encoded", "content:encoded"),
        ({"xmlns:s": "http://purl.org/rss/1.0/modules/syndication/"}, "s:link", "other:link"),
        ({"xmlns:r": "http://purl.org/rss/1.0/"}, "r:item", "item"),
    ],
)
def test_a_name_is_told_by_its_namespace(attributes: dict[str, str], tag: str, name: str) -> None:
    namespaces = Namespaces()
    namespaces.declare(attributes)
    assert namespaces.name(tag) == name
