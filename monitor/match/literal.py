"""Texts in lists that look like an expression of the query language, and are looked for letter by letter. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from monitor.match.query import syntax

_EACH: Final = "each item is looked for as it stands: write one item for each word"
_OPERATOR: Final = re.compile(r"(?:\A|\s)(?:AND|OR|NOT|ＡＮＤ|ＯＲ|ＮＯＴ)(?:\s|\Z)")
_SEPARATOR: Final = re.compile(r"(?:(?<=[가-힣])[,;，；、]\s*|[,;，；、]\s*(?=[가-힣]))(?!\d)(?=\S)")
_GROUP: Final = re.compile(r"[@＠][\w-]+\Z")
_STAR: Final = re.compile(r"\A[*＊][^\s*＊]+\Z|\A[^\s*＊]+[*＊]\Z")
_MINUS: Final = re.compile(r"[-－–−][가-힣]")
_REGEX: Final = re.compile(r"/.+/\Z")


def slip(text: str) -> str:
    """Return what to write instead of a literal that was most likely meant as an expression; "" for any other.

    >>> slip("해솔 OR 나래")
    'each item is looked for as it stands: write one item for each word'
    """
    if _OPERATOR.search(text) or _SEPARATOR.search(text):
        return _EACH
    if _GROUP.match(text):
        return "write the spellings themselves: @ names a group in `match` alone, and in ASCII"
    if _STAR.match(text):
        return "there is no * wildcard: a rule finds longer words in `prefix` or `substr` mode"
    if _MINUS.match(text):
        return "write what must not occur under `none_of` of the rule, or as NOT in its expression"
    return "write a regular expression under `regex` of the rule, or in its expression" if _REGEX.match(text) else ""


def terms(node: syntax.Node) -> Iterator[syntax.Term]:
    """Yield every term of a tree."""
    if isinstance(node, syntax.Term):
        yield node
        return
    for name in getattr(node, "__slots__", ()):
        inner = getattr(node, name)
        for part in inner if isinstance(inner, tuple) else (inner,):
            if hasattr(part, "pos"):
                yield from terms(part)
