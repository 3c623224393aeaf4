"""The image is what it should be: small rights, pinned contents, nothing that is not there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.deploy.dockerfile import Instruction, ignored, read
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
STAGES = read(ROOT / "Dockerfile")
FINAL = STAGES[-1]
IGNORE = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line and line[0] != "#"]


def only(word: str, stage: list[Instruction] = FINAL) -> Instruction:
    """Return the one instruction of that word in a stage."""
    (found,) = (instruction for instruction in stage if instruction.word == word)
    return found


def sources() -> list[str]:
    """Return every path that is copied from the checkout."""
    copies = [one for stage in STAGES for one in stage if one.word in {"COPY", "ADD"} and "from" not in one.flags]
    return [word for copy in copies for word in copy.words[:-1]]


def environment() -> dict[str, str]:
    """Return the variables of the final stage."""
    return dict(word.split("=", 1) for word in only("ENV").words)


def test_it_is_built_in_one_stage_and_run_in_another() -> None:
    assert [stage[0].words[0] for stage in STAGES] == ["python:3.12-slim"] * 2
    assert not [one for one in FINAL if one.word == "RUN"]


def test_it_does_not_run_as_root() -> None:
    assert only("USER").rest == "65532:65532"
    data = next(one for one in FINAL if one.word == "COPY" and one.words[-1] == "/data")
    assert data.flags["chown"] == only("USER").rest
    assert FINAL.index(only("USER")) > FINAL.index(data)


def test_it_is_healthy_when_the_doctor_says_so() -> None:
    options, _, command = only("HEALTHCHECK").rest.partition("CMD ")
    assert Instruction("CMD", command).listed == ["monitor", "healthcheck"]
    assert {"--interval", "--timeout", "--start-period", "--retries"} == {
        word.split("=")[0] for word in options.split()
    }


def test_it_needs_no_shell_and_stops_in_order() -> None:
    assert only("ENTRYPOINT").listed == ["monitor"]
    assert only("CMD").listed == ["run"]
    assert only("STOPSIGNAL").rest == "SIGTERM"


def test_its_variables_are_those_that_the_program_reads() -> None:
    text = "".join(path.read_text("utf-8") for path in ROOT.glob("monitor/**/*.py"))
    ours = {name for name in environment() if name.startswith("MONITOR_")}
    assert ours == {"MONITOR_CONFIG", "MONITOR_DATA_DIR", "MONITOR_DATABASE_URL"}
    assert [name for name in ours if name not in text] == []
    assert environment()["MONITOR_DATABASE_URL"] == "sqlite:////data/monitor.db"
    assert environment()["SQLITE_TMPDIR"] == environment()["HOME"] == environment()["MONITOR_DATA_DIR"]
    assert only("VOLUME").listed == [environment()["MONITOR_DATA_DIR"]]


@pytest.mark.parametrize("name", sources())
def test_what_it_copies_exists_and_reaches_the_builder(name: str) -> None:
    assert (ROOT / name).exists()
    assert not ignored(IGNORE, name)


def test_the_licence_and_its_notice_go_with_the_package() -> None:
    assert {"LICENSE", "NOTICE"} <= set(sources())


@pytest.mark.parametrize("name", [".git", ".venv", ".env", "data", "tests", "docs"])
def test_what_it_does_not_need_stays_outside(name: str) -> None:
    assert ignored(IGNORE, name)


def test_everything_installed_is_pinned_with_hashes() -> None:
    run = " ".join(one.rest for one in STAGES[0] if one.word == "RUN")
    installs = re.findall(r"pip (?:--python \S+ )?install [^&]*", run)
    assert len(installs) == 3
    assert all("--require-hashes" in install or "--no-index" in install for install in installs)
    assert "--no-build-isolation" in run


def test_the_build_backend_is_pinned_as_for_everybody() -> None:
    pins = (ROOT / "requirements" / "build.txt").read_text("utf-8")
    developers = (ROOT / "requirements" / "dev.txt").read_text("utf-8")
    blocks = [block for block in re.split(r"(?m)^(?=\S)", pins) if block]
    assert len(blocks) >= 5
    assert [block for block in blocks if block not in developers] == []


def test_no_secret_is_baked_in() -> None:
    assert not re.search(r"(?i)secret|token|password|whsec_", (ROOT / "Dockerfile").read_text("utf-8"))


@pytest.mark.slow
def test_the_wheel_holds_code_data_and_migrations(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (entry,) = (name for name in names if name.endswith("entry_points.txt"))
        assert b"monitor = monitor.cli.app:main" in archive.read(entry)
    assert {"monitor/_migrations/env.py", "monitor/extract/sites/mediapen.yaml"} <= names
    assert any(re.fullmatch(r"monitor/_migrations/versions/0001_\w+\.py", name) for name in names)
    config = ROOT / "config"
    shipped = {f"monitor/_config/{path.relative_to(config).as_posix()}" for path in config.rglob("*.yaml")}
    assert {name for name in names if name.startswith("monitor/_config/")} == shipped != set()
    assert {name.rpartition("/")[2] for name in names if ".dist-info/licenses/" in name} == {"LICENSE", "NOTICE"}
    assert not [name for name in names if name.startswith("tests/")]


@pytest.mark.slow
def test_what_the_wheel_holds_makes_its_own_configuration(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=PATIENCE)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    (tmp_path / "config").mkdir()  # stands beside the package as a checkout's does, and is none
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path / "site"), "PYTHONDONTWRITEBYTECODE": "1"}

    def monitor(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "monitor", *words]
        return subprocess.run(
            command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    assert monitor("run", "--config", "mine").returncode == 78
    made = monitor("init", "mine")
    assert (made.returncode, made.stderr) == (0, "")
    written = {path.relative_to(tmp_path / "mine"): path.read_bytes() for path in (tmp_path / "mine").rglob("*.yaml")}
    ours = ROOT / "config"
    assert written == {path.relative_to(ours): path.read_bytes() for path in ours.rglob("*.yaml")}
    checked = monitor("check", "--config", "mine")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("name", "out"),
    [("monitor", False), ("monitor/cli/app.py", False), ("requirements/build.txt", False), ("docs", True), ("x", True)],
)
def test_the_ignore_file_is_read_rightly(name: str, out: bool) -> None:  # noqa: FBT001 - a table of cases
    assert ignored(IGNORE, name) is out
