"""What hits are filtered by, as words of the text index: one look finds "카카오" among the hits of a rule and a source.

Two indexes would each give a hundred thousand rows to intersect; one index walks both lists together, newest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

from monitor.store.tables.fulltext import fold

FacetKind: TypeAlias = Literal["rule", "source", "term", "lang"]
SEPARATOR = "\n"
"""Stands around each of `hit.terms`, so that one is found whole."""

_MARK = "\ue001"  # a private character: no word of a text begins so


class FilteredHit(Protocol):
    """What of a hit its facets are made of; `terms` as `hit_terms` writes them."""

    @property
    def rule_id(self) -> str:
        """Return the rule that was met."""

    @property
    def source_id(self) -> str:
        """Return the source whose reading met it."""

    @property
    def terms(self) -> str:
        """Return its terms."""


class HitFacets(NamedTuple):
    """A FilteredHit as a value."""

    rule_id: str
    source_id: str
    terms: str


def facet(kind: FacetKind, value: str) -> str:
    """Return the word that stands for a value, of letters and digits alone."""
    return f"{_MARK}{kind[0]}{blake2b(value.encode('utf-8', 'replace'), digest_size=8).hexdigest()}"


def facets_of(hits: Iterable[FilteredHit], lang: str) -> tuple[str, ...]:
    """Return the facets of an article with these hits, in one order whatever theirs is."""
    found = {facet("lang", lang)} if lang else set()
    for hit in hits:
        found |= {facet("rule", hit.rule_id), facet("source", hit.source_id)}
        found.update(facet("term", term) for term in hit.terms.split(SEPARATOR) if term)
    return tuple(sorted(found))


def hit_terms(spans: Sequence[dict[str, Any]]) -> str:
    """Return what a hit is found by as a term: terms and aliases as they are written and as they stand in the text, folded."""
    words = {term_key(str(span.get(name) or "")) for span in spans for name in ("term", "alias", "surface")}
    return "".join(f"{SEPARATOR}{word}" for word in sorted(words - {""})) + SEPARATOR


def term_key(term: str) -> str:
    """Return a term as `hit_terms` has it: blanks as one, no differences of case, width or composition."""
    return " ".join(fold(term).split())
