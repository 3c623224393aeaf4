"""Where a page sends its reader: at once to another one, or on to the next page of the same article. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.definitions.identity import identity
from monitor.extract.page.parsed_page import ParsedPage
from monitor.extract.text.markup import collapse_whitespace
from monitor.extract.text.urls import bare, joined
from monitor.model.article import Article
from monitor.model.page import Onward

_NEXT: Final = 'link[rel~="next" i], a[rel~="next" i]'
_LINKS: Final = 500  # of them that are looked at
_STATED: Final = re.compile(
    r"""\s*(\d{1,6})(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?((?!url\s*=\s*$)[^"'\s]+)""", re.IGNORECASE
)
_SCRIPTED: Final = re.compile(
    r"""^(?:[^"'{}<>]{0,80};)?\s*(?:(?:window|self|top|parent|document)\s*\.\s*){0,2}location"""
    r"""(?:\s*\.\s*href)?(?:\s*=|\s*\.\s*(?:replace|assign)\s*\()\s*["']([^"'\s]{1,2000})["']"""
)
_SMALL: Final = 8_000  # characters of a page
_SCRIPTS: Final = 3  # on a page that does nothing else
_SCRIPT: Final = 2_000  # characters
_AT_ONCE: Final = 10  # seconds; a page that is read for longer is meant to be read
_STUB: Final = 400  # characters of text on a page that does nothing but send on
_PAGE_NAMES: Final = frozenset({"page", "p", "pg", "pageno", "page_no", "pagenum", "paged"})
_SUFFIX: Final = re.compile(r"\.(?:s?html?|php|aspx?|jsp|do)$", re.IGNORECASE)
_FURTHER: Final = re.compile(r"[/_.-]?(?:p|page|pg)?[/_.-]?\d{1,3}")
_NUMBERED: Final = re.compile(r"[/_.-]?(?:p|page|pg)?[/_.-]?(\d{1,2})$")


def onward(page: ParsedPage) -> Onward:
    """Return where a page leads.

    A refresh counts on a page with next to no text, when it comes within seconds and leads elsewhere; so does a script
    that first of all sets the page's location. `rel=next` counts
    when the address is that of another page of the same article: many sites link the next *article* so.
    """
    return Onward(_forward(page), _further(page))


def joined_pages(first: Article, further: Article) -> Article:
    """Return an article with the text of its next page behind its own; unchanged where that is of another article.

    Lines that every page repeats stand once.
    """
    if _headline(first.title) not in _headline(further.title) and _headline(further.title) not in _headline(
        first.title
    ):
        return first
    lines = first.body.split("\n")
    seen = set(lines)
    more = [line for line in further.body.split("\n") if line and line not in seen]
    captions = tuple(dict.fromkeys((*first.captions, *further.captions)))
    return replace(first, body="\n".join((*lines, *more)), captions=captions)


def _headline(title: str) -> str:
    return re.sub(r"\W+", "", title).casefold()


def _forward(page: ParsedPage) -> str:
    stated = _refreshed(page) or _scripted(page)
    if not stated:
        return ""
    target = joined(page.url, stated)
    if urlsplit(target).scheme not in {"http", "https"}:
        return ""  # an app, a script, or nothing at all
    same = identity(target) == identity(page.url) and urlsplit(target).scheme == urlsplit(page.url).scheme
    return "" if same or len(_shown(page.html)) > _STUB else target


def _refreshed(page: ParsedPage) -> str:
    """Return where the page's refresh leads; "" where it has none, or waits for its reader."""
    found = _STATED.match(page.head.refresh)
    return found[2] if found is not None and int(found[1]) <= _AT_ONCE else ""


def _scripted(page: ParsedPage) -> str:
    """Return where the scripts of a page send on that has no headline and little but them; "" for any other page."""
    if page.headlines or len(page.html) > _SMALL:
        return ""
    scripts = (node.text() for node in page.tree.css("script:not([src])")[:_SCRIPTS])
    found = (_SCRIPTED.match(script.strip()[:_SCRIPT].removeprefix("<!--").strip()) for script in scripts)
    return next((hit[1] for hit in found if hit), "")


def _shown(html: str) -> str:
    """Return the text that a page shows. Parses it anew: the one tree of the page is read by others, whole."""
    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style", "noscript", "template"])
    return collapse_whitespace(tree.body.text(separator=" ") if tree.body else "")


def _further(page: ParsedPage) -> str:
    links = ((node.attributes.get("href") or "").strip() for node in page.tree.css(_NEXT)[:_LINKS])
    targets = (joined(page.url, link) for link in links)
    return next((target for target in targets if target and _is_further(page.url, target)), "")


def _is_further(url: str, target: str) -> bool:
    """Return whether one address is that of a later page of what the other begins: the same with a small number more."""
    try:
        first, later = urlsplit(url), urlsplit(target)
    except ValueError:
        return False
    if bare((first.hostname or "").lower()) != bare((later.hostname or "").lower()):
        return False
    if later.path.rstrip("/") == first.path.rstrip("/"):
        return _adds_page(first, later)
    stem, longer = (_SUFFIX.sub("", path.rstrip("/")) for path in (first.path, later.path))
    if longer.startswith(stem) and _FURTHER.fullmatch(longer.removeprefix(stem)):
        # The number of another article may begin with that of this one: 12 and 123.
        return not (stem[-1:].isdigit() and longer.removeprefix(stem)[:1].isdigit())
    return _counts_on(stem, longer)


def _adds_page(first: SplitResult, later: SplitResult) -> bool:
    """Return whether two queries differ in the number of the page alone."""
    before, after = (dict(parse_qsl(parts.query, keep_blank_values=True)) for parts in (first, later))
    differing = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return bool(differing) and {name.lower() for name in differing} <= _PAGE_NAMES


def _counts_on(stem: str, longer: str) -> bool:
    """Return whether two paths end in pages n and n + 1 of one thing: /story/page/2, /story/page/3."""
    here, there = _NUMBERED.search(stem), _NUMBERED.search(longer)
    if here is None or there is None or stem[: here.start()] != longer[: there.start()]:
        return False
    separated = not stem[here.start() : here.end()][:1].isdigit() or not stem[: here.start()][-1:].isdigit()
    named = re.search(r"(?:p|page|pg)[/_.-]?\d{1,2}$", stem) is not None
    return separated and named and int(there[1]) == int(here[1]) + 1
