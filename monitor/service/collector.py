"""Python's garbage collector in a daemon that runs for months."""

from __future__ import annotations

import gc


def settle() -> None:
    """Set aside all that is there now: it stays, and need not be walked again and again.

    A walk through the half a million objects of a daemon with some hundred rules holds up alerts and pages for a sixth of a
    second every few seconds (https://docs.python.org/3/library/gc.html#gc.freeze).
    """
    gc.unfreeze()  # what was set aside before and is no longer there goes now
    gc.collect()
    gc.freeze()
