"""What a page says about itself: meta tags, JSON-LD (schema.org), canonical link, language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

_QUERY = 'meta, title, link[rel="canonical"], script[type="application/ld+json"]'
_ARTICLES_WORDS = (
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle "
    "ReviewNewsArticle BlogPosting LiveBlogPosting Report TechArticle SocialMediaPosting"
)
_ARTICLES = frozenset(_ARTICLES_WORDS.split())
_PAGES = frozenset({"WebPage", "ItemPage"})
_PLAIN = re.compile(
    r'"(@type|headline|datePublished|dateModified|articleSection)"\s{0,9}:\s{0,9}"([^"\\\n]{1,300})"(?=\s{0,99}[,}])'
)
_SCRIPTS = 20
_SCRIPT_SIZE = 512 * 1024
_NODES = 500  # objects looked at in one JSON-LD script


@dataclass(frozen=True, slots=True)
class Head:
    """Metadata of one page. `meta` is keyed by the lower-cased property, name or itemprop; the first one wins, empty
    ones do not count. `article` is the JSON-LD object of the article, or of a dated page; {} where there is none.
    `refresh` is what the page's first refresh says: seconds, and where to."""

    meta: Mapping[str, str]
    title: str
    canonical: str
    lang: str
    article: Mapping[str, object]
    refresh: str = ""

    def first(self, *names: str) -> str:
        """Return the first of these meta tags that is there; "" when none is."""
        return next((value for name in names if (value := self.meta.get(name))), "")

    def stated(self, key: str) -> str:
        """Return a text of the JSON-LD article, "" where it is missing or no text."""
        value = self.article.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = value.get("name") or value.get("@value")
        return value.strip() if isinstance(value, str) else ""


def read_head(tree: LexborHTMLParser) -> Head:
    """Collect the metadata in one query. Never raises for any markup."""
    meta: dict[str, str] = {}
    title = canonical = refresh = ""
    scripts: list[str] = []
    for node in tree.css(_QUERY):
        attributes = node.attributes
        if node.tag == "meta":
            key = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
            value = (attributes.get("content") or "").strip()
            if key and value:
                meta.setdefault(key.lower(), value)
            elif value and not refresh and (attributes.get("http-equiv") or "").strip().lower() == "refresh":
                refresh = value
        elif node.tag == "title":
            title = title or node.text().strip()
        elif node.tag == "link":
            canonical = canonical or (attributes.get("href") or "").strip()
        else:
            scripts.append(node.text())
    root = tree.root
    lang = (root.attributes.get("lang") or "") if root is not None else ""
    return Head(meta, title, canonical, lang.strip(), _article(scripts[:_SCRIPTS]), refresh)


def names_of(value: object) -> tuple[str, ...]:
    """Read schema.org authors: a text, an object with a name, or a list of them."""
    items = value if isinstance(value, list) else [value]
    found = [item.get("name") if isinstance(item, dict) else item for item in items[:20]]
    flat = [name for item in found for name in (item if isinstance(item, list) else [item])]
    return tuple(name for name in flat if isinstance(name, str) and name.strip())


def _article(scripts: list[str]) -> Mapping[str, object]:
    """Return the article; where no script calls one so, the page that states when it was published."""
    page: Mapping[str, object] = {}
    for script in scripts:
        data = _json(script)
        for item in _objects(_salvaged(script) if data is None else data):
            kind = item.get("@type")
            kinds = {name for name in (kind if isinstance(kind, list) else [kind]) if isinstance(name, str)}
            if not _ARTICLES.isdisjoint(kinds):
                return item
            if not page and not _PAGES.isdisjoint(kinds) and item.get("datePublished"):
                page = item
    return page


def _salvaged(script: str) -> dict[str, object]:
    """Read the plain texts out of a script that is not quite JSON (a comma too many, a quote of the wrong kind)."""
    found: dict[str, object] = {}
    for key, value in _PLAIN.findall(script) if len(script) <= _SCRIPT_SIZE else ():
        found.setdefault(key, value)
    return found if len(found) > 1 else {}


def _json(script: str) -> object:
    """Read a script; sites leave raw newlines, comments and semicolons in. None when it is no JSON."""
    text = script.strip().removeprefix("<!--").removeprefix("//<![CDATA[").removeprefix("<![CDATA[")
    text = text.strip().removesuffix("-->").removesuffix("//]]>").removesuffix("]]>").rstrip("; \n\r\t")
    if len(text) > _SCRIPT_SIZE:
        return None
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _objects(data: object) -> Iterator[dict[str, object]]:
    """Walk lists, @graph and mainEntity breadth first, a bounded number of objects."""
    queue = [data]
    for item in queue:
        if len(queue) > _NODES:
            return
        if isinstance(item, list):
            queue.extend(item[:_NODES])
        elif isinstance(item, dict):
            yield item
            queue.extend(item[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in item)
