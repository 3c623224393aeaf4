"""A short piece of the article around what was found, for people who read the alert."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from monitor.model.article import Article
from monitor.model.hit import Match

_PREFERRED: Final = ("body", "subtitle", "listed_summary", "caption", "title", "listed_title")
_BEFORE: Final = 0.3  # of the width stands before the mention: what follows tells more
_MARK: Final = "…"


def excerpt(article: Article, matches: Sequence[Match], width: int = 160) -> str:
    """Return at most about `width` characters around the first mention of the field that tells most.

    One line, of which a third at most stands before the mention where more follows it; cut at blanks where the text has any, with … at each cut. "" without a mention in the article's text.
    """
    fields = article.fields()
    chosen = min(
        (match for match in matches if match.field in fields),
        key=lambda match: (_PREFERRED.index(match.field), match.start),
        default=None,
    )
    if chosen is None:
        return ""
    return _window(fields[chosen.field], chosen.start, chosen.end, width)


def _window(text: str, start: int, end: int, width: int) -> str:
    """Cut the paragraph around a span to the width."""
    opening = text.rfind("\n", 0, start) + 1
    closing = text.find("\n", end)
    closing = len(text) if closing < 0 else closing
    first = max(opening, min(start - int(width * _BEFORE), closing - width))
    last = min(closing, max(first + width, end))
    if first > opening:
        blank = text.find(" ", first, start)
        first = blank + 1 if blank >= 0 else first
    if last < closing:
        blank = text.rfind(" ", end, last)
        last = blank if blank >= 0 else last
    piece = " ".join(text[first:last].split())
    return (_MARK if first > opening else "") + piece + (_MARK if last < closing else "")
