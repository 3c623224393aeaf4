"""Names that the user gives are held against names that exist."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

import typer

LISTED = 12


def unknown(option: str, kind: str, given: str, known: Collection[str]) -> typer.BadParameter:
    """Return the error for a name that does not exist: what was meant perhaps, or else what there is."""
    close = get_close_matches(given, known, n=1)
    listed = ", ".join(sorted(known)[:LISTED]) + (", ..." if len(known) > LISTED else "")
    hint = f"did you mean {close[0]!r}?" if close else f"there are: {listed or 'none'}"
    return typer.BadParameter(f"no {kind} {given!r}; {hint}", param_hint=option)
