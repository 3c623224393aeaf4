"""Page -> article: what an outlet's definition says, then JSON-LD, meta tags, page data, the generic reader, the entry."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborHTMLParser

from monitor.extract.definitions.site import Site
from monitor.extract.generic.prose import sentence
from monitor.extract.generic.standfirst import standfirst
from monitor.extract.page import metadata
from monitor.extract.page.blocks import block_lines
from monitor.extract.page.body import described_body, find_body, is_emptied, undescribed_body
from monitor.extract.page.embedded import DATES, SUBTITLES, TITLES, State
from monitor.extract.page.head import read_head
from monitor.extract.page.parsed_page import ParsedPage, parse_page
from monitor.extract.page.tails import trim
from monitor.extract.text.bylines import stated_names
from monitor.extract.text.limits import check
from monitor.extract.text.markup import collapse_whitespace, plain_text
from monitor.extract.text.scripts import SCRIPT
from monitor.model.article import Article, Entry
from monitor.model.errors import ExtractError

_MOST_CAPTIONS = 50
_MARK = re.compile(r"\s*(?:[\[<(【〔][^\]>)】〕]{1,12}[\]>)】〕]\s*)+")
_NOTICE = re.compile(r"\W{0,2}(?:부고|부음|인사|동정|알림|공고|속보|\d보|단신)\W")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """What was known of an article before its page was opened. `url` is where the page came from."""

    entry: Entry
    source_id: str
    first_seen_at: datetime
    url: str


def extract(html: str, known: KnownEntry, site: Site | None, zone: str, now: datetime) -> Article:
    """Parse one article page and read it: see article_of. Raises ExtractError, also for a page that the limits refuse."""
    return article_of(parse_page(html, known.url, site, zone, now), known)


def article_of(page: ParsedPage, known: KnownEntry) -> Article:
    """Read the article of a page.

    Every field but the body comes from the first way that gives one; of the undescribed ways to a body the fuller one wins.
    `field_sources` names the way: site, jsonld, meta, state, generic, entry, image-clock.
    Where no definition or metadata gave the body, `field_sources["confidence"]` says how sure it is: "0.00" to "1.00".
    `field_sources["check"]` says what the definition's self-check misses in the article, and is not there while all is well.
    Raises ExtractError for an empty page, and one that holds no article: no title, or neither text nor a headline in the
    list; or, at an outlet with a definition, no body element and less running text than the definition's self-check asks
    for (a maintenance notice must not be stored as an article).
    """
    url, entry = known.url, known.entry
    if not page.html.strip():
        raise ExtractError(url, "the page is empty")
    page = _dated(page, entry)
    notes: dict[str, str] = {}
    found = find_body(page)
    text, way, held = found.text, found.way, found.state
    named = _note(notes, "title", *_ranked(metadata.title(page), held.stated(*TITLES)), (entry.title, "entry"))
    title = _marked(named, entry.title)
    published_at = _note(notes, "published_at", *_published(page, held, entry))
    if way in {"state", "generic"}:
        notes["confidence"] = f"{found.confidence:.2f}"
    stated = metadata.stated_authors(page)
    lines, signed = trim(text.lines, stated[0])
    writers = metadata.authors(page, text.lines, signed, stated)
    under = standfirst(page.headlines[0], lines, _described(page)) if page.headlines and way != "site" else ""
    subtitle = _note(notes, "subtitle", _subtitle(page), (held.stated(*SUBTITLES), "state"), (under, "generic"))
    if not title or not (lines or way == "site" or entry.title):
        raise ExtractError(url, "the page holds no article")
    article = Article(
        key=entry.key,
        url=entry.url,
        source_id=known.source_id,
        title=title,
        first_seen_at=known.first_seen_at,
        subtitle=subtitle,
        body=_note(notes, "body", ("\n".join(lines), way), (entry.text, "entry")),
        captions=_note(notes, "captions", _captions(page, text.captions, way)),
        authors=_note(notes, "authors", writers, (stated_names(entry.author), "entry")),
        section=_note(notes, "section", metadata.section(page)),
        lang=_note(notes, "lang", metadata.lang(page)),
        canonical_url=_note(notes, "canonical_url", metadata.canonical(page)),
        published_at=published_at,
        modified_at=_note(notes, "modified_at", metadata.modified(page)),
        field_sources=notes,
    )
    if failed := _failed(page, article, way):
        notes["check"] = ", ".join(failed)
    return article


def _failed(page: ParsedPage, article: Article, way: str) -> tuple[str, ...]:
    """Return what the definition's self-check misses in an article whose body was found by that way."""
    failed = failures(article, page.site, whole=way == "site" and _is_whole(page, article))
    if way != "site" and is_emptied(page):
        return ("body: the definition's element has text, none of it is left", *failed)
    return failed


