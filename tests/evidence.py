"""What tests read: sets carried in `tests/data`, sets beside the checkout, and a loud count of what could not run.

Small sets are carried, so their tests always run. Large ones lie in a folder beside the checkout (`../shared`, or what
MONITOR_SHARED names). A test that lacks something says so through an `Absence`; at the end of the run each absence is one
line with the number of tests that did not run, so that a green run never hides what it did not look at.
"""

from __future__ import annotations

import importlib.util
import json
import os
from collections import Counter
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

DATA = Path(__file__).resolve().parent / "data"
SHARED = Path(os.environ.get("MONITOR_SHARED") or Path(__file__).resolve().parents[2] / "shared")


@dataclass(frozen=True, slots=True)
class Absence:
    """Something that tests need and may not find, and how it is brought. `what` is the reason of the skip."""

    what: str
    remedy: str

    def stop(self, part: str = "") -> NoReturn:
        """Skip the test that runs; `part` says which of several things it misses."""
        pytest.skip(f"{self.what}: {part}" if part else self.what)

    def told(self, reasons: Iterable[str]) -> str:
        """Return one line about the skips among `reasons` that are this absence; "" when there are none."""
        heads = [reason.partition(": ") for reason in reasons]
        parts = Counter(part for what, _, part in heads if what == self.what)
        if not parts:
            return ""
        tests = "1 test" if parts.total() == 1 else f"{parts.total()} tests"
        named = ", ".join(f"{part} {count}" for part, count in sorted(parts.items()) if part)
        listed = f" ({named})" if named else ""
        return f"{self.what}: {tests} did not run{listed}; {self.remedy}"


BESIDE = Absence("conformance data beside the checkout is missing", "MONITOR_SHARED names the folder")
ANALYSER = Absence("the Korean analyser is not installed", "make install-ko brings it")
SYSTEMD = Absence("systemd-analyze is not installed", "it comes with systemd")
SCHEMA = Absence("check-jsonschema, which carries the schema of Compose, is not installed", "make install brings it")
CHROMIUM = Absence("Chromium is not installed", "Debian's packages chromium and fonts-noto-cjk bring it")
ABSENCES = (BESIDE, ANALYSER, SYSTEMD, SCHEMA, CHROMIUM)


def beside(name: str) -> Path:
    """Return a file or folder beside the checkout, such as `fixtures/robots`; the test skips where it is missing."""
    path = SHARED / name
    if not path.exists():
        BESIDE.stop(name.removeprefix("fixtures/").removeprefix("bench/"))
    return path


def rows(name: str, folder: Path = DATA) -> list[Any]:
    """Return the rows of a file of JSON lines, by default one that is carried."""
    return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]


def need_analyser() -> None:
    """Skip the test that runs where the optional Korean analyser is missing."""
    if importlib.util.find_spec("kiwipiepy") is None:
        ANALYSER.stop()


def summary(reasons: Iterable[str]) -> list[str]:
    """Return a line for every absence among the reasons of skips."""
    found = list(reasons)
    return [line for absence in ABSENCES if (line := absence.told(found))]


def reason(report: pytest.CollectReport | pytest.TestReport) -> str:
    """Return why a test or a file was skipped."""
    told = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
    return told.removeprefix("Skipped: ")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Say last of all what did not run. Reports of all workers arrive where the terminal is."""
    yield
    lines = summary(map(reason, terminalreporter.stats.get("skipped", ())))
    if lines:
        terminalreporter.write_sep("=", "not everything was looked at", yellow=True, bold=True)
    for line in lines:
        terminalreporter.write_line(line, yellow=True, bold=True)
