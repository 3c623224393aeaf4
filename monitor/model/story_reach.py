"""How far the story of an article is looked for: which articles are worth comparing, and how many."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

LONGEST: Final = timedelta(days=7)
"""A story that is older takes nobody in any more, however often it was picked up: a long affair is told anew."""

KEYS: Final = 16
"""Of an article, that others are found by."""

POSTINGS: Final = 50
"""Latest articles that one key finds; what more of them have is no rare term."""

SHARED: Final = 2
"""Keys that make two articles worth comparing; one headline counts as much."""

NEAREST: Final = 20
"""Articles that share the most keys."""

STORIES: Final = 5
"""Of theirs, that are compared: a long affair has as many acts within reach."""

MEMBERS: Final = 16
"""Latest articles of a story that are compared."""
