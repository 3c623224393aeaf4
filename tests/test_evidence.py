"""A green run says aloud what it did not look at."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.evidence import ANALYSER, BESIDE, summary
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = """
import pytest
from tests.evidence import ANALYSER, beside

@pytest.fixture
def pages():
    return beside("bench/extraction")

@pytest.mark.parametrize("number", range(3))
def test_feeds(number): beside("fixtures/rss/gofeed")
def test_pages(pages): pass
def test_robots(): assert beside("fixtures/robots").is_dir()
def test_analyser(): ANALYSER.stop()
def test_of_another_database(): pytest.skip("nothing is missing: it does this by itself")
"""


def last_words(shared: Path, *words: str, cwd: Path = ROOT) -> list[str]:
    """Run pytest with this folder as the one beside the checkout; return what it says at its end, figures aside."""
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "MONITOR_SHARED": str(shared), "PY_COLORS": "0"}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:randomly", *words]
    done = subprocess.run(
        command, cwd=cwd, env=environ, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    *_, told = done.stdout.partition(" not everything was looked at ")
    return told.splitlines()[1:-1]


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "1"])
def test_what_is_missing_is_counted_by_set_at_the_end(tmp_path: Path, workers: str) -> None:
    """One folder may be there and a set in it not; a skip that is no absence is not counted."""
    (tmp_path / "shared/fixtures/robots").mkdir(parents=True)
    (tmp_path / "test_sample.py").write_text(SAMPLE, "utf-8")
    words = ("-ra", "-p", "tests.evidence", "-n", workers, f"--rootdir={tmp_path}", str(tmp_path / "test_sample.py"))
    assert last_words(tmp_path / "shared", *words, cwd=tmp_path) == [
        f"{BESIDE.what}: 4 tests did not run (extraction 1, rss/gofeed 3); MONITOR_SHARED names the folder",
        "the Korean analyser is not installed: 1 test did not run; make install-ko brings it",
    ]


@pytest.mark.slow
def test_the_tests_of_the_project_are_counted(tmp_path: Path) -> None:
    """The hook is in force here, and counts what each test misses first."""
    (told,) = last_words(tmp_path / "nowhere", "tests/bench/test_feeds.py", "tests/fetch/test_robots_suite.py")
    assert told.startswith(f"{BESIDE.what}: 2 tests did not run (robots 1, rss/feedparser 1); ")


def test_nothing_is_said_when_nothing_is_missing() -> None:
    assert summary([]) == []
    assert summary(["PostgreSQL folds its log by itself", ""]) == []
    assert summary([ANALYSER.what, f"{BESIDE.what}: robots"]) == [
        "conformance data beside the checkout is missing: 1 test did not run (robots 1); MONITOR_SHARED names the folder",
        "the Korean analyser is not installed: 1 test did not run; make install-ko brings it",
    ]
