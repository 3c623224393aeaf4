"""Words and faults shown where they stand: found words stand out, a fault has its line and a caret. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from monitor.cli.text.sanitize import sanitize
from monitor.model.hit import Match

Span = tuple[int, int]
WIDEST = 160
"""Code points of a line of a file that are shown."""


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


def snippet(lines: Sequence[str], line: int, column: int) -> str:
    """Return line `line` of a file between its neighbours, a caret under code point `column` (both count from 1).

    The caret stands right on a terminal also after Korean, whose syllables take two cells. "" where there is no such
    line.
    """
    if not 1 <= line <= len(lines):
        return ""
    width = len(str(min(line + 1, len(lines))))
    cut = max(0, column - 1 - WIDEST // 2) if column > WIDEST else 0
    shown = []
    for number in range(max(1, line - 1), min(line + 1, len(lines)) + 1):
        text = _window(lines[number - 1], cut if number == line else 0)
        shown.append(f"{number:>{width + 2}} | {sanitize(text)}".rstrip())
        if number == line and column:
            shown.append(f"{'':>{width + 2}} | {caret(text, column - 1 - cut + bool(cut))}")
    return "\n".join(shown)


def _window(text: str, cut: int) -> str:
    """Return a piece of a long line from code point `cut` on, with … where something was left out."""
    piece = text[cut : cut + WIDEST]
    return ("…" if cut else "") + piece + ("…" if cut + WIDEST < len(text) else "")


def caret(text: str, position: int) -> str:
    """Return a caret under code point `position` (from 0) of a text that is shown by `sanitize`."""
    from rich.cells import cell_len  # noqa: PLC0415 - rich takes its time, and few faults are shown

    return " " * cell_len(sanitize(text[:position])) + "^"
