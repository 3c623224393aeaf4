"""An article as a few hundred bytes that can be held against another's: weighted terms, slots of numbers, acts, days. Pure."""

from __future__ import annotations

import hashlib
import math
import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.cluster.acts import acts
from monitor.cluster.days import days_told
from monitor.cluster.headline import headline_matter
from monitor.cluster.lead import lead_of, opening
from monitor.cluster.rarity import Rarity
from monitor.cluster.terms import LEAD, hashed, headline, matter, slots, terms
from monitor.model.article import Article
from monitor.model.story import Signature

VERSION = 2
"""Of the table of rarities and of the list of acts; it is the first byte of every signature."""

KEPT = 96  # strongest terms of an article; 48 do nearly as well, so that this is no tight fit
KEYS = 16  # strongest terms that an article is found by
_SLOTS = 32
_SLOT_ROOM = 700  # code points of a body whose numbers tell one day's report from the next

_WITHOUT_ACTS = 1  # the version that had neither acts nor days

_HEAD = struct.Struct("<BBBqI")  # version, terms, slots, headline, sum of the squared weights
_FOOT = struct.Struct("<23sI")  # acts, days
_ACTS_BYTES = 23
_MANY = 100  # halves of a count; more change nothing
_DAMPED = (0.0, 0.5, *(1 + math.log(halves / 2) for halves in range(2, _MANY + 1)))
"""What a count is worth, by its halves: the second mention tells less than the first."""
_FULL = 255  # the weight of the strongest term; the others are parts of it


@dataclass(frozen=True, slots=True)
class UnpackedSignature:
    """A signature, unpacked: terms with their weights, slots with the numbers in them, all as 32-bit hashes.

    `norm` is the Euclidean length of the weights. `acts` and `days` are sets of bits; no acts (None): an older version did
    not keep them.
    """

    headline: int
    terms: Mapping[int, int]
    slots: Mapping[int, int]
    norm: float
    acts: int | None = None
    days: int = 0


def sign(article: Article, rarity: Rarity) -> Signature:
    """Return what is kept of an article: its headline, its strongest terms, its first numbers, its acts and days.

    What it opens with is not kept: it is needed once, when its story is chosen.
    """
    title, body = headline(article.title), matter(article.body or article.subtitle)
    first, lead = opening(body)
    strongest = _strongest(_counts(title, body), rarity)
    numbers = slots(f"{title} {body[:_SLOT_ROOM]}", _SLOTS)
    mark = _headline_number(article.title)
    kept = {term: hashed(term) for _, term in strongest}
    hashes = [*kept.values()]
    weights = _quantised([weight for weight, _ in strongest])
    packed = b"".join((
        _HEAD.pack(VERSION, len(hashes), len(numbers), mark, sum(weight * weight for weight in weights)),
        struct.pack(f"<{len(hashes)}I", *hashes),
        bytes(weights),
        struct.pack(f"<{2 * len(numbers)}I", *map(hashed, numbers), *map(hashed, numbers.values())),
        _FOOT.pack(acts(f"{title} {first}").to_bytes(_ACTS_BYTES, "little"), days_told(f"{title} {body}")),
    ))  # fmt: skip
    return Signature(mark, tuple(dict.fromkeys(hashes[:KEYS])), packed, lead_of(title, first, lead, rarity, kept))


def unpack(packed: bytes) -> UnpackedSignature:
    """Return the print that `sign` packed; weights of another version are compared as they are, its acts are not known.

    Raises ValueError for bytes that it did not pack so: damaged ones, or those of a program with another layout.
    """
    if len(packed) < _HEAD.size:
        raise ValueError("a signature without its head")
    version, number, numbers, mark, square = _HEAD.unpack_from(packed)
    foot = _HEAD.size + 5 * number + 8 * numbers
    if len(packed) != foot + (_FOOT.size if version != _WITHOUT_ACTS else 0) or bool(number) != bool(square):
        raise ValueError("a signature of another length than its head says")
    hashes = struct.unpack_from(f"<{number}I", packed, _HEAD.size)
    at = _HEAD.size + 4 * number
    weights = packed[at : at + number]
    pairs = struct.unpack_from(f"<{2 * numbers}I", packed, at + number)
    named, days = _FOOT.unpack_from(packed, foot) if version == VERSION else (None, 0)
    return UnpackedSignature(
        mark,
        dict(zip(hashes, weights, strict=True)),
        dict(zip(pairs[:numbers], pairs[numbers:], strict=True)),
        math.sqrt(square),
        None if named is None else int.from_bytes(named, "little"),
        days,
    )


def _counts(title: str, body: str) -> Counter[str]:
    """Count the terms in halves: the headline double, what stands far down half."""
    return Counter(4 * terms(title) + 2 * terms(body[:LEAD]) + terms(body[LEAD:]))


def _strongest(counted: Mapping[str, int], rarity: Rarity) -> list[tuple[float, str]]:
    """Return the KEPT heaviest terms (weight, term), heaviest first; equal weights in the order of the alphabet."""
    rare, damped = rarity.weights, _DAMPED
    weighed = [(-rare[term] * damped[min(halves, _MANY)], term) for term, halves in counted.items()]
    return [(-weight, term) for weight, term in sorted(weighed)[:KEPT]]


def _quantised(weights: list[float]) -> list[int]:
    return [max(1, round(_FULL * weight / weights[0])) for weight in weights]


def _headline_number(title: str) -> int:
    """Return the number of a headline's matter, 0 when it is too short to tell anything."""
    mark = headline_matter(title)
    return int.from_bytes(hashlib.blake2b(mark.encode(), digest_size=8).digest(), signed=True) if mark else 0
