"""List page -> entries, by the shape of the links alone: list markup changes, article URLs hardly ever do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from statistics import median
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.extract.definitions.identity import LONGEST, identity
from monitor.extract.definitions.site import Site
from monitor.extract.page.blocks import block_lines
from monitor.extract.text.dates import parse_date
from monitor.extract.text.limits import check
from monitor.extract.text.markup import collapse_whitespace
from monitor.extract.text.urls import bare, joined, looks_like_article
from monitor.model.article import Entry
from monitor.model.errors import ExtractError

MOST = 2_000  # entries of one page
_ANCHORS = 20_000
_CUT = ("...", "…", "‥")
_LONGEST_TITLE = 120  # a longer anchor text is the article's first sentence
_ENOUGH_IDS = 5  # a median of fewer says nothing
_DATE = re.compile(r"\s*[\[(]?(?P<date>\d{4}[.\-/]\d{1,2}[.\-/]\d{1,2}\.?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?)[\])]?\s*$")
_NONE = "the list links to no article"
_SHAPE = (
    "of a site without a definition those links count that have four digits in a row or four words in their path, and a "
    "headline as their text (`kind: page` takes every link)"
)
_SHORTEST_TITLE = 8  # of an article at a site nobody has described


@dataclass(slots=True)
class _Group:
    """All anchors of one article on the page."""

    url: str
    number: str
    titles: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    date: str = ""


def read_list(html: str, url: str, site: Site | None, zone: str, now: datetime) -> tuple[Entry, ...]:
    """Return the articles that the page links to, in page order, at most 2,000.

    With a site: every anchor to the page's own outlet that the site's link pattern finds, grouped by article number.
    Without one: anchors to the same host whose path holds four digits in a row or a slug of four words, and whose text
    is a headline by length. The title is the longest anchor text that is no teaser (cut with `...`, too long, or
    inside the site's `not_titles`). Raises ExtractError when the limits refuse the page or no article is linked.
    """
    check(html, url)
    tree = LexborHTMLParser(html)
    groups = _group(tree, _base(tree, url), url, partial(_article, site=site), site)
    found: dict[str, Entry] = {}
    for group in _fresh(groups, site):
        entry = _entry(group, site, zone, now)
        if entry and len(entry.key) <= LONGEST:
            found.setdefault(entry.key, entry)
    if not found:
        raise ExtractError(url, _NONE if site else f"{_NONE}: {_SHAPE}")
    return tuple(found.values())[:MOST]


def read_links(html: str, url: str, zone: str, now: datetime) -> tuple[Entry, ...]:
    """Return every link of a polled page that stays on its host and says something, in page order, at most 2,000.

    What an article looks like is not asked: a page of press releases may link to files. The page itself is no link.
    Raises ExtractError when the limits refuse the page or nothing is linked.
    """
    check(html, url)
    tree = LexborHTMLParser(html)
    itself = identity(url)
    found: dict[str, Entry] = {}
    for group in _group(tree, _base(tree, url), url, _any_link):
        title = max((*group.titles, *group.others), key=len, default="")
        key = identity(group.url)
        if title and key != itself and len(key) <= LONGEST:
            date = parse_date(group.date, zone, now) if group.date else None
            found.setdefault(key, Entry(key, group.url.partition("#")[0], title, published_at=date))
    if not found:
        raise ExtractError(url, "the page links to nothing on its own site")
    return tuple(found.values())[:MOST]


def _any_link(base: str, href: str) -> tuple[str, str]:
    """Return (URL, what to group by) of a link to another document; ("", "") for a place on the same one."""
    target = "" if href.lstrip().startswith("#") else joined(base, href)
    return target, identity(target) if target else ""


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return joined(url, (node.attributes.get("href") or "") if node is not None else "") or url


def _group(
    tree: LexborHTMLParser, base: str, url: str, choose: Callable[[str, str], tuple[str, str]], site: Site | None = None
) -> list[_Group]:
    """Gather the anchors of each article; `choose` gives (URL, what to group by) for a base and an href."""
    groups: dict[str, _Group] = {}
    teasers = _inside(tree, site.not_titles if site else ())
    home = _host(url)
    for anchor in tree.css("a[href]")[:_ANCHORS]:
        href = anchor.attributes.get("href") or ""
        target, number = choose(base, href)
        if not target or not _same_outlet(_host(target), home, site):
            continue
        group = groups.setdefault(number, _Group(target, number))
        _add(group, anchor, is_teaser=anchor.mem_id in teasers)
    return list(groups.values())


def _inside(tree: LexborHTMLParser, selectors: Iterable[str]) -> frozenset[int]:
    """Find the anchors inside elements that never hold headlines."""
    return frozenset(a.mem_id for selector in selectors for node in tree.css(selector) for a in node.css("a"))


def _article(base: str, href: str, site: Site | None) -> tuple[str, str]:
    """Return (URL, what to group by) of a link to an article; ("", "") for any other link."""
    target = joined(base, href)
    if site is None:
        return (target, identity(target)) if looks_like_article(target) else ("", "")
    found = site.number(target)
    return (target, "/".join(found[1].values())) if found else ("", "")


def _host(url: str) -> str:
    """Return the bare host with its port; "" for what is no http(s) URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return bare(parts.netloc.lower()) if parts.scheme in {"http", "https"} else ""


def _same_outlet(host: str, home: str, site: Site | None) -> bool:
    if not host or host == home:
        return bool(host)
    return site is not None and site.at_home(host)


def _add(group: _Group, anchor: LexborNode, *, is_teaser: bool) -> None:
    """Take an anchor's text into the group: a headline, or something else."""
    lines = block_lines(anchor)
    text = lines[0] if lines else ""
    dated = _DATE.search(text) or next((hit for line in lines[1:] if (hit := _DATE.search(line))), None)
    if dated:
        group.date = group.date or dated["date"]
        text = text[: dated.start()] if dated.string is text else text
    text = collapse_whitespace(text)
    if text:
        cut = is_teaser or text.endswith(_CUT) or len(text) > _LONGEST_TITLE
        (group.others if cut else group.titles).append(text)


def _fresh(groups: list[_Group], site: Site | None) -> Iterator[_Group]:
    """Leave out articles whose number lies far below the page's median: popups, not news."""
    numbers = [int(group.number) for group in groups if group.number.isdecimal()]
    tells = site is not None and site.stale_ids > 0 and len(numbers) >= _ENOUGH_IDS
    floor = median(numbers) - site.stale_ids if tells and site is not None else 0
    return (group for group in groups if not tells or not group.number.isdecimal() or int(group.number) >= floor)


def _entry(group: _Group, site: Site | None, zone: str, now: datetime) -> Entry | None:
    """Turn a group into an entry; None when a generic link has no headline."""
    # The headline stands before the first sentence: without a whole one, the first text is the best guess.
    title = max(group.titles, key=len, default="") or (group.others[0] if group.others else "")
    if site is None and len(title) < _SHORTEST_TITLE:
        return None
    key = identity(group.url)
    url = _true_url(group, site, key)
    stated = (site.zone if site else "") or zone
    date = parse_date(group.date, stated, now) if group.date else None
    return Entry(key=identity(url), url=url, title=title, published_at=date)


def _true_url(group: _Group, site: Site | None, key: str) -> str:
    """Write the URL to fetch: the outlet's canonical one, or its path on the host that served the link."""
    if site is None:
        return group.url.partition("#")[0]
    parts = urlsplit(group.url)
    found = site.number(group.url)
    if found is None or not found[0].answers:
        return group.url.partition("#")[0]
    if site.at_home(bare(parts.hostname or "")):
        return key
    rule, number = found
    path = urlsplit(rule.url("host", number))
    return f"{parts.scheme}://{parts.netloc}{path.path}" + (f"?{path.query}" if path.query else "")
