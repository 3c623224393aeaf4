"""Newspapers with a feed: RSS 2.0 and Atom 1.0, article pages with JSON-LD, all in UTF-8."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape
from urllib.parse import urlsplit

from tests.replica.furniture import furniture, most_read
from tests.replica.newsroom import Document, Setting
from tests.replica.piece import KST, Piece

PER_FEED = 40
ARTICLE = re.compile(r"/articles/(\d{1,9})")


@dataclass(frozen=True, slots=True)
class RssPaper:
    """A newspaper with an RSS 2.0 feed and a plain list page."""

    outlet: str = "새벽강일보"
    feed: str = "/rss.xml"

    @property
    def lists(self) -> Sequence[str]:
        """Return the path of the newest articles."""
        return ("/latest",)

    @property
    def feeds(self) -> Sequence[str]:
        """Return the path of the feed."""
        return (self.feed,)

    def path(self, number: int) -> str:
        """Return the path of an article."""
        return f"/articles/{number}"

    def document(self, setting: Setting, target: str) -> Document | None:
        """Return the feed, the list or an article."""
        return lay_out(self.outlet, setting, target, Feed(self.feed, "application/rss+xml", rss))


@dataclass(frozen=True, slots=True)
class AtomPaper:
    """A newspaper with an Atom feed (RFC 4287) and a plain list page."""

    outlet: str = "하늬담경제"
    feed: str = "/atom.xml"

    @property
    def lists(self) -> Sequence[str]:
        """Return the path of the newest articles."""
        return ("/latest",)

    @property
    def feeds(self) -> Sequence[str]:
        """Return the path of the feed."""
        return (self.feed,)

    def path(self, number: int) -> str:
        """Return the path of an article."""
        return f"/articles/{number}"

    def document(self, setting: Setting, target: str) -> Document | None:
        """Return the feed, the list or an article."""
        return lay_out(self.outlet, setting, target, Feed(self.feed, "application/atom+xml", atom))


@dataclass(frozen=True, slots=True)
class Feed:
    """Where a feed stands, what it calls itself, and how it is laid out."""

    path: str
    kind: str
    make: Callable[[str, Setting], str]


def lay_out(outlet: str, setting: Setting, target: str, feed: Feed) -> Document | None:
    """Return the document at a path of either newspaper."""
    path = urlsplit(target).path
    if path == feed.path:
        return Document(feed.make(outlet, setting), feed.kind, changed=setting.shelf.lists_changed)
    if path == "/latest":
        return Document(latest(outlet, setting), changed=setting.shelf.lists_changed)
    found = ARTICLE.fullmatch(path)
    piece = setting.shelf.pieces.get(int(found[1])) if found else None
    if piece is None:
        return None
    return Document(article(outlet, setting, piece), changed=setting.shelf.changed[piece.number])


def rss(outlet: str, setting: Setting, path: Callable[[int], str] = "/articles/{}".format) -> str:
    """Lay out an RSS 2.0 feed; dates by RFC 822 with the Korean offset."""
    items = "".join(
        f"<item><title>{escape(piece.title)}</title><link>{escape(setting.base + path(piece.number))}</link>"
        f'<guid isPermaLink="false">{piece.number}</guid><dc:creator>{piece.reporter}</dc:creator>'
        f"<description><![CDATA[{piece.paragraphs[0]}]]></description>"
        f"<pubDate>{format_datetime(piece.published_at.astimezone(KST))}</pubDate></item>"
        for piece in setting.shelf.newest()[:PER_FEED]
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{outlet}</title><link>{setting.base}/</link><description>{outlet} 전체기사</description>"
        f"<language>ko</language>{items}</channel></rss>\n"
    )


def atom(outlet: str, setting: Setting) -> str:
    """Lay out an Atom feed."""
    pieces = setting.shelf.newest()[:PER_FEED]
    entries = "".join(
        f"<entry><id>tag:{setting.base.split('/')[2].split(':')[0]},2025:{piece.number}</id>"
        f'<title type="text">{escape(piece.title)}</title>'
        f'<link rel="alternate" href="{setting.base}/articles/{piece.number}"/>'
        f"<author><name>{piece.reporter}</name></author><published>{stamp(piece)}</published>"
        f'<updated>{stamp(piece)}</updated><summary type="html">{escape(escape(piece.paragraphs[0]))}</summary></entry>'
        for piece in pieces
    )
    newest = stamp(pieces[0]) if pieces else "2025-01-01T00:00:00+09:00"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ko">'
        f"<id>{setting.base}/</id><title>{outlet}</title><updated>{newest}</updated>"
        f'<link rel="self" href="{setting.base}/atom.xml"/>{entries}</feed>\n'
    )


def stamp(piece: Piece) -> str:
    """Return the time of publication by RFC 3339, with the Korean offset."""
    return piece.published_at.astimezone(KST).isoformat()


def latest(outlet: str, setting: Setting) -> str:
    """Lay out the plain list page."""
    around = furniture(outlet, setting.size)
    rows = latest_rows(setting)
    return (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{outlet}</title>{around.head}</head>'
        f"<body>{around.before}<ul>{rows}</ul>{around.after}</body></html>\n"
    )


def latest_rows(setting: Setting, path: Callable[[int], str] = "/articles/{}".format) -> str:
    """Return the items of a plain list."""
    return "".join(
        f'<li><a href="{escape(path(piece.number))}">{escape(piece.title)}</a></li>'
        for piece in setting.shelf.newest()[:PER_FEED]
    )


def article(outlet: str, setting: Setting, piece: Piece) -> str:
    """Lay out an article page that says everything twice: in JSON-LD and in plain markup without telling classes."""
    around = furniture(outlet, setting.size)
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": piece.title,
        "alternativeHeadline": piece.subtitle,
        "datePublished": stamp(piece),
        "dateModified": stamp(piece),
        "author": [{"@type": "Person", "name": piece.reporter}],
        "publisher": {"@type": "Organization", "name": outlet},
        "mainEntityOfPage": f"{setting.base}/articles/{piece.number}",
    }
    ld = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    photo = f'<figure><img src="/p.jpg" alt=""><figcaption>{escape(piece.caption)}</figcaption></figure>'
    paragraphs = [f"<p>{escape(line)}</p>" for line in piece.paragraphs]
    return (
        f'<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>{escape(piece.title)} | {outlet}</title>'
        f'<meta property="og:title" content="{escape(piece.title)}">'
        f'<script type="application/ld+json">{ld}</script>{around.head}</head><body>{around.before}'
        f"<main><article><h1>{escape(piece.title)}</h1><h2>{escape(piece.subtitle)}</h2>"
        f'<div class="story">{paragraphs[0]}{photo}{"".join(paragraphs[1:])}</div></article>'
        f"{most_read('/articles/{number}')}</main>{around.after}</body></html>\n"
    )
