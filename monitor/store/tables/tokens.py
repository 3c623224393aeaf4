"""The words of a text, cut so that both databases find the same: Hangul and Han as overlapping pairs.

A pair index finds Korean words of two syllables inside longer ones, which word indexes (particles stick to nouns) and
trigram indexes (nothing shorter than three) do not. Latin words and numbers are found from their beginning: `AI` finds
"AI" and "AI칩" and "AIG", not "OpenAI". Case, width and Unicode composition do not matter; punctuation does not either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from operator import add

LIMIT = 16_000
"""Tokens kept per article: a PostgreSQL tsvector counts positions up to 16,383 (documentation, §8.11)."""

FIELD_END = "\ue000"
"""Stands between two fields, so that no phrase reaches across; a private character that no token contains."""

_DENSE = "가-힣ㄱ-ㆎ\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff"
_RUN = re.compile(rf"([{_DENSE}]+)|[^\W_{_DENSE}]+")


def fold(text: str) -> str:
    """Return the text without differences of case, width or composition (Unicode 15, §3.13, D146).

    Twice, because either step can undo the other.
    """
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFKC", once.casefold())


def index_tokens(fields: Iterable[str]) -> list[str]:
    """Return the tokens to index. A dense run gives its pairs and its last syllable alone."""
    tokens: list[str] = []
    for field in fields:
        for run in _RUN.finditer(fold(field)):
            tokens.extend(_pairs(run[0]) if run[1] else [run[0]])
        tokens.append(FIELD_END)
    return tokens[:LIMIT]


def query_tokens(text: str) -> list[str]:
    """Return the phrase to look for; its last token is meant as a prefix. Empty when the text has no word at all.

    A dense run that something follows must end there, so it gives its last syllable too; the final one may go on.
    """
    tokens: list[str] = []
    runs = list(_RUN.finditer(fold(text)))
    for number, run in enumerate(runs, 1):
        if not run[1]:
            tokens.append(run[0])
        elif number < len(runs) or len(run[0]) == 1:
            tokens.extend(_pairs(run[0]))
        else:
            tokens.extend(_pairs(run[0])[:-1])
    return tokens


def _pairs(run: str) -> list[str]:
    return [*map(add, run, run[1:]), run[-1]]
