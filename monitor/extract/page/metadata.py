"""The small facts of an article page: title, times, authors, section, language, canonical URL; each with its way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timezone
from itertools import chain, islice
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from monitor.extract.page.head import names_of
from monitor.extract.page.parsed_page import ParsedPage
from monitor.extract.page.shown_dates import shown_dates
from monitor.extract.text.bylines import bylines, person, printed_names, separate, stated_names
from monitor.extract.text.dates import TOLERANCE, zoned_date
from monitor.extract.text.markup import collapse_whitespace, unescape
from monitor.extract.text.urls import bare, joined

_TAIL = re.compile(r"\s*(?:\s(?:[-–—|:<·•»]|::)\s|[|ㅣ│])\s*(?P<outlet>[^|ㅣ│]{1,30}?)\s*>?\s*$")
_SECTION_TAIL = re.compile(r"\s*-\s*(?P<section>[가-힣A-Za-z/·]{1,12})$")
_HOST = re.compile(r"(?:[a-z0-9-]{2,40}\.){1,2}(?:kr|com|net|org|news|co\.kr|jp|tv|io)", re.IGNORECASE)
_PAPER = re.compile(r"[가-힣A-Za-z]{1,10}(?:신문|일보|뉴스|타임스|방송|데일리|투데이|저널|미디어|닷컴|통신|매일|경제)")
_SURELY_PAPER = re.compile(r"[가-힣A-Za-z]{1,10}(?:신문|일보|타임스|데일리|투데이|저널|닷컴)")
_SECTION_WORDS = (
    "경제 정치 사회 산업 국제 문화 연예 스포츠 IT 과학 증권 부동산 오피니언 생활 전국 지역 금융 기업 세계 사설 칼럼 "
    "테크 건강 교육 Economy Politics Business World Tech Culture Sports Opinion News"
)
_SECTION_NAMES = frozenset(_SECTION_WORDS.split())
_BYLINE = 100  # characters; a longer text is a word about the writer
_TAILS = 3
_BYLINES = ("[itemprop=author] [itemprop=name]", "[itemprop=author]", "[rel~=author]", ".byline", ".article-byline")
_SIGNED = (
    "[class*=byline], .reporter, .writer, .journalist, .author"  # of any of them only what is signed by its role counts
)
_MOST_AUTHORS = 10
_TITLE_LEFT = 5  # characters that must be left of a <title> when its tail is cut
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "article:published", "datepublished", "dc.date.issued",
    "dc.date", "pubdate", "publish-date", "publishdate", "date", "parsely-pub-date", "sailthru.date",
)  # fmt: skip
# The same names however their words are held together, and others that are as clear.
_PUBLISHED_WORDS_TEXT = (
    "articlepublishedtime ogarticlepublishedtime articlepublished articlepublisheddate articlepublishtime articlepublishdate "
    "ogpublishedtime publishedtime publishedat publisheddate publishtime publishdate publicationdate pubdate datepublished "
    "dcdateissued dctermsissued dctermscreated dcdatecreated articlecreated articledateoriginal datecreated "
    "cxenseparserecspublishtime cxenseparsepublishtime citationpublicationdate parselypubdate"
)
_PUBLISHED_WORDS = frozenset(_PUBLISHED_WORDS_TEXT.split())
_UNIX = re.compile(r"(?P<seconds>1\d{9})(?:\d{3}|\.\d{1,9})?", re.ASCII)
_HOLDERS = re.compile(r"[\W_]")
_MODIFIED = (
    "article:modified_time", "og:article:modified_time", "datemodified", "og:updated_time", "article:modified:time",
)  # fmt: skip
_AUTHORS = ("article:author", "og:article:author", "dable:author", "author", "byl", "parsely-author", "sailthru.author")
_SECTIONS = ("article:section", "og:article:section", "article:section2", "dable:section", "section")
_EPOCHS = frozenset({1, 1900, 1904, 1970, 1980, 2000, 2001})  # .NET, NTP, Mac, Unix, DOS, Palm and Cocoa
_JSONLD, _META, _CLOCK, _GENERIC = "@jsonld", "@meta", "@image-clock", "@generic"


def title(page: ParsedPage) -> tuple[str, str]:
    """Return (title, way). An empty og:title is none; the outlet's name at the end of a title is no part of it."""
    own = page.site.title if page.site else ()
    shown = "" if own else _agreed(page)
    if shown:
        return shown, "meta"
    for way in (*own, _JSONLD, _META, _GENERIC):
        text = _title_without_outlet(_raw_title(page, way), page)
        if text:
            return text, _source(way)
    whole = collapse_whitespace(unescape(page.head.title))
    tail = _TAIL.search(whole)
    cut = whole[: tail.start()] if tail and tail.start() >= _TITLE_LEFT else whole
    cut = _title_without_outlet(cut, page)
    return cut, "generic" if cut else ""


