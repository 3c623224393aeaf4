"""One parsed page with everything a reader needs to know about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.gate import check
from monitor.extract.head import Head, read_head
from monitor.extract.site import Site
from monitor.extract.text import squeeze


@dataclass(frozen=True, slots=True)
class Sheet:
    """`site` is None for a page nobody has described. `zone` is the IANA zone of times that state none."""

    url: str
    html: str
    tree: LexborHTMLParser
    head: Head
    site: Site | None
    zone: str
    now: datetime

    def find(self, selector: str) -> LexborNode | None:
        """Answer the first element that the selector finds."""
        return self.tree.css_first(selector)

    def text(self, selector: str) -> str:
        """Answer the text of the first element that has any; the content of a meta element."""
        for node in self.tree.css(selector):
            text = squeeze(node.attributes.get("content") or "" if node.tag == "meta" else node.text())
            if text:
                return text
        return ""


def open_sheet(html: str, url: str, site: Site | None, zone: str, now: datetime) -> Sheet:
    """Parse a page, once. Raises ExtractError when the gate refuses it."""
    check(html, url)
    tree = LexborHTMLParser(html)
    return Sheet(url, html, tree, read_head(tree), site, (site.zone if site else "") or zone, now)
