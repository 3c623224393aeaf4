"""Items of a well-formed feed, whatever its dialect: RSS 0.9 to 2.0, RDF, Atom 0.3 and 1.0, CDF.

Only direct children of an item speak for it, so that a picture's title or an inner feed's link cannot; those of its
`media:group` are as good.
Text constructs are given back as HTML (RFC 4287 section 3.1): inline markup is written out, plain text escaped, base64
decoded. Links are joined to the xml:base that holds where they stand.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from monitor.extract.feeds.scanning import Namespaces, scan
from monitor.extract.text.urls import joined

MOST = 2_000  # items of one feed

_NAMES: Mapping[str, str] = {
    "title": "title",
    **dict.fromkeys(("dc:title", "media:title"), "spare title"),
    **dict.fromkeys(("description", "summary", "dc:description", "abstract"), "summary"),
    **dict.fromkeys(("itunes:summary", "media:description"), "summary"),
    **dict.fromkeys(("dcterms:issued", "dcterms:created", "dcterms:date", "dcterms:available"), "spare published"),
    **dict.fromkeys(("content", "content:encoded", "body", "fullitem"), "content"),
    **dict.fromkeys(("pubdate", "published", "issued", "dc:date", "created"), "published"),
    **dict.fromkeys(("updated", "modified", "dcterms:modified"), "updated"),
    **dict.fromkeys(("author", "dc:creator", "dc:author", "itunes:author"), "author"),
    **dict.fromkeys(("id", "guid"), "id"),
    "link": "link",
}
_TEXTS = frozenset({"title", "spare title", "summary", "content"})
_GROUPED = frozenset({"media:title", "media:description"})
_XML = ("/xml", "+xml", "/json", "/html")  # of other types RFC 4287 section 4.1.3.3 says that they are base64


@dataclass(slots=True)
class _FeedScan:
    """Where expat is: `depth` in the document; `item`, `group` and `at` the depths of the open item, its media:group and its
    field (0: none)."""

    bases: list[str]
    namespaces: Namespaces = field(default_factory=Namespaces)
    items: list[dict[str, str]] = field(default_factory=list)
    depth: int = 0
    item: int = 0
    group: int = 0
    at: int = 0
    name: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    inline: bool = False
    person: str = ""
    names: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element."""
        self.depth += 1
        self.namespaces.declare(attributes)
        self.bases.append(joined(self.bases[-1], attributes.get("xml:base", "")) or self.bases[-1])
        name = self.namespaces.name(tag)
        if self.at:
            self._inside(tag, name, attributes)
        elif self.item and self.depth == (self.group or self.item) + 1:
            if name == "media:group" and not self.group:
                self.group = self.depth
                return
            self.name, self.attributes = _NAMES.get(name, "") if not self.group or name in _GROUPED else "", attributes
            self.at, self.pieces, self.inline, self.names = (self.depth if self.name else 0), [], False, []
        elif not self.item and name in {"item", "entry"} and len(self.items) < MOST:
            self.item = self.depth
            href = attributes.get("href") or attributes.get("HREF", "")  # CDF
            self.items.append({"link": joined(self.bases[-1], href)} if href else {})

    def text(self, piece: str) -> None:
        """Take characters."""
        if self.at:
            self.pieces.append(escape(piece, quote=False) if self.inline else piece)

    def end(self, tag: str) -> None:
        """Close an element."""
        if self.at and self.depth == self.at:
            self._keep(self.items[-1])
            self.at = 0
        elif self.at:
            if self.name == "author" and self.person:
                self.names.append("".join(self.pieces).strip())
                self.person = ""
            self.pieces.append(f"</{tag}>" if self.inline else "")
        elif self.depth == self.group:
            self.group = 0
        elif self.depth == self.item:
            item = self.items[-1]
            item.setdefault("title", item.get("spare title", ""))
            if "spare published" in item:
                item.setdefault("published", item["spare published"])
            self.item = 0
        self.bases.pop()
        self.depth -= 1

    def _inside(self, tag: str, name: str, attributes: Mapping[str, str]) -> None:
        """Meet an element inside a field: a part of a person, or markup."""
        if self.name == "author":
            self.person = "name" if name == "name" else ""
            self.pieces = []
        elif self.name in _TEXTS:
            if not self.inline:
                self.inline, self.pieces = True, [escape("".join(self.pieces), quote=False)]
            self.pieces.append(f"<{tag} href='#'>" if "href" in attributes else f"<{tag}>")

    def _keep(self, item: dict[str, str]) -> None:
        """Take the closed field into its item."""
        value = "".join(self.pieces).strip()
        match self.name:
            case "link":
                self._link(item, value)
            case "author":
                names = ", ".join(filter(None, self.names)) or ("" if self.inline else value)
                item["author"] = ", ".join(filter(None, (item.get("author", ""), names)))
            case "title" | "spare title" | "summary" | "content":
                text = value if self.inline else _html(value, self.attributes)
                first = item.setdefault(self.name, text) if text else text
                if text != first and self.name in {"summary", "content"}:
                    item["further"] = f"{item['further']}<br>{text}" if "further" in item else text
            case "id":
                item.setdefault("id", value)
            case name:
                if value:
                    item[name] = value

    def _link(self, item: dict[str, str], value: str) -> None:
        """Take a link: of several without a relation the last, of alternates the first (RFC 4287 section 4.2.7.2)."""
        stated = self.attributes.get("href", "").strip() or value
        relation = self.attributes.get("rel")
        if stated and (relation is None or (relation == "alternate" and not item.get("link"))):
            item["link"] = joined(self.bases[-1], stated)


def read_items(text: str, url: str) -> tuple[list[dict[str, str]], bool]:
    """Return the items of a repaired feed, at most 2,000: title, link, id, published, updated, summary, content, author, and
    `further`, what other elements of summary or content say.

    With them whether the text is well-formed; of one that is not, the items before the fault that were closed.
    """
    found = _FeedScan([url])
    if scan(text, found):
        return found.items[: -1 if found.item else None], False
    return found.items, True


def _html(text: str, attributes: Mapping[str, str]) -> str:
    """Return a text construct without inline markup as HTML."""
    kind = attributes.get("type", "").lower()
    if attributes.get("mode") == "base64" or ("/" in kind and not kind.startswith("text/") and not kind.endswith(_XML)):
        return _decoded(text)
    return escape(text, quote=False) if kind in {"text", "text/plain"} and "mode" not in attributes else text


def _decoded(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        return text