def failures(article: Article, site: Site | None, *, whole: bool = False) -> tuple[str, ...]:
    """Return what the definition's self-check misses in an article, as in `body: 120 of 200 characters`, `no authors`.

    An article that is `whole` is not too short: the element that the definition names holds one sentence or one notice.
    """
    if site is None:
        return ()
    size, least = len(article.body), site.check.body
    short = (f"body: {size} of {least} characters",) if size < least and not whole else ()
    return (*short, *(f"no {name}" for name in site.check.needs if not getattr(article, name)))


def _is_whole(page: ParsedPage, article: Article) -> bool:
    """Return whether a body of one line is all there is: it ends as texts do, and the page has no more running text."""
    least = page.site.check.body if page.site else 0
    if not 0 < len(article.body) < least or "\n" in article.body:
        return False
    if not sentence(article.body) and not _NOTICE.match(article.title):
        return False
    shown = undescribed_body(page.tree, page.head, page.html, page.url).text.lines
    return sum(map(len, shown)) < least


def _marked(title: str, listed: str) -> str:
    """Return the title with the mark that the list sets before it (`[속보] …`), where the two are the same else.

    One that is glued to the headline is a badge of the list, and no word of its writer: it stays with what the list said.
    """
    mark = _MARK.match(listed)
    same = (
        mark is not None and mark[0][-1].isspace() and "".join(listed[mark.end() :].split()) == "".join(title.split())
    )
    return collapse_whitespace(listed) if same else title


def _described(page: ParsedPage) -> str:
    """Return what metadata says that the article is about."""
    return plain_text(page.head.stated("description") or page.head.first("og:description", "description"))


def from_entry(entry: Entry, source_id: str, first_seen_at: datetime) -> Article:
    """Make an article of what a list or feed told, for pages that cannot be read. Its text is the summary."""
    stated = {
        "title": entry.title,
        "body": entry.text,
        "authors": stated_names(entry.author),
        "published_at": entry.published_at,
    }
    return Article(
        key=entry.key,
        url=entry.url,
        source_id=source_id,
        title=entry.title,
        first_seen_at=first_seen_at,
        body=entry.text,
        authors=stated_names(entry.author),
        published_at=entry.published_at,
        field_sources={field: "entry" for field, value in stated.items() if value},
    )


def generic_text(html: str, url: str) -> str:
    """Return the body by the generic reader alone, paragraphs separated by newlines. Raises ExtractError."""
    check(html, url)
    tree = LexborHTMLParser(html)
    return "\n".join(trim(undescribed_body(tree, read_head(tree), html, url).text.lines)[0])


def _note(notes: dict[str, str], field: str, *found: tuple[_T, str]) -> _T:
    """Return the first value that is not empty and note its way."""
    for value, way in found:
        if value:
            notes[field] = way
            return value
    return found[0][0]


def _dated(page: ParsedPage, entry: Entry) -> ParsedPage:
    """Choose the layout: today's, unless only that of the article's own day finds a body on the page."""
    site = page.site
    if site is None or not site.layouts:
        return page
    moments = (page.now, entry.published_at, metadata.published(page)[0])
    days = (moment.astimezone(ZoneInfo(page.zone)).date() for moment in moments if moment)
    layouts = [replace(page, site=one) for one in {id(one): one for one in map(site.on, days)}.values()]
    return next((one for one in layouts if described_body(one)), layouts[0])


def _captions(page: ParsedPage, inside: list[str], way: str) -> tuple[tuple[str, ...], str]:
    """Return (captions, way): those that the definition points at, then those inside the body."""
    pointed = [text for one in (page.site.caption if page.site else ()) for text in page.texts(one)][:_MOST_CAPTIONS]
    return tuple(dict.fromkeys((*pointed, *inside))), "site" if pointed else way


def _subtitle(page: ParsedPage) -> tuple[str, str]:
    """Return (subtitle, way); its lines are joined by newlines."""
    for way in page.site.subtitle if page.site else ():
        if way.startswith(SCRIPT):
            lines = list(page.texts(way))
        else:
            node = page.find(way)
            lines = block_lines(node) if node is not None else []
        if lines:
            return "\n".join(lines), "site"
    return plain_text(page.head.stated("alternativeHeadline")), "jsonld"


def _published(page: ParsedPage, held: State, entry: Entry) -> tuple[tuple[datetime | None, str], ...]:
    """Put the page's publish time before the entry's, but an image's upload time behind it."""
    stated, listed = metadata.published(page), (entry.published_at, "entry")
    if stated[1] == "image-clock":
        return listed, stated
    return (*_ranked(stated, metadata.moment(held.stated(*DATES), page)), listed)


def _ranked(stated: tuple[_T, str], held: _T) -> tuple[tuple[_T, str], tuple[_T, str]]:
    """Put what the page's own data holds behind a definition and metadata, before a guess."""
    return ((held, "state"), stated) if stated[1] == "generic" else (stated, (held, "state"))
