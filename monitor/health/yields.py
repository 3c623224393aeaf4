"""Do articles still come with what they used to come with? Field by field, against the source's own past. Pure.

Each field of an article is won by some way (the outlet's definition, JSON-LD, meta tags, the generic reader, the entry).
The ways that won at least a tenth of the past are usual. When the last few articles were won by other ways, or by none,
more often than chance explains (binomial tail below RARE), the field has fallen. Pages that could never be read, from
the first article on, have no past to fall from: so many in a row are a fall as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import comb
from typing import Final

from monitor.health.memory import FieldMemory

FIELDS: Final = ("page", "check", "title", "body", "published_at", "authors", "subtitle", "section", "captions")
RARE: Final = (
    5e-6  # nine fields are judged at each article: one false alarm in fifteen source-weeks of 1,400 noisy ones
)
SOFT: Final = frozenset({"check", "authors", "subtitle", "section", "captions"})
"""What a flash has not. Flashes come in bursts, by one hand: several of them are one draw, and no sign of a change."""
SHORT: Final = "short"
"""The key of an article's mapping that says that it is a flash or a notice."""
LEAST: Final = 8.0  # weight of the past without which nothing is judged
RECENT: Final = 20
FADE: Final = 1 - 1 / 300  # a past article weighs half after two hundred others
USUAL: Final = 0.1
MOST_WAYS: Final = 8
FAILED: Final = "!"  # begins the way of a page that could not be read: never usual, however often it is so
NEVER_READ: Final = 10  # pages from the first on of which none could be read
_ADOPTED: Final = FAILED  # a way of its own in a memory that has taken it for usual that no page can be read
RECOVERED_AFTER: Final = 4  # articles that decide whether a field is well again


@dataclass(frozen=True, slots=True)
class Fall:
    """A field that is won less than before: `wins` of the last `tries`, where `usual` of all were; `now` is what wins.

    `before` is "" for pages of which none was ever read.
    """

    field: str
    wins: int
    tries: int
    usual: float
    before: str
    now: str


def remember(
    fields: Mapping[str, FieldMemory], articles: Sequence[Mapping[str, str]], *, frozen: bool
) -> dict[str, FieldMemory]:
    """Take articles into the memory. `frozen`: an alarm is up, so that what is wrong must not become the usual."""
    known = {name: fields.get(name, FieldMemory()) for name in FIELDS}
    for article in articles:
        for name in FIELDS:
            way = article.get(name, "")
            if name != "page" and article.get("page", "") != "read":
                continue  # a page that could not be read says nothing of the definition
            if name in SOFT and article.get(SHORT):
                continue
            known[name] = _after(known[name], way, frozen=frozen)
    return known


def falls(fields: Mapping[str, FieldMemory]) -> tuple[Fall, ...]:
    """Return the fields that have fallen, in the order of FIELDS."""
    found = (_fall(name, fields[name]) for name in FIELDS if name in fields)
    return tuple(one for one in found if one is not None)


def well(fields: Mapping[str, FieldMemory]) -> bool:
    """Return whether every field is won about as often as it used to be, by the last few articles."""
    return all(_is_well(one) for one in fields.values()) and not _never_read(fields.get("page", FieldMemory()))


def tail(wins: int, tries: int, share: float) -> float:
    """Return how likely at most `wins` of `tries` are when each is won with probability `share`."""
    return sum(comb(tries, k) * share**k * (1 - share) ** (tries - k) for k in range(wins + 1))


def forget(fields: Mapping[str, FieldMemory], fallen: Sequence[Fall]) -> dict[str, FieldMemory]:
    """Return a memory in which the articles that made a field fall are no part of the past."""
    known = dict(fields)
    for fall in fallen:
        one = known[fall.field]
        ways = dict(one.ways)
        for way in one.recent[-fall.tries :]:
            ways[way] = max(0.0, ways.get(way, 0.0) - 1.0)
        known[fall.field] = replace(one, ways={way: weight for way, weight in ways.items() if weight > 0})
    return known


def accept(fields: Mapping[str, FieldMemory]) -> dict[str, FieldMemory]:
    """Return a memory in which a fall that is over is no longer counted among the last few."""
    return {name: replace(one, recent=one.recent[-RECOVERED_AFTER:]) for name, one in fields.items()}


def adopt(fields: Mapping[str, FieldMemory]) -> dict[str, FieldMemory]:
    """Return a memory that takes the present for the usual."""
    adopted = {
        name: FieldMemory({way: float(one.recent.count(way)) for way in dict.fromkeys(one.recent) if way}, one.recent)
        if one.recent
        else one
        for name, one in fields.items()
    }
    page = adopted.get("page")
    if page is not None and _never_read(page):
        adopted["page"] = replace(page, ways={**page.ways, _ADOPTED: 1.0})
    return adopted


def _after(one: FieldMemory, way: str, *, frozen: bool) -> FieldMemory:
    recent = (*one.recent, way)[-RECENT:]
    if frozen:
        return replace(one, recent=recent)
    ways = {name: weight * FADE for name, weight in one.ways.items()}
    ways[way] = ways.get(way, 0.0) + 1.0
    kept = sorted(ways, key=lambda name: -ways[name])[:MOST_WAYS]
    return FieldMemory({name: ways[name] for name in kept}, recent)


def _usual(ways: Mapping[str, float]) -> frozenset[str]:
    total = sum(ways.values())
    return frozenset(way for way, weight in ways.items() if way and way[0] != FAILED and weight >= USUAL * total)


def _fall(name: str, one: FieldMemory) -> Fall | None:
    """Hold every suffix of the last articles against what came before it."""
    if name == "page" and _never_read(one):
        return Fall(name, 0, len(one.recent), 0.0, "", max(set(one.recent), key=one.recent.count))
    for tries in range(2, len(one.recent) + 1):
        late = one.recent[-tries:]
        past = dict(one.ways)
        for way in late:
            past[way] = max(0.0, past.get(way, 0.0) - 1.0)
        total = sum(past.values())
        usual = _usual(past)
        if total < LEAST or not usual:
            continue
        share = (sum(past[way] for way in usual) + 1) / (total + 2)
        wins = sum(way in usual for way in late)
        if tail(wins, tries, share) < RARE:
            return Fall(name, wins, tries, share, _most(past), max(set(late), key=late.count))
    return None


def _never_read(page: FieldMemory) -> bool:
    """Return whether no page was ever read, as far as is remembered, and nobody has got used to that."""
    known = {*page.ways, *page.recent}
    return len(page.recent) >= NEVER_READ and _ADOPTED not in known and all(way.startswith(FAILED) for way in known)


def _is_well(one: FieldMemory) -> bool:
    usual = _usual(one.ways)
    total = sum(one.ways.values())
    if total < LEAST or not usual:
        return True
    share = sum(one.ways[way] for way in usual) / total
    late = one.recent[-RECOVERED_AFTER:]
    return sum(way in usual for way in late) >= max(1, round(len(late) * share * 0.75))


def _most(ways: Mapping[str, float]) -> str:
    return max(ways, key=lambda way: ways[way])
