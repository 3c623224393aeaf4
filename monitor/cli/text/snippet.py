"""Faults shown where they stand: the line of a file between its neighbours, and a caret. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.present.inert import sanitize

WIDEST = 160
"""Code points of a line of a file that are shown."""


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
