"""Which chores there are follows from the settings; what the last ping came to is kept for people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from monitor.config.settings import Settings, WatchdogSettings
from monitor.service.diagnosis import heartbeat, watchdog
from monitor.service.line_chores import DIGESTS, REPEATS, WATCHED, folders, free, line_chores
from monitor.service.watchdog_file import NAME, LastPing, keep, last_ping

NOW = datetime(2026, 11, 5, 2, 32, 16, tzinfo=UTC)
BARE = Settings()
PINGED = replace(BARE, watchdog=WatchdogSettings("https://hc.example/x", 60.0))


@pytest.mark.parametrize(
    ("settings", "kinds"),
    [
        (BARE, ["line"]),
        (replace(BARE, heartbeat="0 9 * * *"), ["line", "heartbeat"]),
        (PINGED, ["line", "watchdog"]),
        (replace(PINGED, heartbeat="0 9 * * *"), ["line", "heartbeat", "watchdog"]),
    ],
)
def test_what_is_switched_off_is_no_chore(settings: Settings, kinds: list[str]) -> None:
    assert [kind for _, kind in line_chores(settings) if kind not in {DIGESTS, REPEATS, WATCHED}] == kinds


def test_the_watchdog_comes_as_often_as_it_is_asked_for() -> None:
    assert {kind: seconds for seconds, kind in line_chores(PINGED)}["watchdog"] == 60.0


@pytest.mark.parametrize("database", ["sqlite:///{}/monitor.db", "sqlite:///{}/data/sub/x.db", "postgresql://h/n"])
def test_one_disk_is_looked_at_once(tmp_path: Path, database: str) -> None:
    (tmp_path / "data" / "sub").mkdir(parents=True)
    settings = replace(BARE, data_dir=tmp_path / "data", database=database.format(tmp_path))
    assert folders(settings) == (tmp_path / "data",)


def test_another_disk_is_looked_at_too(tmp_path: Path) -> None:
    other = Path("/proc")  # a file system of its own on every Linux
    assert folders(replace(BARE, data_dir=tmp_path, database="sqlite:////proc/monitor.db")) == (tmp_path, other)


def test_room_is_told_of_a_folder_that_is_still_to_be_made(tmp_path: Path) -> None:
    assert free(tmp_path / "not" / "yet") > 0


@pytest.mark.parametrize(
    ("fault", "shown"), [("", ""), ("withheld: channel desk is shut", None), ("failed: a\nb\u2028 c", "failed: a b c")]
)
def test_what_became_of_a_ping_is_read_back(tmp_path: Path, fault: str, shown: str | None) -> None:
    keep(tmp_path, lambda: NOW, "before")
    keep(tmp_path, lambda: NOW, fault)
    assert last_ping(tmp_path) == LastPing(NOW, fault if shown is None else shown)
    assert [file.name for file in tmp_path.iterdir()] == [NAME]


@pytest.mark.parametrize("text", ["", "soon", "2026-11-05T02:32:16 ok", "\0", "2026-13-05T02:32:16+00:00 x"])
def test_what_cannot_be_read_is_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, "utf-8")
    assert last_ping(tmp_path) is None
    assert last_ping(tmp_path / "nowhere") is None


def test_a_folder_that_takes_nothing_ends_nothing(tmp_path: Path) -> None:
    keep(tmp_path / "nowhere", lambda: NOW, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (None, [(True, "not pinged yet")]),
        (LastPing(NOW - timedelta(seconds=42), ""), [(True, "pinged 42 s ago")]),
        (LastPing(NOW - timedelta(seconds=181), ""), [(False, "pinged 181 s ago")]),
        (LastPing(NOW + timedelta(hours=1), ""), [(True, "pinged 0 s ago")]),
        (LastPing(NOW, "withheld: channel desk is shut"), [(False, "withheld: channel desk is shut (0 s ago)")]),
        (
            LastPing(NOW.astimezone(timezone(timedelta(hours=9))), "failed: status 500"),
            [(False, "failed: status 500 (0 s ago)")],
        ),
    ],
)
def test_doctor_says_what_became_of_the_last_ping(last: LastPing | None, said: list[tuple[bool, str]]) -> None:
    assert [(check.ok, check.detail) for check in watchdog(PINGED.watchdog, last, NOW)] == said
    assert list(watchdog(BARE.watchdog, last, NOW)) == []


def test_doctor_says_when_the_next_heartbeat_is_due() -> None:
    seoul = ZoneInfo("Asia/Seoul")
    (check,) = heartbeat("0 9 * * *", None, NOW, seoul)
    assert check.detail == "none yet, next 2026-11-06 09:00:00 KST"
    (check,) = heartbeat("0 9 * * *", NOW, NOW, seoul)
    assert check.detail == "last 2026-11-05 11:32:16 KST, next 2026-11-06 09:00:00 KST"
    assert list(heartbeat("", NOW, NOW, seoul)) == []
