"""monitor doctor, on a real installation."""

from __future__ import annotations

from pathlib import Path

from monitor.cli.commands.doctor import check_line
from monitor.service import lock
from monitor.service.diagnosis import HealthCheck
from tests.cli.conftest import App


def test_a_house_without_a_daemon_is_not_well_and_says_what_to_do(stocked: App) -> None:
    told = stocked("doctor", "--quick")
    assert told.code == 1
    lines = told.out.splitlines()
    assert any(line.startswith("ok   configuration: plan ") for line in lines)
    assert any(line.startswith("FAIL daemon: ") and line.endswith("-> monitor run") for line in lines)


def test_quick_is_well_while_a_daemon_holds_the_folder(stocked: App) -> None:
    with lock.hold(stocked.installation.folder / "data"):
        told = stocked("doctor", "--quick")
    assert told.code == 0
    assert "FAIL" not in told.out


def test_a_full_look_names_what_is_not_well(stocked: App) -> None:
    with lock.hold(stocked.installation.folder / "data"):
        told = stocked("doctor")
    assert told.code == 1
    assert "FAIL source daily: timeout: no answer within 20 s" in told.out
    assert "FAIL dead deliveries: 1 -> monitor deliveries --state dead" in told.out


def test_a_broken_configuration_is_the_only_finding(house: App, tmp_path: Path) -> None:
    told = house("doctor", "--config", str(tmp_path / "nowhere"))
    assert told.code == 1
    assert told.out.startswith("FAIL configuration: ")
    assert told.out.rstrip().endswith("-> monitor check")


def test_a_finding_is_one_line() -> None:
    assert check_line(HealthCheck("disk", ok=True, detail="9 MB\nfree", action="make room")) == "ok   disk: 9 MB free"
    assert (
        check_line(HealthCheck("disk", ok=False, detail="9 MB", action="make room")) == "FAIL disk: 9 MB -> make room"
    )
