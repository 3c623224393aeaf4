"""The demonstration shows what it promises, and says so when something does not come."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.patience import PATIENCE
from tests.replica.demo import TERMS, Steps, moment, pad, parse

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = parse([]).config


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the demonstration as a user does."""
    command: Sequence[str] = [sys.executable, "-m", "tests.replica.demo", "--patience", str(PATIENCE), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)


@pytest.fixture(scope="module")
def shown() -> str:
    """What the demonstration prints when all is well."""
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_every_alert_arrives_signed_and_nothing_else_does(shown: str) -> None:
    assert shown.count("■ 알림 도착") == len(TERMS)
    assert shown.count("확인됨 / verified (Standard Webhooks, hit.created)") == len(TERMS)
    assert len(set(re.findall(r"webhook-id +(\S+),", shown))) == len(TERMS)
    assert re.findall(r", seq (\d+)", shown) == ["1", "2"]


def test_the_baseline_is_read_and_not_sent(shown: str) -> None:
    assert "20 articles read" in shown
    assert shown.index("nothing sent") < shown.index("article published") < shown.index("alert received")


def test_the_summary_follows_an_article_through_the_line(shown: str) -> None:
    rows = re.findall(r"^ {4}\S.*?((?: +\d+){3})$", shown.partition("요약")[2], re.MULTILINE)
    assert len(rows) == len(TERMS)
    for row in rows:
        seen, matched, delivered = map(int, row.split())
        assert -1 <= seen <= matched <= delivered


def test_a_daemon_that_dies_is_reported(tmp_path: Path) -> None:
    program = tmp_path / "monitor"
    program.write_text("#!/bin/sh\necho 'the disk is full' >&2\nexit 1\n")
    program.chmod(0o755)
    done = run("--program", str(program))
    assert done.returncode == 1
    assert "실패 / failed: the daemon ended with exit code 1" in done.stderr
    assert "the disk is full" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_program_that_is_missing_is_reported(tmp_path: Path) -> None:
    done = run("--program", str(tmp_path / "none"))
    assert done.returncode == 1
    assert "cannot be started: No such file or directory; make install prepares it" in done.stderr


def test_rules_that_send_nothing_are_reported_as_such(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "channels.yaml").write_bytes((SHIPPED / "channels.yaml").read_bytes())
    (folder / "rules.yaml").write_text("rules:\n  - {id: openai, name: OpenAI, match: 없는낱말}\n", "utf-8")
    done = run("--config", str(folder))
    assert done.returncode == 1
    assert "hits stand on the page, 0 were stored" in done.stderr


def test_columns_are_counted_as_a_terminal_shows_them() -> None:
    assert pad("규칙", 6) == "규칙  "
    assert pad("12", -6) == "    12"
    assert pad("overlong", 3) == "overlong"


def test_times_of_payloads_are_read_in_any_zone() -> None:
    assert moment("1970-01-01T00:00:01.500Z") == 1.5
    assert moment("1970-01-01T09:00:00+09:00") == 0
    assert Steps("x", 1, 2, 3).delivered == 3
