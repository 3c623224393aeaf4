"""What a list said of an article, held against what its page says. Pure.

A page that answers 200 may be no article: a notice, a robot check, a login, the front page. The entry's own headline and
summary are therefore always matched; what a page says can only add. Where a page has nothing of the headline and nothing
of an article either, the entry stands alone.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from itertools import pairwise
from typing import Final
from urllib.parse import urlsplit

from monitor.extract.page.article_page import from_entry
from monitor.model.article import Article, Entry

NOT_THE_ARTICLE: Final = "page"
"""The note in `field_sources` that says why a page did not count."""

_RUN: Final = re.compile(r"[가-힣]+|[一-鿿]+|[぀-ヿ]+|[^\W_]+")
_MARK: Final = re.compile(r"\[[^\]]{1,12}\]|\([^)]{1,8}\)|<[^>]{1,12}>|【[^】]{1,12}】")
_CUT: Final = " .…‥·[]()"  # lists cut texts and end them so
_LEAST: Final = 0.25  # of a headline's pieces stand somewhere in its article; by chance a tenth do
_FEWEST: Final = 3  # a headline of fewer pieces says too little to judge by
_LONG: Final = 400  # characters of running text that no notice has
_STATED: Final = frozenset({"site", "jsonld", "meta", "state"})
_SHOWN: Final = 60  # characters of a foreign title in the note


def beside(article: Article, entry: Entry, arrived_at: str) -> Article:
    """Return the article with what the list said and the page does not, or, where the page is not its own, the entry alone.

    `arrived_at` is the URL that the page came from.
    """
    given = [entry.text] if article.field_sources.get("body") == "entry" else []  # speaks for the list, not the page
    own = [text for text in article.fields().values() if text not in given]
    if _stands_in(own, entry.title) and _stands_in([*own, *given], entry.summary):
        return article  # word for word, as nearly always: nothing has to be folded
    folded = [_folded(text) for text in own]
    title = entry.title if _says_more(entry.title, folded) else ""
    summary = entry.summary if not given and _says_more(entry.summary, folded) else ""
    if not title and not summary:
        return article
    strange = title and not _is_of(entry.title, " ".join(folded))
    foreign = strange and (is_front(arrived_at, entry.url) or not _is_article(article))
    if foreign or (title and entry.shares_page):
        alone = from_entry(entry, article.source_id, article.first_seen_at)
        seen = " ".join(article.title.split())[:_SHOWN]
        return replace(
            alone, field_sources={**alone.field_sources, NOT_THE_ARTICLE: f"the page is another one: {seen}"}
        )
    return replace(article, listed_title=title, listed_summary=summary)


def _stands_in(texts: list[str], stated: str) -> bool:
    wanted = stated.rstrip(_CUT)
    return any(wanted in text for text in texts)


def _says_more(stated: str, folded: list[str]) -> bool:
    """Return whether a text of the list stands nowhere in the article."""
    wanted = _folded(stated.rstrip(_CUT))
    return bool(wanted) and not any(wanted in text for text in folded)


def _is_of(title: str, text: str) -> bool:
    """Return whether a page speaks of what the headline says: pairs of Hangul, words of other scripts."""
    pieces = _pieces(_folded(_MARK.sub(" ", title))) or _pieces(_folded(title))
    if len(pieces) < _FEWEST:
        return any(piece in text for piece in pieces) if pieces else True
    return sum(piece in text for piece in pieces) / len(pieces) >= _LEAST


def _pieces(text: str) -> frozenset[str]:
    found: set[str] = set()
    for run in _RUN.findall(text):
        found.update((run,) if run.isascii() or len(run) == 1 else map("".join, pairwise(run)))
    return frozenset(found)


def _is_article(article: Article) -> bool:
    """Return whether a page is an article of some kind: its text was described, or it states its hour and runs on."""
    ways = article.field_sources
    if ways.get("body") == "site":
        return True
    return ways.get("published_at") in _STATED and len(article.body) >= _LONG


def is_front(arrived_at: str, url: str) -> bool:
    """Return whether a request for an article ended on a front page."""
    return _depth(arrived_at) == 0 < _depth(url)


def _depth(url: str) -> int:
    try:
        parts = urlsplit(url)
    except ValueError:
        return 1
    path = re.sub(r"/(?:index|main|default|home)\.\w{2,5}$", "", parts.path)
    return len([part for part in path.split("/") if part]) + bool(parts.query)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
