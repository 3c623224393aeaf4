"""Faults shown where they stand: the line, its neighbours, and a caret under the column. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from monitor.cli.text.sanitize import safe


def frame(lines: Sequence[str], line: int, column: int) -> str:
    """Return line `line` of a file between its neighbours, a caret under code point `column` (both count from 1).

    The caret stands right on a terminal also after Korean, whose syllables take two cells. "" where there is no such
    line.
    """
    if not 1 <= line <= len(lines):
        return ""
    width = len(str(min(line + 1, len(lines))))
    shown = []
    for number in range(max(1, line - 1), min(line + 1, len(lines)) + 1):
        shown.append(f"{number:>{width + 2}} | {safe(lines[number - 1])}".rstrip())
        if number == line and column:
            shown.append(f"{'':>{width + 2}} | {caret(lines[line - 1], column - 1)}")
    return "\n".join(shown)


def caret(text: str, position: int) -> str:
    """Return a caret under code point `position` (from 0) of a text that is shown by `safe`."""
    return " " * cell_len(safe(text[:position])) + "^"