def _raw_title(page: ParsedPage, way: str) -> str:
    if way == _JSONLD:
        return page.head.stated("headline")
    if way == _META:
        return page.head.first("og:title", "twitter:title")
    return page.text("h1" if way == _GENERIC else way)


def _agreed(page: ParsedPage) -> str:
    """Return the title in which meta tags and the page's headline agree: readers see it, while JSON-LD may hold one that is
    written for search engines. "" where they differ."""
    stated = _title_without_outlet(_raw_title(page, _META), page)
    return stated if stated and stated in _headlines(page) else ""


def _headlines(page: ParsedPage) -> frozenset[str]:
    return frozenset(collapse_whitespace(node.text()) for node in page.headlines)


def _title_without_outlet(text: str, page: ParsedPage) -> str:
    """Unescape, fold blanks, and cut tails that name the outlet or the section, or that the page's headline has not."""
    text = collapse_whitespace(unescape(text))
    if _TAIL.search(text) is None:
        return text
    shown = _headlines(page)
    for _ in range(_TAILS):
        tail = _TAIL.search(text)
        if text in shown or tail is None or not tail.start():
            break
        if text[: tail.start()].rstrip() not in shown and not _is_beside_title(tail, page):
            break
        text = _before(tail, text)
    return text


def _is_beside_title(tail: re.Match[str], page: ParsedPage) -> bool:
    """Return whether the tail of a title names the outlet, a site, or a section behind a bar."""
    name = tail["outlet"]
    stated = {page.head.stated("publisher").casefold(), section(page)[0].casefold()}
    if _is_outlet(name, page) or _HOST.fullmatch(name) or name.casefold() in stated:
        return True
    if _SURELY_PAPER.fullmatch(name):
        return True
    known = name in _SECTION_NAMES or _PAPER.fullmatch(name) is not None
    return known and any(bar in tail[0] for bar in "|ㅣ│")


def _before(tail: re.Match[str], text: str) -> str:
    """Return a title without its tail, and without the section that stands before a bar."""
    text = text[: tail.start()].rstrip()
    section = _SECTION_TAIL.search(text) if "ㅣ" in tail[0] or "|" in tail[0] else None
    return text[: section.start()] if section and section.start() >= _TITLE_LEFT else text


def _is_outlet(name: str, page: ParsedPage) -> bool:
    names = {page.head.first("og:site_name"), page.site.outlet if page.site else ""}
    label = bare(urlsplit(page.url).netloc).split(".")[0]
    return name.casefold() in {known.casefold() for known in (*names, label) if known}


def published(page: ParsedPage) -> tuple[datetime | None, str]:
    """Return (publish time in UTC, way); never a time of change.

    Where JSON-LD states a time without a zone or a day without a clock, and a meta tag the same with it, the tag counts.
    """
    ways = (*(page.site.date if page.site else ()), _JSONLD, _META, _GENERIC)
    for way in ways:
        if way == _CLOCK:
            found = _image_clock(page)
        elif way == _GENERIC:
            found = _shown(page)
        else:
            found = next((at for text in _stated_dates(page, way) if (at := _zoned(text, page))), None)
        if found:
            fuller = _fuller(found, page) if way == _JSONLD else None
            at, won = fuller or (found, way)
            return at.astimezone(UTC), _source(won)
    return None, ""


