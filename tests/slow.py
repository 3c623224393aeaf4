"""The quick half stays quick: a test that starts a process without being marked `slow` fails."""

from __future__ import annotations

import sys
from collections.abc import Generator

import pytest

STARTS = frozenset({"subprocess.Popen", "os.fork", "os.posix_spawn", "os.system"})
FREE = frozenset({"git"})
"""Programs that answer at once: which files are committed."""

_running: list[pytest.Item] = []


def marked(item: pytest.Item) -> bool:
    """Return whether a test may take its time."""
    return any(item.get_closest_marker(name) for name in ("slow", "postgres"))


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse a process to the test that runs, unless it is marked. An audit hook (PEP 578) for the whole run."""
    if event in STARTS and _running and not marked(_running[-1]) and not _free(arguments):
        raise RuntimeError(f"{_running[-1].nodeid} starts a process ({arguments[:2]}): mark it slow")


def _free(arguments: tuple[object, ...]) -> bool:
    return bool(arguments) and str(arguments[0]) in FREE


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Return a sentence: which test runs."""
    _running.append(item)
    try:
        return (yield)
    finally:
        _running.pop()


sys.addaudithook(watch)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, object, object]:
    """Mark what hypothesis plays, which is not traced for coverage, and begin with the longest tests.

    A long test that begins last is one that all other workers wait for.
    """
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.property)
    result = yield  # here the tests are selected and shuffled
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    return result
