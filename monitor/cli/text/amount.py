"""Numbers with their nouns. Pure."""

from __future__ import annotations


def amount(number: int, noun: str) -> str:
    """Return `1 hit`, `2 hits`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