def _fuller(found: datetime, page: ParsedPage) -> tuple[datetime, str] | None:
    """Return (moment, way) that states beyond a moment's wall clock its zone, or beyond its day the clock; None for none."""
    if isinstance(found.tzinfo, timezone):
        return None
    others: Iterator[tuple[str, str]] = ((text, _META) for text in _stated_dates(page, _META))
    is_day = found.time() == time()
    if is_day:
        others = chain(others, ((text, _GENERIC) for text, _ in shown_dates(page.tree, _titles(page))))
    for text, way in others:
        other = _zoned(text, page)
        if other is None:
            continue
        if isinstance(other.tzinfo, timezone) and _wall_clock(other) == _wall_clock(found):
            return other, way
        if is_day and other.time() != time() and other.date() == found.date():
            return other, way
    return None


def _wall_clock(moment: datetime) -> datetime:
    """Return day, hour and minute: half of the systems leave the seconds out."""
    return moment.replace(second=0, microsecond=0, tzinfo=None)


def modified(page: ParsedPage) -> tuple[datetime | None, str]:
    """Return (time of the last change in UTC, way), as the definition finds it or metadata states it."""
    site = page.site
    for text, source in (
        *((page.text(way), "site") for way in (site.modified if site else ())),
        (page.head.stated("dateModified"), "jsonld"),
        (page.head.first(*_MODIFIED), "meta"),
    ):
        found = moment(text, page)
        if found:
            return found, source
    return None, ""


def moment(text: str, page: ParsedPage) -> datetime | None:
    """Return the time that a text states, UTC; None for none or no text.

    The moment at which a computer's clock begins is what content systems write when they know none.
    """
    found = _zoned(text, page)
    return None if found is None else found.astimezone(UTC)


def _zoned(text: str, page: ParsedPage) -> datetime | None:
    """Return a moment in the zone that its text states; digits alone may be seconds or milliseconds of Unix time."""
    unix = _UNIX.fullmatch(text) if text[:1] == "1" else None
    if unix:
        at = datetime.fromtimestamp(int(unix["seconds"]), UTC)
        return at if at <= page.now + TOLERANCE else None
    found = zoned_date(text, page.zone, page.now) if text else None
    return None if found is None or _is_epoch(found.astimezone(UTC), page.zone) else found


def _is_epoch(found: datetime, zone: str) -> bool:
    return any(
        (local.month, local.day, local.hour, local.minute, local.second) == (1, 1, 0, 0, 0) and local.year in _EPOCHS
        for local in (found, found.astimezone(ZoneInfo(zone)))
    )


def _stated_dates(page: ParsedPage, way: str) -> Iterator[str]:
    """Yield the texts that a way gives for the publish time, the likeliest first."""
    if way == _JSONLD:
        yield from filter(None, map(page.head.stated, ("datePublished", "dateCreated")))
    elif way == _META:
        meta = page.head.meta
        yield from (meta[name] for name in _PUBLISHED if name in meta)
        yield from (
            meta[name] for name in meta if name not in _PUBLISHED and _HOLDERS.sub("", name) in _PUBLISHED_WORDS
        )
    else:
        yield page.text(way)


def _shown(page: ParsedPage) -> datetime | None:
    """Return the time that the page shows; not the one that it states as its last change, unless that is called published."""
    changed = modified(page)[0]
    for text, called in shown_dates(page.tree, _titles(page)):
        found = _zoned(text, page)
        if found and (called or found != changed):
            return found
    return None


def _titles(page: ParsedPage) -> tuple[str, ...]:
    head = page.head
    return head.first("og:title", "twitter:title"), head.title, head.stated("headline")


def _image_clock(page: ParsedPage) -> datetime | None:
    """Read the upload time that the image's name carries: close to the publish time, at times earlier."""
    clock = page.site.image_clock if page.site else None
    found = clock.search(page.head.first("og:image", "twitter:image")) if clock else None
    moment = datetime.fromtimestamp(int(found["unix"]), UTC) if found else None
    return moment if moment and moment <= page.now + TOLERANCE else None


