"""Where found words stand in a text that is shown, and the text cut at them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from monitor.model.hit import Match

Span: TypeAlias = tuple[int, int]


def match_spans(text: str, field: str, matches: Iterable[Match]) -> tuple[Span, ...]:
    """Return where the matches of `field` stand in its text, in order and without overlaps.

    A match whose surface does not stand at its offsets (a shortened text) is left out.
    """
    spans = (
        (match.start, match.end)
        for match in matches
        if match.field == field and match.surface and text[match.start : match.end] == match.surface
    )
    return merge_spans(spans)


def surface_spans(text: str, matches: Sequence[Match]) -> tuple[Span, ...]:
    """Return where the matched surfaces stand in a text that carries no offsets, such as an excerpt."""
    surfaces = sorted({match.surface for match in matches if match.surface}, key=len, reverse=True)
    if not surfaces:
        return ()
    pattern = re.compile("|".join(map(_bounded, surfaces)))
    return tuple(hit.span() for hit in pattern.finditer(text))


def _bounded(surface: str) -> str:
    """Return a pattern for a surface: Latin letters and digits at its edges must not go on (AI is not in OpenAI)."""
    before = r"(?<![0-9A-Za-z])" if surface[0].isascii() and surface[0].isalnum() else ""
    after = r"(?![0-9A-Za-z])" if surface[-1].isascii() and surface[-1].isalnum() else ""
    return before + re.escape(surface) + after


def merge_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans in order, overlapping ones joined."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def pieces(text: str, spans: Sequence[Span]) -> tuple[tuple[str, bool], ...]:
    """Cut a text at its spans: (piece, whether it is one of the words), nothing empty."""
    cut: list[tuple[str, bool]] = []
    here = 0
    for start, end in spans:
        cut += [(text[here:start], False), (text[start:end], True)]
        here = end
    cut.append((text[here:], False))
    return tuple((piece, word) for piece, word in cut if piece)
