"""Article data that a page carries for its own scripts: what the server wrote down, so that the browser can draw it.

Known carriers: Next.js pages (`script#__NEXT_DATA__`), the Next.js app router (React "flight" rows in
`self.__next_f.push`), Arc (`Fusion.globalContent`), states of other frameworks (`window.__INITIAL_STATE__ = {...}`),
and any `script[type="application/json"]`. Nothing is executed: only JSON is read. Everything is bounded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.prose import size
from monitor.extract.text import plain

_MARKS = ("__NEXT_DATA__", "__next_f", "Fusion.globalContent", "_STATE__", "application/json")
_ASSIGNED = re.compile(r"(?:Fusion\.globalContent|__(?:INITIAL|PRELOADED|APOLLO)_STATE__)\s*=\s*(?=[{\[])")
_PUSHED = re.compile(r"self\.__next_f\.push\(\s*(?=\[)")
_ROW = re.compile(r"([0-9a-f]{1,8}):(?:T([0-9a-f]{1,8}),)?")
_REFERENCE = re.compile(r"\$([0-9a-f]{1,8})")
_NODES = 20_000  # JSON values that are looked at
_SCRIPTS = 400
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
    "firstPublishedAt", "pubDate",
)  # fmt: skip
_PIECE = ("content", "text", "value", "html", "paragraph")
_PROSE_TYPES = frozenset({"", "text", "header", "paragraph", "p", "heading", "quote", "html", "raw_html"})
_DECODER = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class State:
    """An article as a page's own data tells it. `body` is HTML; `facts` is the object that holds it, for its other keys."""

    body: str = ""
    facts: Mapping[str, object] | None = None

    def stated(self, *keys: str) -> str:
        """Answer the first of these keys that holds a text, also as `{"basic": text}` (Arc); "" where none does."""
        for key in keys:
            value = (self.facts or {}).get(key)
            if isinstance(value, dict):
                value = value.get("basic")
            if isinstance(value, str) and value.strip() and not _REFERENCE.fullmatch(value):
                return plain(value)
        return ""


NO_STATE = State()


def read_state(tree: LexborHTMLParser, html: str) -> State:
    """Find the longest article in a page's data; NO_STATE where there is none. Never raises for any content."""
    if not any(mark in html for mark in _MARKS):
        return NO_STATE
    scripts = (node.text() for node in tree.css("script:not([src])")[:_SCRIPTS])
    best = NO_STATE
    for data, rows in _sources(scripts):
        for item in _objects(data):
            body = _body(item, rows)
            if size(body) > size(best.body):
                best = State(body, item)
    return best


def _sources(scripts: Iterable[str]) -> Iterator[tuple[object, Mapping[str, str]]]:
    """Read the scripts that hold data; with each, the long texts that its values may refer to."""
    pushed: list[str] = []
    for script in scripts:
        if "__next_f" in script:
            pushed.extend(_pushed(script))
        elif len(script) < _LEAST:
            continue
        elif script.lstrip()[:1] in {"{", "["}:
            yield _json(script.strip(), 0), {}
        else:
            for found in _ASSIGNED.finditer(script):
                yield _json(script, found.end()), {}
    if pushed:
        rows, texts = _rows("".join(pushed))
        yield rows, texts


def _pushed(script: str) -> Iterator[str]:
    for found in _PUSHED.finditer(script):
        data = _json(script, found.end())
        if isinstance(data, list) and len(data) > 1 and isinstance(data[1], str):
            yield data[1]


def _rows(stream: str) -> tuple[list[object], dict[str, str]]:
    """Take a flight stream apart: `id:json` up to the line's end, or `id:Tlength,text` with its length in UTF-8 bytes."""
    data = stream.encode("utf-8", "surrogatepass")
    rows: list[object] = []
    texts: dict[str, str] = {}
    at = 0
    while at < len(data) and len(rows) + len(texts) < _NODES:
        found = _ROW.match(data[at : at + 32].decode("latin-1"))
        if found and found[2]:
            start = at + found.end()
            at = start + int(found[2], 16)
            texts[found[1]] = data[start:at].decode("utf-8", "replace")
            continue
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        line = data[at + found.end() if found else end : end].decode("utf-8", "replace")
        if line[:1] in {"{", "["}:
            rows.append(_json(line, 0))
        at = end + 1
    return rows, texts


def _json(text: str, at: int) -> object:
    """Read the JSON value that begins there; None when it is none."""
    try:
        return _DECODER.raw_decode(text, at)[0]
    except (ValueError, RecursionError):
        return None


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


def _body(item: Mapping[str, object], texts: Mapping[str, str]) -> str:
    """Answer the body that an object with a title holds, as HTML; "" when it is no article."""
    if not any(item.get(key) for key in TITLES):
        return ""
    found = (_html(item[key], texts) for key in _BODIES if key in item)
    return max((body for body in found if size(body) >= _LEAST and " " in body), key=size, default="")


def _html(value: object, texts: Mapping[str, str]) -> str:
    """Answer a text, or a list of paragraphs, as HTML."""
    if isinstance(value, str):
        reference = _REFERENCE.fullmatch(value)
        return texts.get(reference[1], "") if reference else value
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
