"""What headlines bring up that none before them did: the story goes on, or somebody answers. Pure.

It is read from headlines alone: they are kept as long as the article is, and an editor puts there what is new.
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor.cluster.acts import named_acts
from monitor.cluster.terms import headline


def developments(titles: Sequence[str]) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Return which of some headlines of one story, oldest first, name an act for the first time, and the names of such acts.

    Each is (the place of the headline, names as they stand in it). What the first one names is the story itself.
    """
    known: set[int] = set()
    found = []
    for place, title in enumerate(titles):
        named = named_acts(headline(title))
        fresh = tuple(word for bit, word in named.items() if bit not in known)
        if fresh and place:
            found.append((place, fresh))
        known |= named.keys()
    return tuple(found)
