"""OPML, in which feed readers hand each other their subscriptions -> outlines with a feed; and the same the other way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from xml.parsers import expat

from monitor.model.errors import ExtractError

MOST = 5_000
DEPTH = 64


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription: what it is called, "" where it is not, and the address of its feed, as it is written."""

    name: str
    url: str


class _Outlines:
    """Keeps the outlines that name a feed; folders are only looked into."""

    def __init__(self) -> None:
        self.found: list[Subscription] = []
        self.fault = ""
        self._depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Open an element. Raises ValueError for a document that is no OPML, or too much."""
        if self._depth == 0 and tag.lower() != "opml":
            raise ValueError(f"this is no OPML: it begins with <{tag[:40]}>")
        self._depth += 1
        if self._depth > DEPTH or len(self.found) > MOST:
            raise ValueError(f"more than {MOST} feeds, or folders deeper than {DEPTH}")
        given = {key.lower(): value for key, value in attributes.items()}
        if tag.lower() == "outline" and (url := given.get("xmlurl", "").strip()):
            self.found.append(Subscription(_plain(given.get("text") or given.get("title") or ""), url))

    def end(self, _tag: str) -> None:
        """Close an element."""
        self._depth -= 1

    def doctype(self, *_declaration: object) -> None:
        """Refuse a document type, the place of entities. Raises ValueError."""
        raise ValueError("it declares a document type or entities, which no OPML needs")


def read(text: str, place: str) -> tuple[Subscription, ...]:
    """Return the outlines that name a feed, in their order; `place` is named by errors.

    Raises ExtractError: not well-formed, no OPML, a document type or entities, too deep or too many.
    """
    outlines, parser = _Outlines(), expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = outlines.start, outlines.end
    parser.StartDoctypeDeclHandler = outlines.doctype
    try:
        parser.Parse(text.lstrip("\ufeff \t\r\n"), True)  # noqa: FBT003 - expat's signature
    except (expat.ExpatError, ValueError) as error:
        raise ExtractError(place, f"cannot be read as OPML: {error}") from error
    return tuple(outlines.found)


def write(outlines: Iterable[Subscription]) -> str:
    """Return an OPML 2.0 document of these feeds."""
    lines = [
        f'    <outline type="rss" text="{escape(_plain(one.name))}" xmlUrl="{escape(one.url)}"/>' for one in outlines
    ]
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n  <head><title>monitor</title></head>\n  <body>'
    )
    return "\n".join([head, *lines, "  </body>\n</opml>\n"])


def _plain(name: str) -> str:
    """Return a name on one line, without what no file of ours may hold."""
    return " ".join("".join(char if char.isprintable() else " " for char in name).split())
