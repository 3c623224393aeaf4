"""What a page says about itself: meta tags, JSON-LD (schema.org), canonical link, language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborHTMLParser

_QUERY = 'meta, title, link[rel="canonical"], script[type="application/ld+json"]'
_ARTICLES_WORDS = (
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle "
    "ReviewNewsArticle BlogPosting LiveBlogPosting Report TechArticle SocialMediaPosting ScholarlyArticle "
    "AdvertiserContentArticle SatiricalArticle"
)
_ARTICLES = frozenset(_ARTICLES_WORDS.split())
_PAGES = frozenset({"WebPage", "ItemPage"})
_REVIEWS = frozenset({"ClaimReview", "MediaReview", "CriticReview", "Review"})
_DATES = ("datePublished", "dateCreated", "dateModified")
_PLAIN = re.compile(
    r'"(@type|headline|datePublished|dateModified|articleSection)"\s{0,9}:\s{0,9}"([^"\\\n]{1,300})"(?=\s{0,99}[,}])'
)
_SCRIPTS = 20
_SCRIPT_SIZE = 512 * 1024
_NODES = 500  # objects looked at in one JSON-LD script
_TOKENS = 200_000  # texts and brackets looked at in a script over the size
_TOKEN = re.compile(r'"(?P<text>[^"\\]*+(?:\\.[^"\\]*+)*+)"(?P<key>\s*+:)?|[{}\[\]]', re.DOTALL)
_KEPT = frozenset({"@graph", "mainEntity", "mainEntityOfPage", "@type", "author", "publisher", "articleSection"})
_LEAST_UNIX = 1_000_000_000


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
        if isinstance(value, int | float) and _LEAST_UNIX <= value < _LEAST_UNIX * 10_000:
            return str(int(value))  # Unix time, of a system that writes its times so
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
    """Return the article; where no script calls one so, the page that states when it was published, or the times of a review.

    An article that does not state its time takes those of its page or review.
    """
    article: Mapping[str, object] = {}
    page: Mapping[str, object] = {}
    review: Mapping[str, object] = {}
    for script in map(_shortened, scripts):
        data = _json(script)
        for item in _objects(_salvaged(script) if data is None else data):
            kinds = _kinds(item)
            if not _ARTICLES.isdisjoint(kinds):
                if item.get("datePublished") and not article:
                    return item
                article = article or item
            elif item.get("datePublished") and not _PAGES.isdisjoint(kinds):
                page = page or item
            elif item.get("datePublished") and not _REVIEWS.isdisjoint(kinds):
                review = review or {key: item[key] for key in _DATES if key in item}
    if article:
        stated = page or review
        return {**article, "datePublished": stated["datePublished"]} if stated else article
    return page or review


def _kinds(item: Mapping[str, object]) -> set[str]:
    """Return the types of an object, also of those that are written as addresses (`https://schema.org/NewsArticle`)."""
    kind = item.get("@type")
    names = [name for name in (kind if isinstance(kind, list) else [kind]) if isinstance(name, str)]
    return {name.replace(":", "/").rpartition("/")[2] for name in names}


def _shortened(script: str) -> str:
    """Return a script that is over the size without the lists and objects that say nothing of the article itself: the
    hundreds of posts of a live page, each with its own times."""
    if len(script) <= _SCRIPT_SIZE:
        return script
    kept: list[str] = []
    at = depth = 0
    key = ""
    for token in islice(_TOKEN.finditer(script), _TOKENS):
        mark = token[0][0]
        if depth:
            depth += (mark in "{[") - (mark in "}]")
            at = token.end()
        elif mark in "{[" and key and key not in _KEPT:
            kept.extend((script[at : token.start()], "null"))
            depth, at = 1, token.end()
        key = (token["text"] if token["key"] else "") if mark == '"' else ""
    return "".join(kept) + ("" if depth else script[at:])


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
