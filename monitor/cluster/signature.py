"""An article as a few hundred bytes that can be held against another's: weighted terms, slots of numbers. Pure."""

from __future__ import annotations

import hashlib
import math
import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

from monitor.cluster.headline import headline_matter
from monitor.cluster.rarity import VERSION, Rarity
from monitor.cluster.terms import LEAD, headline, matter, slots, terms
from monitor.model.article import Article
from monitor.model.story import Signature

KEPT = 96  # strongest terms of an article; 48 do nearly as well, so that this is no tight fit
KEYS = 16  # strongest terms that an article is found by
_SLOTS = 32
_SLOT_ROOM = 700  # code points of a body whose numbers tell one day's report from the next

_HEAD = struct.Struct("<BBBqI")  # version of the weights, terms, slots, headline, sum of the squared weights
_MANY = 100  # halves of a count; more change nothing
_DAMPED = (0.0, 0.5, *(1 + math.log(halves / 2) for halves in range(2, _MANY + 1)))
"""What a count is worth, by its halves: the second mention tells less than the first."""
_FULL = 255  # the weight of the strongest term; the others are parts of it


@dataclass(frozen=True, slots=True)
class UnpackedSignature:
    """A signature, unpacked: terms with their weights, slots with the numbers in them, all as 32-bit hashes.

    `norm` is the Euclidean length of the weights.
    """

    headline: int
    terms: Mapping[int, int]
    slots: Mapping[int, int]
    norm: float


def sign(article: Article, rarity: Rarity) -> Signature:
    """Return what is kept of an article: its headline, its strongest terms, its first numbers."""
    title, body = headline(article.title), matter(article.body or article.subtitle)
    strongest = _strongest(_counts(title, body), rarity)
    numbers = slots(f"{title} {body[:_SLOT_ROOM]}", _SLOTS)
    mark = _headline_number(article.title)
    hashes = [_hash(term) for _, term in strongest]
    weights = _quantised([weight for weight, _ in strongest])
    packed = b"".join((
        _HEAD.pack(VERSION, len(hashes), len(numbers), mark, sum(weight * weight for weight in weights)),
        struct.pack(f"<{len(hashes)}I", *hashes),
        bytes(weights),
        struct.pack(f"<{2 * len(numbers)}I", *map(_hash, numbers), *map(_hash, numbers.values())),
    ))  # fmt: skip
    return Signature(mark, tuple(dict.fromkeys(hashes[:KEYS])), packed)


def unpack(packed: bytes) -> UnpackedSignature:
    """Return the print that `sign` packed; weights of another version are compared as they are.

    Raises ValueError for bytes that it did not pack so: damaged ones, or those of a program with another layout.
    """
    if len(packed) < _HEAD.size:
        raise ValueError("a signature without its head")
    _, number, numbers, mark, square = _HEAD.unpack_from(packed)
    if len(packed) != _HEAD.size + 5 * number + 8 * numbers or bool(number) != bool(square):
        raise ValueError("a signature of another length than its head says")
    hashes = struct.unpack_from(f"<{number}I", packed, _HEAD.size)
    at = _HEAD.size + 4 * number
    weights = packed[at : at + number]
    pairs = struct.unpack_from(f"<{2 * numbers}I", packed, at + number)
    return UnpackedSignature(
        mark,
        dict(zip(hashes, weights, strict=True)),
        dict(zip(pairs[:numbers], pairs[numbers:], strict=True)),
        math.sqrt(square),
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


def _hash(term: str) -> int:
    """Return 32 bits that are the same in every process (Python's own hash is not)."""
    return crc32(term.encode("utf-8", "replace"))
