"""A name that does not exist: which one was meant perhaps, or else which there are. Pure."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches
from typing import Final

from monitor.model.errors import UnknownNameError

LISTED: Final = 12
"""Names that are shown of those that there are."""


def unknown_name(kind: str, given: str, known: Collection[str]) -> UnknownNameError:
    """Return the error for a name of that kind that is not among those known."""
    close = get_close_matches(given, known, n=1)
    if close:
        return UnknownNameError(kind, given, f"did you mean {close[0]!r}?")
    listed = ", ".join(sorted(known)[:LISTED]) + (", ..." if len(known) > LISTED else "")
    return UnknownNameError(kind, given, f"there are: {listed or 'none'}")
