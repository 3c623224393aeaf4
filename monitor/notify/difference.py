"""What of an article's change is told: another headline, and passages around mentions that are gone or new. Pure.

Other edits are stored and told to nobody. A passage is the sentence around a mention. It is gone only where its letters
stand nowhere in the new text, and new only where they stood nowhere in the old one: a sentence that moved, or was set in
another paragraph, is neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.model.article import Article
from monitor.model.headline import FLAGS
from monitor.model.hit import Match

MOST: Final = 20
"""Passages of one side; no message has room for more."""
LEAST_LEFT: Final = 0.25
"""Of an article's letters; what has fewer left is taken for a wall, or a page that was not read well, and not for an edit."""

_LONGEST: Final = 300  # characters of a passage
_LINE: Final = 15  # letters from which a line belongs to one article and no other
_OWN: Final = ("subtitle", "body", "caption")  # a headline is told as such; what a list said is not looked at again
_END: Final = re.compile(r"(?<=[.!?。…])[\"'”’)\]]?\s+|\n+")
_POINT: Final = re.compile(r"(?<=\d)\.(?=\d)")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MINUS: Final = re.compile(r"(?<!\w)[-‐-―](?=\d)")
_POINTS, _MINUSES = "\u2219", "\u2212"  # mathematical signs, which stay


@dataclass(frozen=True, slots=True)
class PassageChange:
    """The passages of one rule that are gone, and those that are new, each in the order of the article."""

    removed: tuple[str, ...]
    added: tuple[str, ...]

    def __bool__(self) -> bool:
        """Return whether there is anything to tell."""
        return bool(self.removed or self.added)


def renamed(before: Article, after: Article) -> bool:
    """Return whether an article has another headline: not where flags ([속보], (종합)), blanks or punctuation alone differ."""
    old, new = matter(FLAGS.sub(" ", before.title)), matter(FLAGS.sub(" ", after.title))
    return bool(old) and bool(new) and old != new


def passage_change(before: Article, after: Article, old: Sequence[Match], new: Sequence[Match]) -> PassageChange:
    """Return which passages around a rule's mentions went (`old`, in `before`) or came (`new`, in `after`)."""
    gone = _missing(passages_of(before, old), _text(after))
    fresh = _missing(passages_of(after, new), _text(before))
    return PassageChange(tuple(gone)[:MOST], tuple(fresh)[:MOST])


def is_readable(before: Article, after: Article) -> bool:
    """Return whether both are readings of an article's page that can be compared; an entry of a list alone is none."""
    return all(one.body and one.field_sources.get("body") != "entry" for one in (before, after))


def is_same(before: Article, after: Article) -> bool:
    """Return whether what a page shows now is that article: a line of it stands there, and not too little of the rest.

    A login, a notice or another article under the same address is none, and neither is the beginning before a wall.
    """
    return is_whole(before, after) and (not renamed(before, after) or stands_in(before, _text(after)))


def is_whole(before: Article, after: Article) -> bool:
    """Return whether so much of an article's text is left that what is missing may be taken for an edit."""
    return _letters(after) >= LEAST_LEFT * _letters(before)


def _letters(article: Article) -> int:
    """Return how many letters an article's text has, or had where excerpts stand for it."""
    count, _, _ = article.text_mark.partition("-")
    return int(count) if count else len(matter(article.body))


def excerpts_changed(before: Article, after: Article, old: Sequence[Match], new: Sequence[Match]) -> bool:
    """Return whether what stands around a rule's mentions is another text, of articles for whose text excerpts stand."""
    if before.text_mark == after.text_mark:
        return False
    shown = matter(after.body)
    lost = any(line not in shown for line in map(matter, before.body.splitlines()))
    return lost or [match.surface for match in old] != [match.surface for match in new]


def stands_in(article: Article, letters: str) -> bool:
    """Return whether any longer line of an article's text stands in a text, of which `letters` is the matter."""
    lines = (matter(line) for line in _END.split(article.body))
    return any(len(line) >= _LINE and line in letters for line in lines)


def matter(text: str) -> str:
    """Return what of a text counts where two are compared: letters, numbers with their points and signs, symbols."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = _MINUS.sub(_MINUSES, _POINT.sub(_POINTS, _THOUSANDS.sub("", folded)))
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LMNS")


def _text(article: Article) -> str:
    fields = article.fields()
    return matter("\n".join(fields[name] for name in ("title", *_OWN)))


def _missing(passages: Iterable[str], letters: str) -> Iterator[str]:
    return (passage for passage in passages if (wanted := matter(passage)) and wanted not in letters)


def passages_of(article: Article, matches: Sequence[Match]) -> Iterator[str]:
    """Yield the sentence around each mention outside the headline, each once; of a long one the part around the mention.

    A place where the mention does not stand is one in an older text.
    """
    fields, seen = article.fields(), set[str]()
    if article.text_mark:
        return  # places are those of a text that is not kept
    for match in matches:
        text = fields.get(match.field, "") if match.field in _OWN else ""
        if text[match.start : match.end] == match.surface and match.surface:
            passage = _around(text, match.start, match.end)
            if passage not in seen:
                seen.add(passage)
                yield passage


def _around(text: str, start: int, end: int) -> str:
    first, last = 0, len(text)
    for found in _END.finditer(text):
        if found.end() <= start:
            first = found.end()
        elif found.start() >= end:
            last = found.start()
            break
    if last - first > _LONGEST:
        first = max(first, start - _LONGEST // 2)
        last = min(last, max(first + _LONGEST, end))
    return " ".join(text[first:last].split())
