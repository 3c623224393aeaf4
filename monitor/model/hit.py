"""The proof that an article mentions what a rule looks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple


class Match(NamedTuple):
    """One mention. A tuple, because an article may have hundreds. `start` and `end` are code point offsets into the original text of `field`.

    `term` is what the rule asked for, `alias` the spelling that fired, `surface` what stands in the text,
    `reason` why the place counts as a mention (bare | particle 에서는 | copula 이다 | ...).
    """

    term: str
    alias: str
    field: str
    start: int
    end: int
    surface: str
    reason: str


LONGEST_SURFACE: Final = 200
"""Letters of a mention that are told and stored: a regular expression may find a whole article."""


def brief(matches: Iterable[Match]) -> tuple[Match, ...]:
    """Return mentions with surfaces of LONGEST_SURFACE letters at most; their places stay."""
    return tuple(
        match if len(match.surface) <= LONGEST_SURFACE else match._replace(surface=match.surface[:LONGEST_SURFACE])
        for match in matches
    )


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule met by one article; `matches` in order of field and place, never empty."""

    rule_id: str
    rule_name: str
    plan_version: str
    matches: tuple[Match, ...]
    excerpt: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """One occurrence of a rule's word that is no part of a hit. Fields as in Match; `reason` says what spoke against it."""

    term: str
    alias: str
    field: str
    start: int
    end: int
    surface: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """What kept a rule from matching an article, or some of its words from being mentions.

    `missing` are parts of the rule that do not hold, in the query language; empty for a `hit`. `refusals` are in order
    of field and place.
    """

    hit: bool
    missing: tuple[str, ...]
    refusals: tuple[Refusal, ...]
