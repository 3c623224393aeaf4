"""One pass of expat over a repaired feed or sitemap, without a tree: memory is bounded by what the scanner keeps.

Names are told by what their namespace means, whatever prefix the document gives it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from xml.parsers import expat

# What a namespace is called here, by a part of its URI; the first one that fits counts. "" is the document's own language.
_PREFIXES = (
    ("purl.org/dc/elements", "dc:"),
    ("purl.org/dc/terms", "dcterms:"),
    ("rss/1.0/modules/content", "content:"),
    ("itunes.com/dtds", "itunes:"),
    ("search.yahoo.com/mrss", "media:"),
    ("purl.org/rss/1.0/modules", "other:"),
    ("sitemap-news", "news:"),
    *(
        (own, "")
        for own in ("purl.org/rss", "purl.org/atom", "w3.org/2005/atom", "netscape.com/rdf", "backend.userland.com")
    ),
    *((own, "") for own in ("1999/xhtml", "sitemaps.org", "schemas/sitemap/")),
)


class Namespaces:
    """The prefixes that a document has declared so far."""

    def __init__(self) -> None:
        self._declared: dict[str, str] = {}

    def declare(self, attributes: Mapping[str, str]) -> None:
        """Take the declarations among an element's attributes."""
        for key, value in attributes.items():
            if key == "xmlns" or key.startswith("xmlns:"):
                self._declared[key[6:]] = _meaning(value)

    def name(self, tag: str) -> str:
        """Return an element's name in lower case, behind the prefix that its namespace has here."""
        prefix, _, local = tag.rpartition(":")
        return self._declared.get(prefix, f"{prefix.lower()}:" if prefix else "") + local.lower()


class XmlScanner(Protocol):
    """Keeps what it needs of the events of one document."""

    def start(self, tag: str, attributes: dict[str, str], /) -> None:
        """Open an element."""

    def text(self, piece: str, /) -> None:
        """Take characters."""

    def end(self, tag: str, /) -> None:
        """Close an element."""


def scan(text: str, scanner: XmlScanner) -> str:
    """Hand a document to a scanner; return "", or what is not well-formed in it: the scanner has seen what stands before."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = scanner.start, scanner.end
    parser.CharacterDataHandler = scanner.text
    try:
        parser.Parse(text, True)  # noqa: FBT003 - expat's signature
    except expat.ExpatError as error:
        return str(error)
    return ""


def _meaning(namespace: str) -> str:
    """Return the prefix that stands for a namespace; none at all is the document's own language."""
    lowered = namespace.lower()
    return next((prefix for part, prefix in _PREFIXES if part in lowered), "other:" if lowered else "")
