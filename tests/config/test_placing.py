"""Where the database lies is known from a faulty monitor.yaml too, unless its place itself is in doubt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from monitor.service.configuration import read

PLACED = "database: sqlite:///kept.db\ndata_dir: here\n"
KEPT = ("sqlite:///kept.db", Path("here"))
PLACES: Mapping[str, str] = {"MONITOR_DATABASE_URL": "sqlite:///set.db", "MONITOR_DATA_DIR": "there"}


def written(folder: Path, text: str) -> Path:
    (folder / "monitor.yaml").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    "fault",
    ["fetch: {timeout: soon}\n", "tmiezone: Asia/Seoul\n", "timezone: ${NO_SUCH_VARIABLE}\n", "web: [\x20]\n"],
)
def test_another_fault_leaves_the_places_as_written(tmp_path: Path, fault: str) -> None:
    report = read(written(tmp_path, PLACED + fault), {})
    assert report.problems
    assert (report.database_problems, report.data_dir_problems) == ((), ())
    assert (report.loaded.settings.database, report.loaded.settings.data_dir) == KEPT


@pytest.mark.parametrize(
    "text",
    [
        "database: [\n",
        "database: nonsense\n",
        "database: ${NO_SUCH_VARIABLE}\n",
        "data_dir: [a]\n",
        "data_dir: here\ndata_dir: there\n",
        "<<: {data_dir: here}\n",
        "- database\n",
        "\x00",
    ],
)
def test_a_place_in_doubt_is_told_and_the_environment_ends_the_doubt(tmp_path: Path, text: str) -> None:
    folder = written(tmp_path, text)
    report = read(folder, {})
    assert report.database_problems
    assert report.database_problems == report.data_dir_problems
    assert set(report.database_problems) <= set(report.problems)
    told = read(folder, PLACES)
    assert (told.database_problems, told.data_dir_problems) == ((), ())
    assert (told.loaded.settings.database, told.loaded.settings.data_dir) == ("sqlite:///set.db", Path("there"))


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_what_is_not_written_has_its_default(tmp_path: Path, text: str) -> None:
    report = read(written(tmp_path, text), {})
    assert (report.database_problems, report.data_dir_problems) == ((), ())
    assert report.loaded.settings.database == "sqlite:///data/monitor.db"


def test_a_wrong_address_in_the_environment_and_a_missing_folder_leave_it_unknown(tmp_path: Path) -> None:
    assert read(written(tmp_path, PLACED), {"MONITOR_DATABASE_URL": "nonsense"}).database_problems
    missing = read(tmp_path / "nowhere", PLACES)
    assert missing.database_problems
    assert missing.data_dir_problems
