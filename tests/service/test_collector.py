"""What a start made is not walked again by the garbage collector, and goes when it is no longer there."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from monitor.service.collector import settle


class Ring:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_there_is_set_aside_and_what_is_gone_is_freed_the_next_time() -> None:
    ring: Ring | None = Ring()
    gone = weakref.ref(ring)
    settle()
    assert gc.get_freeze_count() > 0
    ring = None
    gc.collect()
    assert gone() is not None, "it was set aside"
    settle()
    assert gone() is None