def authors(
    page: ParsedPage, lines: list[str], signed: tuple[str, ...], stated: tuple[tuple[str, ...], str]
) -> tuple[tuple[str, ...], str]:
    """Return (names, way). `lines` are the body's, `signed` the names under it, `stated` what stated_authors says.

    What the outlet prints beside the text comes before metadata, which often names the desk or the paper.
    """
    printed = _site_authors(page, lines) if page.site else ()
    if printed:
        return printed, "site"
    if stated[0]:
        return stated
    names = signed or next((hit for line in lines[:2] if (hit := bylines(line[:100]))), ()) or _shown_authors(page)
    return names, "generic" if names else ""


def stated_authors(page: ParsedPage) -> tuple[tuple[str, ...], str]:
    """Return (names, way) of whom metadata calls the authors."""
    for found, source in (
        (names_of(page.head.article.get("author")), "jsonld"),
        (tuple(page.head.meta[key] for key in _AUTHORS if key in page.head.meta)[:1], "meta"),
    ):
        names = _people(found, page)
        if names:
            return names, source
    return (), ""


def _shown_authors(page: ParsedPage) -> tuple[str, ...]:
    """Read the byline that the page shows beside the text."""
    for selector in _BYLINES:
        texts = (collapse_whitespace(_stated_author(node)) for node in page.tree.css(selector)[:_MOST_AUTHORS])
        found = [text for text in texts if 0 < len(text) <= _BYLINE][: 1 if selector.startswith(".") else _MOST_AUTHORS]
        names = tuple(name for text in found for name in printed_names(text) if not _is_outlet(name, page))
        if names:
            return tuple(dict.fromkeys(names))
    signed = (collapse_whitespace(node.text(separator=" ")) for node in page.tree.css(_SIGNED)[:_MOST_AUTHORS])
    written = (bylines(text) for text in signed if len(text) <= _BYLINE)
    return next((names for names in written if names and not names[0].isascii()), ())


def _stated_author(node: LexborNode) -> str:
    return node.attributes.get("content") or node.text(separator=" ")


def _site_authors(page: ParsedPage, lines: list[str]) -> tuple[str, ...]:
    """Try the definition's byline pattern on the first and last lines, then its selectors."""
    site = page.site
    if site is None:
        return ()
    if site.byline:
        for line in (*lines[:2], *lines[-3:]):
            found = site.byline.search(line)
            if found:
                return tuple(name for name in re.split(r"[·,\s]+", found["names"]) if name)
    for selector in site.author:
        texts = islice(page.texts(selector), _MOST_AUTHORS)
        names = tuple(name for text in texts for name in stated_names(text))
        if names:
            return tuple(dict.fromkeys(names))
    return ()


def _people(stated: tuple[str, ...], page: ParsedPage) -> tuple[str, ...]:
    """Clean stated names; drop the paper itself."""
    split = [name for text in stated for name in (bylines(text) or separate(text))]
    return tuple(dict.fromkeys(name for text in split if (name := person(text)) and not _is_outlet(name, page)))


def section(page: ParsedPage) -> tuple[str, str]:
    """Return (section, way)."""
    own = next((text for way in (page.site.section if page.site else ()) if (text := page.text(way))), "")
    if own:
        return own, "site"
    stated = page.head.stated("articleSection")
    found = stated or page.head.first(*_SECTIONS)
    return collapse_whitespace(unescape(found)), ("jsonld" if stated else "meta") if found else ""


def lang(page: ParsedPage) -> tuple[str, str]:
    """Return (language tag as the page states it, way)."""
    stated = page.head.stated("inLanguage")
    found = page.head.lang or stated or page.head.first("og:locale").replace("_", "-")
    return found, ("jsonld" if stated and not page.head.lang else "meta") if found else ""


def canonical(page: ParsedPage) -> tuple[str, str]:
    """Return (canonical URL, way); only one of the same host that is not its front page."""
    for stated in (page.head.canonical, page.head.first("og:url")):
        target = joined(page.url, stated) if stated else ""
        try:
            parts, here = urlsplit(target), urlsplit(page.url)
        except ValueError:
            continue
        same = bare(parts.netloc.lower()) == bare(here.netloc.lower())
        if parts.scheme in {"http", "https"} and same and (parts.path.strip("/") or parts.query):
            return target, "meta"
    return "", ""


def _source(way: str) -> str:
    """Return what `field_sources` calls a way."""
    return way[1:] if way.startswith("@") and " " not in way else "site"
