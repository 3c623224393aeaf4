"""A text that is stated twice, said once."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SENTENCE = re.compile(r".+?(?:[.!?。]+(?!\d)[\"'”’)\]]*|$)", re.DOTALL)
_LONG = 15  # characters; shorter sentences may come twice
_MUCH = 0.3  # of a text comes again: it was joined with itself


def said_once(lines: Sequence[str]) -> list[str]:
    """Return the lines without the sentences that came before, where much of the text is such; else all of them."""
    seen: set[str] = set()
    kept: list[str] = []
    left = total = 0
    for line in lines:
        fresh = []
        for sentence in _SENTENCE.findall(line):
            bare = "".join(sentence.split())
            total += len(bare)
            if len(bare) < _LONG or bare not in seen:
                fresh.append(sentence)
                left += len(bare)
            seen.add(bare)
        kept.append("".join(fresh).strip())
    return [line for line in kept if line] if total - left > _MUCH * total else list(lines)
