"""`follow_up`: how long after it was told an article is looked at again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model.errors import ConfigError
from monitor.model.plan import FOLLOW_UP
from monitor.service.configuration import load

SOURCE = 'sources: [{id: a, kind: feed, url: "https://a.example/", every: 5m}]'


def steps(folder: Path, written: str) -> tuple[timedelta, ...]:
    (folder / "monitor.yaml").write_text(written, "utf-8")
    (folder / "sources.yaml").write_text(SOURCE, "utf-8")
    return load(folder, {}).plan.follow_up


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("", [step.total_seconds() for step in FOLLOW_UP]),
        ("follow_up: off", []),
        ('follow_up: "off"', []),
        ("follow_up: []", []),
        ("follow_up: 30m", [1800]),
        ("follow_up: [2h, 5m, 2h, 120m]", [300, 7200]),
        ("follow_up: [1s, 30d]", [1, 2_592_000]),
    ],
)
def test_what_is_written_is_meant(tmp_path: Path, written: str, seconds: list[float]) -> None:
    assert [step.total_seconds() for step in steps(tmp_path, written)] == seconds


@pytest.mark.parametrize(
    "written",
    [
        "follow_up: never",
        "follow_up: [10]",
        "follow_up: [0s]",
        "follow_up: [31d]",
        "follow_up: {after: 1h}",
        "follow_up: true",
        "follow_up: [1m, 2m, 3m, 4m, 5m, 6m, 7m, 8m, 9m]",
    ],
)
def test_what_cannot_be_meant_names_its_line(tmp_path: Path, written: str) -> None:
    with pytest.raises(ConfigError) as refused:
        steps(tmp_path, f"timezone: Asia/Seoul\n{written}")
    (problem,) = refused.value.problems
    assert (Path(problem.file).name, problem.line) == ("monitor.yaml", 2)
    assert problem.message


def test_it_is_part_of_what_a_plan_means(tmp_path: Path) -> None:
    versions = set()
    for written in ("", "follow_up: [5m]", "follow_up: off"):
        steps(tmp_path, written)
        versions.add(load(tmp_path, {}).plan.version)
    assert len(versions) == 3
