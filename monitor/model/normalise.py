"""One spelling for what looks the same, with a way back to the original offsets.

Composed and decomposed Hangul, full-width letters, zero-width characters, soft hyphens, the many dashes, middle dots and
blanks become one form (Unicode NFKC, UAX #15, where it helps a reader of news and nowhere else). Most Korean news needs
no change at all, so a text is searched for rare characters first and only the clusters around them are rewritten.

The form that terms are looked for in is UTF-16: two bytes for each character of the Basic Multilingual Plane, so that a
place in the bytes is a place in the text. ASCII, the only script with capitals outside the rare characters, is lowered in
those bytes at the speed of memory; a few other characters are confounded by that, and told apart where one is found.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_IGNORED = frozenset("\u00ad\u034f\u061c\u180e\ufeff\u2060\u2061\u2062\u2063\u2064\ufe0e\ufe0f") | frozenset(
    map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x2070)))
)
_LINES = frozenset("\r\v\f\x85\u2028\u2029")
_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2212\ufe58\ufe63\uff0d")
_DOTS = frozenset("\u2022\u2027\u2219\u22c5\u30fb\u318d\uff65\u119e")
# Compatibility forms that a reader takes for a mark beside the word, not for letters of it (circled numbers, trademark
# signs, superscripts), and lone letters of Hangul, which must not be glued into syllables.
_KEPT = re.compile(
    "[\u00aa\u00ba\u00b2\u00b3\u00b9\u2026\u2070-\u209c\u2120\u2122\u2460-\u249b\u24ea-\u24ff\u2776-\u2793\u3131-\u318e\uffa0-\uffdc]"
)
# Everything outside these ranges may need work. Inside: ASCII, Hangul syllables, CJK ideographs, and the punctuation, signs,
# arrows, boxes and pictographs of news pages, all of which NFKC and case folding leave alone, or the rule above does.
_SAFE = (
    "\n -~\uac00-\ud7a3\u4e00-\u9fff\u00a1-\u00a7\u00a9\u00ab\u00ac\u00ae\u00b0-\u00b3\u00b6\u00b7\u00b9\u00bb\u00bf"
    "\u00d7\u00f7\u2014-\u2016\u2018-\u201f\u2020\u2021\u2026\u2030\u2032\u203b\u20a9\u20ac\u2122\u2190-\u2211\u2213-\u2218"
    "\u221a-\u222b\u2234-\u22c4\u2460-\u249b\u2500-\u26ff\u3001-\u3003\u3008-\u3011\u3013-\u301b\u3131-\u3163"
    "\U0001f300-\U0001f64f"
)
# Counting what is safe is twice as fast as searching for what is not.
_SAFE_RUN = re.compile(f"[{_SAFE}]*+").match
_RUN = re.compile(f"(?:  +|[^{_SAFE}]+ *)++").match
_BLANKS_OR_RARE = re.compile(f"  |[^{_SAFE}]").search
_COMMON_RUN = 16  # longer runs seldom come twice
# The commonest rare characters become another single character, which moves no offset.
_ONE_TO_ONE = (("\u00a0", " "), ("\t", " "), ("\u318d", "\u00b7"), ("\u30fb", "\u00b7"), ("\u2013", "-"), ("\r", "\n"))


class Normal(NamedTuple):
    """A text in normal form. A tuple, because one is made for every article.

    `shape` is the normal text with ASCII capitals kept; `data` what `search_form` makes of it.
    `edits` holds, for each rewritten cluster, (start, end) in `shape` and (start, end) in `original`, ascending.
    """

    original: str
    shape: str
    data: bytes
    edits: tuple[tuple[int, int, int, int], ...] = ()

    def original_span(self, start: int, end: int) -> tuple[int, int] | None:
        """Map a span of `shape` (code points, start < end) to the original; None when it would cut a cluster in two."""
        if not self.edits:
            return start, end
        first, last = self._back(start, opening=True), self._back(end, opening=False)
        return None if first is None or last is None else (first, last)

    def _back(self, offset: int, *, opening: bool) -> int | None:
        """Map one offset. Characters dropped at an edge of a span fall outside it."""
        index = bisect_right(self.edits, (offset, offset, len(self.original) + 1, 0)) - 1
        while index >= 0:
            start, end, was_start, was_end = self.edits[index]
            if offset > end or (offset == end and opening):
                return was_end + offset - end
            if offset == start:
                if not opening and index and self.edits[index - 1][1] == offset:
                    index -= 1
                    continue
                return was_start
            return was_end if offset == end else None
        return offset


def normalise(text: str) -> Normal:
    """Bring a text into normal form. Linear in its length; never raises, lone surrogates become U+FFFD."""
    shape = text
    rare = _first_rare(text, 0) < len(text)
    if rare:
        shape = _swapped(text)
        rare = _first_rare(shape, 0) < len(shape)
    if not rare and "  " not in shape:
        return Normal(text, shape, search_form(shape))
    return _edited(text, shape)


def _edited(original: str, text: str) -> Normal:
    """Rewrite the clusters of `text`, which is `original` but for replacements that moved no offset."""
    pieces: list[str] = []
    edits: list[tuple[int, int, int, int]] = []
    copied = length = 0
    for first, run in _runs(text):
        for start, end, new in _changes(run) if len(run) > _COMMON_RUN else _common_changes(run):
            pieces += (text[copied : first + start], new)
            length += first + start - copied
            copied = first + end
            edits.append((length, length + len(new), first + start, copied))
            length += len(new)
    pieces.append(text[copied:])
    shape = "".join(pieces)
    return Normal(original, shape, search_form(shape), tuple(edits))


def fold(text: str) -> str:
    """Return the normal form of a term: what `normalise` makes of it, in lower case, without blanks at its ends."""
    return lowered(normalise(text).shape).strip(" ")


def lowered(shape: str) -> str:
    """Lower the ASCII capitals of a normal text, the only ones it has."""
    return shape.encode().lower().decode()


def search_form(shape: str) -> bytes:
    """Return the bytes in which terms are looked for: UTF-16, ASCII capitals lowered."""
    return shape.encode("utf-16-le").lower()


def _swapped(text: str) -> str:
    """Replace the commonest rare characters, one for one."""
    for old, new in _ONE_TO_ONE:
        text = text.replace(old, new)
    return text


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """Yield the runs of rare characters and repeated blanks, each with the character before it that it may join."""
    next_start = _blank_or_rare if "  " in text else _first_rare
    start = next_start(text, 0)
    while start < len(text):
        end = _RUN(text, start).end()  # type: ignore[union-attr]  # something rare stands there
        joins = start > 0 and text[start] != " " and _kind(text[start]) in "mib"
        yield start - joins, text[start - joins : end]
        start = next_start(text, end)


def _changes(run: str) -> tuple[tuple[int, int, str], ...]:
    """Return the start, the end and the new form of every cluster of a run that has to be rewritten."""
    changes = []
    start = 0
    while start < len(run):
        end = _cluster_end(run, start)
        new = _rewritten(run[start:end])
        if new != run[start:end]:
            changes.append((start, end, new))
        start = end
    return tuple(changes)


_common_changes = lru_cache(maxsize=4_096)(_changes)


def _first_rare(text: str, start: int) -> int:
    """Return where the first rare character stands, from `start` on; the length of the text where there is none."""
    found = _SAFE_RUN(text, start)
    return found.end() if found else start


def _cluster_end(text: str, start: int) -> int:
    """Find where the cluster that begins at `start` ends."""
    first = _kind(text[start])
    joined = "b" if first == "b" else "m"
    stop = start + 1
    if first in "il":
        return stop
    for at in range(stop, len(text)):
        kind = _kind(text[at])
        if kind == joined:
            stop = at + 1
        elif kind != "i":
            break
    return stop


def _blank_or_rare(text: str, start: int) -> int:
    """Return where the first rare character or repeated blank stands, from `start` on."""
    found = _BLANKS_OR_RARE(text, start)
    return found.start() if found else len(text)


def _kind(char: str) -> str:
    """Class a character: i(gnored), l(ine end), b(lank), m(ark that joins what stands before it), or o(ther)."""
    if char in _IGNORED:
        return "i"
    if char in _LINES:
        return "l"
    if char in " \t":
        return "b"
    if "\u1160" <= char <= "\u11ff" and char not in _DOTS:
        return "m"
    category = unicodedata.category(char)
    return "b" if category == "Zs" else "m" if category[0] == "M" or char in "\uff9e\uff9f" else "o"


def _rewritten(cluster: str) -> str:
    """Return the normal form of one cluster."""
    kind = _kind(cluster[0])
    if kind in "ilb":
        return {"i": "", "l": "\n", "b": " "}[kind]
    base, marks = cluster[0], "".join(char for char in cluster[1:] if char not in _IGNORED)
    if base in _DASHES or base in _DOTS:
        return ("-" if base in _DASHES else "\u00b7") + _folded(marks)
    if "\ud800" <= base <= "\udfff":
        return "\ufffd" + _folded(marks)
    if _KEPT.match(base) or unicodedata.normalize("NFKC", base)[0] == " ":
        return base + _folded(marks)
    return _folded(base + marks)


def _folded(text: str) -> str:
    """Apply NFKC and case folding until nothing changes; ASCII keeps its capitals."""
    for _ in range(4):
        before = text
        text = unicodedata.normalize("NFKC", text)
        text = "".join(char if char.isascii() else char.casefold() for char in text)
        if text == before:
            break
    return text
