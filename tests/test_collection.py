"""Whoever collects the tests finds the same ones: workers that disagree run nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OTHERS = (
    {"PYTHONHASHSEED": "1", "OTHER_CLOCK": "0"},
    {"PYTHONHASHSEED": "2", "OTHER_CLOCK": str(400 * 86_400 + 3_601)},
)
"""Two processes between whom everything differs that must not matter: hashes, clock, zone, language."""
ZONES = ({"TZ": "UTC", "LC_ALL": "C.UTF-8"}, {"TZ": "Asia/Seoul", "LC_ALL": "POSIX"})

SAMPLE = """
import gzip, random, datetime, pytest
@pytest.mark.parametrize("value", [1])
def test_steady(value): pass
@pytest.mark.parametrize("packed", [gzip.compress(b"x")])
def test_packed(packed): pass
@pytest.mark.parametrize("day", [datetime.datetime.now().isoformat()])
def test_day(day): pass
@pytest.mark.parametrize("word", {"one", "two", "three", "four", "five"})
def test_set(word): pass
@pytest.mark.parametrize("number", [random.random()])
def test_random(number): pass
"""


def collect(folder: Path) -> list[list[str]]:
    """Return the names of the tests that two processes find, in their order, each in a world of its own."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--no-header", "-p", "tests.other_clock"]
    command += ["-p", "no:randomly", "-p", "no:cacheprovider", str(folder)]
    processes = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **one, **zone},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        for one, zone in zip(OTHERS, ZONES, strict=True)
    ]
    return [[line for line in process.communicate()[0].splitlines() if "::" in line] for process in processes]


def differing(first: list[str], second: list[str]) -> list[str]:
    """Return the names that stand in one list alone or in another place."""
    return [f"{one} | {other}" for one, other in zip(first, second, strict=False) if one != other]


@pytest.mark.long
@pytest.mark.slow
def test_the_same_tests_are_collected_under_any_clock_and_hash_seed() -> None:
    first, second = collect(ROOT / "tests")
    assert len(first) > 5000
    assert differing(first, second) == []
    assert len(first) == len(second)


@pytest.mark.slow
def test_clock_chance_and_order_of_sets_in_parameters_are_found(tmp_path: Path) -> None:
    (tmp_path / "test_sample.py").write_text(SAMPLE, "utf-8")
    first, second = collect(tmp_path)
    text = "".join(differing(first, second))
    assert len(first) == len(second) == 9
    assert [name for name in ("packed", "day", "set", "random", "steady") if f"test_{name}" in text] == [
        "packed", "day", "set", "random",
    ]  # fmt: skip
