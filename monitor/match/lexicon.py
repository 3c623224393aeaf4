"""Longer words that begin with a shorter one and look as if a particle followed it."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

from monitor.match.nouns import NOUNS


@cache
def _sorted() -> tuple[str, ...]:
    return tuple(sorted(NOUNS))


def longer_tails(term: str) -> tuple[str, ...]:
    """Answer what must follow the folded `term` to make it a longer known noun: for 메타 인지, 버스, 데이터 …"""
    words = _sorted()
    at = bisect_left(words, term)
    tails = []
    while at < len(words) and words[at].startswith(term):
        if len(words[at]) > len(term):
            tails.append(words[at][len(term) :])
        at += 1
    return tuple(tails)
