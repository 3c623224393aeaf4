"""What came of trying a source, or a site, without storing anything."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.model.article import Article, Entry
from monitor.model.plan import Source


@dataclass(frozen=True, slots=True)
class TriedUrl:
    """One URL of a source: the entries it shows, or the error. `partial` are errors beside entries.

    `cut`: it shows as many as are taken of one list, or more.
    """

    url: str
    entries: tuple[Entry, ...] = ()
    partial: tuple[str, ...] = ()
    error: str = ""
    cut: bool = False


@dataclass(frozen=True, slots=True)
class TriedArticle:
    """One article as it would have been stored, or the error.

    `wants` is what the definition's own check misses in it; `hits` are ids of rules and their number of mentions.
    """

    entry: Entry
    article: Article | None = None
    hits: tuple[tuple[str, int], ...] = ()
    wants: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """A source, tried live. `wants` is what the definition's own check misses in its lists."""

    source: Source
    urls: tuple[TriedUrl, ...]
    articles: tuple[TriedArticle, ...]
    wants: tuple[str, ...] = ()

    @property
    def well(self) -> bool:
        """Whether nothing is wrong at all."""
        clean = not self.wants and not any(one.error or one.partial for one in self.urls)
        return clean and bool(self.articles) and not any(one.error or one.wants for one in self.articles)

    @property
    def hopeless(self) -> bool:
        """Whether nothing could be read."""
        return all(one.error or one.wants for one in self.articles)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way to watch a site: what would stand in sources.yaml, and what it shows now. `site` may be ""."""

    kind: str
    url: str
    entries: tuple[Entry, ...]
    site: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a site offers, best first. `name` is what it calls itself, `stem` the beginning of an id for it."""

    name: str
    stem: str
    candidates: tuple[Candidate, ...]
