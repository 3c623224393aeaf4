"""The systemd unit parses, hardens, and agrees with how the daemon behaves."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from monitor.cli.exit_codes import FAILURE, LOCKED, NEWER_SCHEMA, NO_CONFIG, USAGE
from monitor.service.daemon import REPLACED
from tests.evidence import SYSTEMD
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
UNIT = ROOT / "docs" / "monitor.service"
ANALYZE = shutil.which("systemd-analyze")
BAR = 20  # tenths of a point of exposure; systemd itself calls 2.0 OK


def parsed() -> dict[str, dict[str, list[str]]]:
    """Read the unit: sections, keys, and the values of repeated keys in order (systemd.syntax(7))."""
    sections: dict[str, dict[str, list[str]]] = {}
    section: dict[str, list[str]] = {}
    for line in UNIT.read_text("utf-8").splitlines():
        if not line or line.startswith(("#", ";")):
            continue
        if head := re.fullmatch(r"\[(\w+)\]", line):
            section = sections.setdefault(head[1], defaultdict(list))
            continue
        pair = re.fullmatch(r"([A-Z][A-Za-z]+)=(.*)", line)
        assert pair, line
        section[pair[1]].append(pair[2])
    return sections


def service(key: str) -> str:
    """Return the one value of a key of [Service]."""
    (value,) = parsed()["Service"][key]
    return value


def test_it_has_its_three_sections_and_starts_the_daemon() -> None:
    assert list(parsed()) == ["Unit", "Service", "Install"]
    assert service("ExecStart").split()[1] == "run"
    assert service("ExecReload") == "/bin/kill -HUP $MAINPID"


def test_it_waits_for_no_notice_that_never_comes() -> None:
    code = "".join(path.read_text("utf-8") for path in ROOT.glob("monitor/**/*.py"))
    assert (service("Type") == "notify") is ("NOTIFY_SOCKET" in code)
    assert "WatchdogSec" not in parsed()["Service"] or "NOTIFY_SOCKET" in code


def test_a_stop_has_more_time_than_the_drain() -> None:
    drain = re.search(r"^DRAIN = ([\d.]+)", (ROOT / "monitor/service/daemon.py").read_text("utf-8"), re.MULTILINE)
    assert drain
    assert float(drain[1]) < 20 < int(service("TimeoutStopSec")) == 30
    assert service("KillSignal") == "SIGTERM"


def test_what_does_not_mend_itself_is_not_tried_again() -> None:
    assert service("Restart") == "on-failure"
    assert service("RestartPreventExitStatus").split() == [str(code) for code in (USAGE, NEWER_SCHEMA, NO_CONFIG)]


def test_what_mends_itself_is_tried_again_for_a_while() -> None:
    assert not {str(LOCKED), str(REPLACED), str(FAILURE)} & set(service("RestartPreventExitStatus").split())
    waited = int(service("RestartSec")) * int(parsed()["Unit"]["StartLimitBurst"][0])
    assert 20 < waited < int(parsed()["Unit"]["StartLimitIntervalSec"][0]), "an old process may take 20 s to end"


def test_state_and_secrets_have_their_places() -> None:
    variables = dict(value.split("=", 1) for value in parsed()["Service"]["Environment"])
    assert variables["MONITOR_DATA_DIR"] == f"/var/lib/{service('StateDirectory')}"
    assert variables["MONITOR_DATABASE_URL"] == f"sqlite:///{variables['MONITOR_DATA_DIR']}/monitor.db"
    assert variables["MONITOR_CONFIG"] == "/etc/monitor"
    name, path = service("LoadCredential").split(":")
    assert path.startswith("/etc/monitor/")
    assert service("SetCredential").split(":")[0] == name
    assert service("EnvironmentFile").startswith("-")
    assert service("User") not in {"", "root"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("PrivateDevices", "yes"),
        ("PrivateUsers", "yes"),
        ("ProtectKernelTunables", "yes"),
        ("ProtectKernelModules", "yes"),
        ("ProtectKernelLogs", "yes"),
        ("ProtectControlGroups", "yes"),
        ("ProtectClock", "yes"),
        ("ProtectHostname", "yes"),
        ("ProtectProc", "invisible"),
        ("RestrictNamespaces", "yes"),
        ("RestrictRealtime", "yes"),
        ("RestrictSUIDSGID", "yes"),
        ("LockPersonality", "yes"),
        ("MemoryDenyWriteExecute", "yes"),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
        ("SystemCallArchitectures", "native"),
        ("UMask", "0077"),
    ],
)
def test_it_is_hardened(key: str, value: str) -> None:
    assert service(key) == value


def test_only_the_calls_of_a_service_are_allowed() -> None:
    assert parsed()["Service"]["SystemCallFilter"] == ["@system-service", "~@privileged"]


def ran(*words: str) -> subprocess.CompletedProcess[str]:
    """Run systemd-analyze and answer what came of it, whatever that is."""
    command = ["systemd-analyze", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


@pytest.mark.slow
@pytest.mark.skipif(ANALYZE is None, reason=SYSTEMD.what)
def test_systemd_itself_understands_it(tmp_path: Path) -> None:
    # The program is not installed where the unit expects it: any other takes its place.
    unit = tmp_path / "monitor.service"
    unit.write_text(UNIT.read_text("utf-8").replace(service("ExecStart"), "/bin/true"), "utf-8")
    checked = ran("verify", str(unit))
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")
    rated = ran("security", "--offline=true", f"--threshold={BAR}", str(unit))
    assert rated.returncode == 0, rated.stdout.splitlines()[-1]
    assert "Overall exposure level" in rated.stdout
