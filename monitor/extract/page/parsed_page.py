"""One parsed page with everything a reader needs to know about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.definitions.site import Site
from monitor.extract.page.head import Head, read_head
from monitor.extract.text.limits import check
from monitor.extract.text.markup import collapse_whitespace, plain_text
from monitor.extract.text.scripts import SCRIPT, follow, script_data, script_query

_HEADLINES = 3  # of a page that are looked at
_MOMENTS = ("datetime", "data-date-time", "data-modify-date-time")


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """`site` is None for a page nobody has described. `zone` is the IANA zone of times that state none. `headlines` are the
    first of its h1. `scripts` is what the page's scripts were found to hold, so that each is read once."""

    url: str
    html: str
    tree: LexborHTMLParser
    head: Head
    site: Site | None
    zone: str
    now: datetime
    headlines: tuple[LexborNode, ...] = ()
    scripts: dict[str, object] = field(default_factory=dict, repr=False)

    def find(self, selector: str) -> LexborNode | None:
        """Return the first element that the selector finds."""
        return self.tree.css_first(selector)

    def text(self, way: str) -> str:
        """Return the first text of a way; "" when there is none."""
        return next(self.texts(way), "")

    def texts(self, way: str) -> Iterator[str]:
        """Return every text of a selector or of a `@script` way: an element's own, the content of a meta element, the
        attribute in which a time element and its like keep the whole moment."""
        if way.startswith(SCRIPT):
            yield from (text for part in self.script(way) if (text := plain_text(part)))
            return
        for node in self.tree.css(way):
            if text := collapse_whitespace(_stated(node)):
                yield text

    def script(self, way: str) -> list[str]:
        """Return what a `@script` way finds, as it stands there."""
        name, steps = script_query(way)
        if name not in self.scripts:
            self.scripts[name] = script_data(self.tree, name)
        return follow(self.scripts[name], steps)


def _stated(node: LexborNode) -> str:
    """Return what an element says: attributes that hold a whole moment come before the text that people read."""
    attributes = node.attributes
    if node.tag == "meta":
        return attributes.get("content") or ""
    moment = next((value for name in _MOMENTS if (value := attributes.get(name))), None)
    return moment or node.text()


def parse_page(html: str, url: str, site: Site | None, zone: str, now: datetime) -> ParsedPage:
    """Parse a page, once. Raises ExtractError when the limits refuse it."""
    check(html, url)
    tree = LexborHTMLParser(html)
    headlines = tuple(tree.tags("h1")[:_HEADLINES])
    return ParsedPage(url, html, tree, read_head(tree), site, (site.zone if site else "") or zone, now, headlines)
