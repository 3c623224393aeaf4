"""What monitor.yaml comes to, value by value: as it would be written, where it was said, and no secret."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from monitor.config.effective import MASK, EffectiveSetting, Origin, waiting
from monitor.service.configuration import load

SOURCES = "sources: [{id: a, kind: feed, url: 'https://a.example/', every: 5m}]"


def values(folder: Path, text: str, environ: Mapping[str, str] | None = None) -> dict[str, EffectiveSetting]:
    (folder / "monitor.yaml").write_text(text, "utf-8")
    (folder / "sources.yaml").write_text(SOURCES, "utf-8")
    return {one.key: one for one in load(folder, environ or {}).effective}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("data_dir", "data"),
        ("fetch.max_bytes", "4MB"),
        ("fetch.timeout", "20s"),
        ("deliver.late", "15m"),
        ("retention.articles", "90d"),
        ("follow_up", "10m, 1h, 6h, 1d"),
        ("web.listen", "127.0.0.1:8765"),
        ("web.enabled", "on"),
        ("heartbeat", ""),
        ("web.password", ""),
        ("adaptive.requests_per_day", "0"),
    ],
)
def test_what_is_not_written_is_there_as_its_default(tmp_path: Path, key: str, value: str) -> None:
    assert values(tmp_path, "")[key] == EffectiveSetting(key, value, Origin.DEFAULT)


def test_what_is_written_is_told_with_its_line(tmp_path: Path) -> None:
    found = values(
        tmp_path, "timezone: UTC\nfetch:\n  timeout: 90s\n  allow_networks: [10.0.0.0/8, 192.168.0.0/16]\nweb: off\n"
    )
    assert found["timezone"] == EffectiveSetting("timezone", "UTC", Origin.FILE, "1")
    assert found["fetch.timeout"] == EffectiveSetting("fetch.timeout", "90s", Origin.FILE, "3")
    assert found["fetch.allow_networks"].value == "10.0.0.0/8, 192.168.0.0/16"
    assert found["web.enabled"] == EffectiveSetting("web.enabled", "off", Origin.FILE, "5")
    assert found["fetch.max_bytes"].origin is Origin.DEFAULT


def test_a_variable_outranks_the_file(tmp_path: Path) -> None:
    environ = {"MONITOR_DATA_DIR": "/srv/monitor", "MONITOR_DATABASE_URL": "postgresql://me:hunter2secret@db/x"}
    found = values(tmp_path, "data_dir: here\n", environ)
    assert found["data_dir"] == EffectiveSetting("data_dir", "/srv/monitor", Origin.ENVIRONMENT, "MONITOR_DATA_DIR")
    assert found["database"] == EffectiveSetting("database", MASK, Origin.ENVIRONMENT, "MONITOR_DATABASE_URL")


def test_no_secret_is_told(tmp_path: Path) -> None:
    text = """database: postgresql://me:hunter2secret@db/x
web: {password: hunter2secret, listen: "127.0.0.1:1", reader_password: "${READER}"}
watchdog: {url: "https://ping.example/hunter2secret"}
fetch: {proxy: "http://me:hunter2secret@proxy.example:3128", user_agent: "desk ${READER}"}
"""
    found = values(tmp_path, text, {"READER": "another hunter2secret"})
    assert "hunter2" not in str([(one.value, one.place) for one in found.values()])
    masked = {"database", "web.password", "web.reader_password", "watchdog.url", "fetch.proxy"}
    assert masked == {key for key, one in found.items() if one.value == MASK}


def test_what_a_reload_does_not_change_waits_for_the_next_start(tmp_path: Path) -> None:
    started = values(tmp_path, "max_age: 8d\ndeliver: {timeout: 5s}\n").values()
    now = values(tmp_path, "max_age: 9d\ndeliver: {timeout: 6s}\n").values()
    assert waiting(started, now) == {"deliver.timeout"}
    assert waiting(started, started) == frozenset()


def test_what_a_reload_puts_in_force_waits_for_nothing(tmp_path: Path) -> None:
    started = values(tmp_path, "").values()
    now = values(tmp_path, "timezone: UTC\nfirst_run: alert\nanalyser: kiwi\nfollow_up: [1h]\n").values()
    assert waiting(started, now) == frozenset()
