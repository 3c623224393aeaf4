"""monitor init: the shipped configuration in a folder, and never over somebody's own."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from monitor.cli.app import app as command_line
from monitor.config.files import MERGED, SINGLE
from monitor.model.errors import MonitorError
from monitor.service import first_files
from monitor.service.configuration import load

SHIPPED = {path.relative_to(first_files.shipped()) for path in first_files.shipped().rglob("*.yaml")}
NAMES = [
    *(f"{section}.{ending}" for section in (SINGLE, *MERGED) for ending in ("yaml", "yml")),
    *(f"{section}.d/own.yaml" for section in MERGED),
]


def init(*words: str, environ: dict[str, str] | None = None) -> Result:
    """Run the command."""
    return CliRunner().invoke(command_line, ["init", *words], env={"MONITOR_CONFIG": "", **(environ or {})})


def content(folder: Path) -> dict[Path, bytes]:
    """Return every file of a folder."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["config", "새 설정", "a/b/c", "empty"])
def test_what_is_written_can_be_used_and_three_lines_say_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    done = init(name)
    assert (done.exit_code, done.stderr) == (0, "")
    first, second, third = done.stdout.splitlines()
    assert first == f"{tmp_path / name}: {len(SHIPPED)} files written"
    option = [] if name == "config" else ["--config", name]
    assert shlex.split(second.partition("then: ")[2]) == ["monitor", "check", *option]
    assert shlex.split(third.partition("then: ")[2]) == ["monitor", "run", *option]
    assert set(content(tmp_path / name)) == SHIPPED
    assert load(tmp_path / name, {}).plan.sources


def test_the_folder_that_the_environment_names_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = init(environ={"MONITOR_CONFIG": "etc/monitor"})
    assert done.stdout.splitlines()[-1] == "then: monitor run"
    assert set(content(tmp_path / "etc" / "monitor")) == SHIPPED


def test_a_second_time_nothing_is_written(tmp_path: Path) -> None:
    init(str(tmp_path / "c"))
    (tmp_path / "c" / "rules.yaml").write_text("rules: []  # mine\n")
    before = content(tmp_path / "c")
    done = init(str(tmp_path / "c"))
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"monitor: {tmp_path / 'c'} holds a configuration already (monitor.yaml, ")
    assert done.stderr.count("\n") == 1
    assert content(tmp_path / "c") == before


@given(present=st.sets(st.sampled_from(NAMES), min_size=1))
def test_whatever_is_there_already_stays_alone(tmp_path_factory: pytest.TempPathFactory, present: set[str]) -> None:
    folder = tmp_path_factory.mktemp("config")
    for name in present:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"# {name}")
    before = content(folder)
    with pytest.raises(MonitorError, match="nothing was written") as caught:
        first_files.write(folder)
    assert all(name.partition("/")[0] in str(caught.value) for name in present)
    assert content(folder) == before


def test_a_link_to_nothing_and_files_of_others_stay(tmp_path: Path) -> None:
    (tmp_path / "monitor.env").write_text("A=1")
    (tmp_path / "rules.yaml").symlink_to(tmp_path / "gone.yaml")
    with pytest.raises(MonitorError, match=r"rules\.yaml"):
        first_files.write(tmp_path)
    (tmp_path / "rules.yaml").unlink()
    assert {path.relative_to(tmp_path) for path in first_files.write(tmp_path)} == SHIPPED
    assert (tmp_path / "monitor.env").read_text() == "A=1"


def test_a_file_in_the_place_of_the_folder_is_an_error_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("not a folder")
    done = init(str(tmp_path / "config"))
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert (tmp_path / "config").read_text() == "not a folder"


def test_what_cannot_be_written_whole_goes_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def failing(path: Path) -> bytes:
        if path.name == "sources.yaml":
            raise OSError(28, "No space left on device")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", failing)
    with pytest.raises(OSError, match="No space"):
        first_files.write(tmp_path)
    monkeypatch.undo()
    assert content(tmp_path) == {}
