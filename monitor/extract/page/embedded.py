"""Article data that a page carries for its own scripts: what the server wrote down, so that the browser can draw it.

Known carriers: Next.js pages and its app router, Arc, states of other frameworks (`window.__INITIAL_STATE__ = {...}`),
and any `script[type="application/json"]`, all read by monitor.extract.text.scripts. Nothing is executed: only JSON is read.
Everything is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.generic.prose import size
from monitor.extract.text.markup import plain_text
from monitor.extract.text.scripts import FLIGHT, decoded, script_data

_NAMES = {
    "__next_f": (FLIGHT,),
    "Fusion.globalContent": ("Fusion.globalContent",),
    "__INITIAL_STATE__": ("window.__INITIAL_STATE__", "__INITIAL_STATE__"),
    "__PRELOADED_STATE__": ("window.__PRELOADED_STATE__", "__PRELOADED_STATE__"),
    "__APOLLO_STATE__": ("window.__APOLLO_STATE__", "__APOLLO_STATE__"),
}
_PURE = 'script[type="application/json"], script#__NEXT_DATA__'
_REFERENCE = re.compile(r"\$([0-9a-f]{1,8})")
_NODES = 20_000  # JSON values that are looked at
_SCRIPTS = 40
_LEAST_UNIX = 1_000_000_000
_LEAST = 200  # size of a text that may be an article
_PIECES = 2_000  # paragraphs of one article
_BODIES = (
    "articleBody", "contentHtml", "content_elements", "bodyHtml", "body", "content", "contents", "html", "text",
    "articleContent", "newsContent", "paragraphs", "blocks",
)  # fmt: skip
TITLES = ("headline", "title", "headlines", "newsTitle", "articleTitle", "subject")
SUBTITLES = ("subTitle", "subtitle", "subheadlines", "subheadline", "alternativeHeadline")
DATES = (
    "datePublished", "publishedAt", "published_at", "publishDate", "publish_date", "first_publish_date", "display_date",
    "firstPublishedAt", "pubDate", "deployDt", "publishDt",
)  # fmt: skip
_PIECE = ("content", "text", "value", "html", "paragraph")
_PROSE_TYPES = frozenset({"", "text", "header", "paragraph", "p", "heading", "quote", "html", "raw_html"})


@dataclass(frozen=True, slots=True)
class State:
    """An article as a page's own data tells it. `body` is HTML; `facts` is the object that holds it, for its other keys."""

    body: str = ""
    facts: Mapping[str, object] | None = None

    def stated(self, *keys: str) -> str:
        """Return the first of these keys that holds a text or Unix time, also as `{"basic": text}` (Arc); "" where none does."""
        for key in keys:
            value = (self.facts or {}).get(key)
            if isinstance(value, dict):
                value = value.get("basic")
            if isinstance(value, int) and value >= _LEAST_UNIX:
                return str(value)
            if isinstance(value, str) and value.strip() and not _REFERENCE.fullmatch(value):
                return plain_text(value)
        return ""


NO_STATE = State()


def read_state(tree: LexborHTMLParser, html: str) -> State:
    """Find the longest article in a page's data; NO_STATE where there is none. Never raises for any content."""
    best = NO_STATE
    for data in _sources(tree, html):
        rows = data if isinstance(data, dict) else {}
        for item in _objects(data):
            body = _body(item, rows)
            if size(body) > size(best.body):
                best = State(body, item)
    return best


def _sources(tree: LexborHTMLParser, html: str) -> Iterator[object]:
    """Return what the scripts hold that may hold an article."""
    for mark, names in _NAMES.items():
        if mark in html:
            yield from (script_data(tree, name) for name in names)
    if "application/json" in html or "__NEXT_DATA__" in html:
        for node in tree.css(_PURE)[:_SCRIPTS]:
            yield decoded(node.text().strip(), 0)


def _objects(data: object) -> Iterator[Mapping[str, object]]:
    """Walk all objects breadth first, a bounded number of values."""
    queue = [data]
    for item in queue:
        if len(queue) > _NODES:
            return
        if isinstance(item, list):
            queue.extend(value for value in item[:_NODES] if isinstance(value, dict | list))
        elif isinstance(item, dict):
            yield item
            queue.extend(value for value in item.values() if isinstance(value, dict | list))


def _body(item: Mapping[str, object], rows: Mapping[str, object]) -> str:
    """Return the body that an object with a title holds, as HTML; "" when it is no article."""
    if not any(item.get(key) for key in TITLES):
        return ""
    found = (_html(item[key], rows) for key in _BODIES if key in item)
    return max((body for body in found if size(body) >= _LEAST and " " in body), key=size, default="")


def _html(value: object, rows: Mapping[str, object]) -> str:
    """Return a text, or a list of paragraphs, as HTML."""
    if isinstance(value, str):
        reference = _REFERENCE.fullmatch(value)
        referred = rows.get(reference[1]) if reference else value
        return referred if isinstance(referred, str) else ""
    if not isinstance(value, list):
        return ""
    pieces = (_piece(item) for item in value[:_PIECES])
    return "".join(f"<p>{piece}</p>" for piece in pieces if piece)


def _piece(item: object) -> str:
    if isinstance(item, str):
        return item
    if not isinstance(item, dict) or str(item.get("type") or "").lower() not in _PROSE_TYPES:
        return ""
    return next((value for key in _PIECE if isinstance(value := item.get(key), str)), "")
