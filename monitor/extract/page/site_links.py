"""Where a site may show its news: feeds it advertises, sitemaps its robots.txt names, its lists, and common paths."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.page.head import read_head
from monitor.extract.text.limits import check
from monitor.extract.text.markup import collapse_whitespace
from monitor.extract.text.urls import bare, joined

MOST = 8  # of one kind on one page

FEED_PATHS = ("/rss/allArticle.xml", "/rss.xml", "/rss", "/feed", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json")
MAP_PATHS = ("/sitemap-news.xml", "/news-sitemap.xml", "/sitemap_news.xml", "/sitemap.xml")

# https://html.spec.whatwg.org/multipage/links.html#rel-alternate names the first two, jsonfeed.org the others.
_FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/xml"}
)
_FEED_LINK = re.compile(r"(?:^|[/._-])(?:rss|atom|feeds?)(?:[/._-]|\.xml|$)|\.(?:rss|rdf)$", re.IGNORECASE)
_LIST_LINK = re.compile(
    r"list|section|categor|news/?$|articles?/?$|economy|politics|society|world|tech|/it/?$", re.IGNORECASE
)
_LIST_TEXT = re.compile(
    r"^(?:전체|최신|전체기사|최신기사|최신뉴스|뉴스|경제|정치|사회|산업|국제|IT.{0,6}|latest|news|all)$", re.IGNORECASE
)
_SITEMAP = re.compile(r"^\s*sitemap\s*:\s*(\S{1,2000})", re.IGNORECASE | re.MULTILINE)
_PUBLIC_SUFFIX = frozenset({"co", "com", "or", "ne", "go", "ac", "re", "pe", "net", "org"})


def site_name(html: str, url: str) -> str:
    """Return what a site calls itself, on one line of at most 80 characters; its host where it says nothing.

    Raises ExtractError when the limits refuse the page.
    """
    check(html, url)
    head = read_head(LexborHTMLParser(html))
    stated = head.first("og:site_name") or re.split(r"\s*[|:：]\s+|\s+-\s+", head.title)[0]
    return collapse_whitespace(stated)[:80] or urlsplit(url).hostname or url


def stem(url: str) -> str:
    """Return what an id of the site may begin with: the name that was registered, in the letters that ids have."""
    host = bare((urlsplit(url).hostname or "").lower())
    labels = host.split(".")
    if host.replace(".", "").isdecimal() or ":" in host:
        chosen = host
    elif len(labels) > 2 and labels[-2] in _PUBLIC_SUFFIX:  # noqa: PLR2004 - paper.co.kr has three
        chosen = labels[-3]
    else:
        chosen = labels[-2] if len(labels) > 1 else host
    return re.sub(r"[^a-z0-9]+", "-", chosen).strip("-")[:50] or "source"


def feed_links(html: str, url: str) -> tuple[str, ...]:
    """Return feeds that a page advertises (`<link rel=alternate>`), then those it links to; at most eight.

    Raises ExtractError when the limits refuse the page.
    """
    check(html, url)
    tree = LexborHTMLParser(html)
    found = [
        *_advertised(tree, url),
        *(link for link, _ in _anchors(tree, url) if _FEED_LINK.search(urlsplit(link).path)),
    ]
    return tuple(dict.fromkeys(found))[:MOST]


def list_links(html: str, url: str) -> tuple[str, ...]:
    """Return pages of the same site that look like lists of news, at most eight. Raises ExtractError."""
    check(html, url)
    found = (
        link
        for link, text in _anchors(LexborHTMLParser(html), url)
        if (_LIST_TEXT.match(text) and urlsplit(link).hostname == urlsplit(url).hostname) or _is_list(link, url)
    )
    return tuple(dict.fromkeys(link for link in found if link.rstrip("/") != url.rstrip("/")))[:MOST]


def robots_maps(robots: str, url: str) -> tuple[str, ...]:
    """Return the sitemaps that a robots.txt names (sitemaps.org), those of news first, at most eight."""
    found = [link for stated in _SITEMAP.findall(robots) if (link := _absolute(url, stated))]
    return tuple(sorted(dict.fromkeys(found), key=lambda link: "news" not in link.lower()))[:MOST]


def _is_list(link: str, url: str) -> bool:
    target = urlsplit(link)
    same = target.hostname == urlsplit(url).hostname
    return same and not re.search(r"\d{5,}", target.path) and _LIST_LINK.search(target.path) is not None


def _advertised(tree: LexborHTMLParser, url: str) -> Iterator[str]:
    for node in tree.css("link[rel][href]"):
        words = (node.attributes.get("rel") or "").lower().split()
        kind = (node.attributes.get("type") or "").split(";")[0].strip().lower()
        if "alternate" in words and kind in _FEED_TYPES:
            link = _absolute(url, node.attributes.get("href") or "")
            if link:
                yield link


def _anchors(tree: LexborHTMLParser, url: str) -> Iterator[tuple[str, str]]:
    for node in tree.css("a[href]")[:5_000]:
        link = _absolute(url, node.attributes.get("href") or "")
        if link:
            yield link, collapse_whitespace(node.text())[:40]


def _absolute(base: str, href: str) -> str:
    """Return an http(s) URL without its fragment; "" for anything else."""
    link = joined(base, href).partition("#")[0]
    try:
        scheme = urlsplit(link).scheme
    except ValueError:
        return ""
    return link if scheme in {"http", "https"} and len(link) <= 2_000 else ""  # noqa: PLR2004 - nobody's list is longer
