"""Hits as a desk reads them: one row for each story, whatever it met and wherever it stood. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.model.handling import Handling
from monitor.model.records import ArticleRecord, HitRecord
from monitor.present.marked import match_spans, pieces, surface_spans

Piece = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class StoryRow:
    """The hits of a page that tell one story, the newest first; `outlets` tell it in all."""

    hits: tuple[HitRecord, ...]
    outlets: int

    @property
    def newest(self) -> HitRecord:
        """Return the hit that stands for the row."""
        return self.hits[0]

    @property
    def article(self) -> ArticleRecord:
        """Return the article that stands for the row."""
        return self.newest.article

    @property
    def handling(self) -> Handling:
        """Return what people have made of the newest."""
        return self.newest.handling

    @property
    def rules(self) -> tuple[tuple[str, str], ...]:
        """Return the rules that the row's articles have met: (id, name)."""
        return tuple(dict.fromkeys((hit.rule_id, hit.rule_name or hit.rule_id) for hit in self.hits))

    @property
    def headline(self) -> tuple[Piece, ...]:
        """Return the headline in pieces: (text, whether it was found)."""
        return marked_title(tuple(hit for hit in self.hits if hit.article.id == self.article.id))


def story_rows(hits: Iterable[HitRecord], outlets: Mapping[str, int]) -> tuple[StoryRow, ...]:
    """Return hits by story, in the order in which their newest stand; `outlets` says how many tell each story."""
    found: dict[str, list[HitRecord]] = {}
    for hit in hits:
        found.setdefault(hit.story_id or f"hit {hit.id}", []).append(hit)
    return tuple(StoryRow(tuple(told), max(outlets.get(key, 1), 1)) for key, told in found.items())


def marked_title(hits: tuple[HitRecord, ...]) -> tuple[Piece, ...]:
    """Return the headline of the one article of some hits in pieces: (text, whether it was found)."""
    title = hits[0].article.title or hits[0].article.url
    matches = [match for hit in hits for match in hit.matches]
    return pieces(title, match_spans(title, "title", matches) or surface_spans(title, matches))


def marked_excerpt(hit: HitRecord) -> tuple[Piece, ...]:
    """Return the excerpt of a hit in pieces: (text, whether it was found)."""
    return pieces(hit.excerpt, surface_spans(hit.excerpt, hit.matches))
