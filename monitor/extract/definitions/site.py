"""A definition ready for use: how an outlet numbers its articles in URLs, where each part of a page stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from urllib.parse import parse_qsl, urlsplit

Day: TypeAlias = date
_ANY_HOST = "*"
_MOST_PARAMETERS = 200


@dataclass(frozen=True, slots=True)
class UrlRule:
    """One way of an outlet to name an article.

    `hosts`: bare hosts (no www., m., mobile., amp.), whose subdomains count too; `*` is any host, each a paper of its
    own. `paths`: patterns of the whole path (no trailing slash), whose named groups make the number. `query`: the
    parameters that must be there and belong to the number; all others are noise. `canonical`: the template of the one
    true URL, filled with the groups, the parameters and `{host}`. `answers`: the outlet serves the article there, so
    that links of a list to its twins (mobile, AMP) need not be followed; else the link itself is fetched.
    """

    hosts: tuple[str, ...]
    paths: tuple[re.Pattern[str], ...]
    query: tuple[str, ...]
    canonical: str
    answers: bool = False

    def read(self, host: str, path: str, query: str) -> Mapping[str, str] | None:
        """Return the parts of the article's number, or None when the URL is not one of this outlet's articles."""
        return self.parts(path, query) if self.covers(host) else None

    def parts(self, path: str, query: str) -> Mapping[str, str] | None:
        """Return the parts of the article's number by path and query alone; None also for too many parameters."""
        found = next((hit for pattern in self.paths if (hit := pattern.fullmatch(path))), None)
        if found is None:
            return None
        parts = {name: value for name, value in found.groupdict().items() if value}
        if self.query:
            given = _parameters(query)
            if not all(given.get(name) for name in self.query):
                return None
            parts.update((name, given[name]) for name in self.query)
        return parts

    @property
    def any_host(self) -> bool:
        """Return whether the rule speaks of every host."""
        return _ANY_HOST in self.hosts

    def covers(self, host: str) -> bool:
        """Return whether the rule speaks of this bare host."""
        return any(ours in (_ANY_HOST, host) or host.endswith("." + ours) for ours in self.hosts)

    def url(self, host: str, parts: Mapping[str, str]) -> str:
        """Write the one true URL of an article."""
        return self.canonical.format_map({"host": host, **parts})


def _parameters(query: str) -> Mapping[str, str]:
    """Return the parameters of a query; none where there are more than anybody's article needs."""
    try:
        return dict(parse_qsl(query, max_num_fields=_MOST_PARAMETERS))
    except ValueError:
        return {}


@dataclass(frozen=True, slots=True)
class Drops:
    """What inside the body is not body.

    `selectors`: elements. `prefixes`: blocks by their first characters. `contains`: links by text in them.
    `paragraphs`: whole lines in which a pattern is found.
    """

    selectors: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    paragraphs: tuple[re.Pattern[str], ...] = ()


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """The least that a healthy site shows: entries on a list page, characters in a body, fields that are never empty."""

    entries: int = 0
    body: int = 0
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageLayout:
    """The site as it was from the day `since` up to, not including, the day `until`; None is without end."""

    since: date | None
    until: date | None
    site: Site

    def covers(self, day: date) -> bool:
        """Return whether pages of that day have this layout."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Site:
    """How to read one outlet, or every paper on one content system.

    `outlet`: the name that is cut off titles. `zone`: of times that state none; "" leaves it to the source.
    `identity` finds the article's number in a URL. `title` to `section` are ways tried one by one (see `parse`);
    `caption` are ways to captions, all of them read. `byline` has the group `names`, `image_clock` the group `unix`
    (seconds since 1970 in og:image). `caption_marks`: what a caption inside the body begins with. `not_titles`: anchors
    inside these are no headlines. `stale_ids`: an id further than this below the median of the page is an old article
    (0: ids tell nothing). `unverified_live`: nobody has seen it work on the live site yet.
    """

    name: str
    outlet: str = ""
    zone: str = ""
    identity: tuple[UrlRule, ...] = ()
    title: tuple[str, ...] = ()
    subtitle: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    caption: tuple[str, ...] = ()
    byline: re.Pattern[str] | None = None
    image_clock: re.Pattern[str] | None = None
    drop: Drops = Drops()
    caption_marks: tuple[str, ...] = ()
    not_titles: tuple[str, ...] = ()
    stale_ids: int = 0
    check: SelfCheck = SelfCheck()
    layouts: tuple[PageLayout, ...] = ()
    unverified_live: bool = True

    def on(self, day: Day) -> Site:
        """Return the site as it was that day."""
        return next((layout.site for layout in self.layouts if layout.covers(day)), self)

    def number(self, url: str) -> tuple[UrlRule, Mapping[str, str]] | None:
        """Return the rule and the parts of the article's number by the shape of the URL, whatever its host."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        path = parts.path.rstrip("/") or "/"
        found = ((rule, rule.parts(path, parts.query)) for rule in self.identity)
        return next(((rule, number) for rule, number in found if number is not None), None)

    def at_home(self, host: str) -> bool:
        """Return whether a bare host is the outlet's own, by name."""
        return any(rule.covers(host) for rule in self.identity if not rule.any_host)
