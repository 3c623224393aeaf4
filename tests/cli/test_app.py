"""The command line as a whole: real processes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.cli.app import main
from monitor.store.db import migrate
from tests.cli.conftest import App
from tests.commands_reference import commands
from tests.patience import PATIENCE

COMMANDS = [path.split()[1:] for path, _ in commands()]
HEAVY = {"sqlalchemy", "httpx", "pydantic", "rich", "yaml", "selectolax", "apscheduler", "structlog", "alembic"}


def monitor(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "monitor", *words]
    return subprocess.run(
        command,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        encoding="utf-8",
    )


@pytest.mark.slow
@pytest.mark.parametrize("words", [[], *COMMANDS], ids=lambda words: " ".join(words) or "monitor")
def test_help_needs_typer_alone(words: list[str]) -> None:
    program = (
        "import sys\nfrom monitor.cli.app import app\n"
        f"try:\n    app({[*words, '--help']!r}, prog_name='monitor')\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "print('\\n' + ' '.join({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout.startswith("Usage: monitor")
    assert HEAVY & set(done.stdout.splitlines()[-1].split()) == set()


def test_every_command_of_the_design_is_there() -> None:
    names = {" ".join(words) for words in COMMANDS}
    assert names >= {
        "run",
        "check",
        "hits",
        "match",
        "sources",
        "deliveries",
        "replay",
        "reload",
        "db upgrade",
        "doctor",
    }


@pytest.mark.slow
def test_a_command_imports_no_file_of_another() -> None:
    program = (
        "import sys\nfrom monitor.cli.app import app\n"
        "try:\n    app(['--version'], prog_name='monitor')\nexcept SystemExit:\n    pass\n"
        "print(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE, check=True)
    loaded = done.stdout.splitlines()[-1].split()
    assert HEAVY & {name.split(".")[0] for name in loaded} == set()
    assert [name for name in loaded if name.startswith("monitor.cli.commands.")] == []


@pytest.mark.slow
def test_the_version_is_told() -> None:
    done = monitor("--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "monitor")


def test_main_ends_with_the_code_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    for words, code in ((["--version"], 0), (["chekc"], 2)):
        monkeypatch.setattr("sys.argv", ["monitor", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == code


@pytest.mark.slow
@pytest.mark.parametrize("words", [["chekc"], ["--nope"], ["hits", "--fromat", "csv"], []])
def test_wrong_usage_exits_with_2_and_no_traceback(words: list[str]) -> None:
    done = monitor(*words)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_a_command_that_was_mistyped_is_guessed() -> None:
    assert "Did you mean 'check'?" in monitor("chekc").stderr


@pytest.mark.slow
def test_the_folder_comes_from_the_option_before_the_environment(app: App) -> None:
    config = str(app.installation.config)
    assert monitor("check", MONITOR_CONFIG=config).returncode == 0
    assert monitor("check", "--config", config, MONITOR_CONFIG="no-such-folder").returncode == 0
    assert monitor("check", "--config", "no-such-folder", MONITOR_CONFIG=config).returncode == 2


@pytest.mark.slow
def test_a_pipe_gets_json_lines(stocked: App) -> None:
    done = stocked.installation.monitor("hits")
    assert done.returncode == 0
    assert [json.loads(line)["alerted"] for line in done.stdout.splitlines()] == ["dead", "sent", "baseline"]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["table", "json", "ndjson", "csv"])
def test_a_reader_that_stops_reading_is_no_error(stocked: App, form: str) -> None:
    command = [sys.executable, "-m", "monitor", "hits", "--format", form]
    read, write = os.pipe()
    os.close(read)  # the reader is gone before the first byte
    try:
        done = subprocess.run(
            command,
            env=stocked.installation.environ,
            stdout=write,
            stderr=subprocess.PIPE,
            timeout=PATIENCE,
            check=False,
        )
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def screen(words: list[str], environ: dict[str, str]) -> tuple[int, str]:
    """Run a command on a real pseudo-terminal; return its code and what the terminal was sent."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "monitor", *words]
    with subprocess.Popen(command, env=environ, stdout=theirs, stderr=theirs, stdin=theirs) as process:
        os.close(theirs)
        sent = b"".join(_chunks(ours))
        process.wait(60)
    os.close(ours)
    return process.returncode, sent.decode("utf-8")


def _chunks(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            chunk = os.read(descriptor, 65536)
        except OSError:  # Linux says EIO when the other end of a pseudo-terminal has closed
            return
        if not chunk:
            return
        yield chunk


@pytest.mark.slow
def test_a_terminal_gets_a_table_with_the_words_standing_out(stocked: App) -> None:
    environ = stocked.installation.environ | {"TERM": "xterm-256color", "COLUMNS": "160"}
    environ.pop("NO_COLOR", None)
    code, sent = screen(["hits"], environ)
    assert code == 0
    assert "\x1b[1;33m오픈AI\x1b[0m" in sent
    assert "[bold]속보[/bold]" in sent
    assert "\x1b[31m" not in sent
    assert "\x1b[2J" not in sent
    assert "\x9b" not in sent


@pytest.mark.slow
def test_no_color_means_none(stocked: App) -> None:
    environ = stocked.installation.environ | {"TERM": "xterm-256color", "COLUMNS": "160", "NO_COLOR": "1"}
    code, sent = screen(["hits"], environ)
    assert code == 0
    assert "\x1b[1;33m" not in sent
    assert "오픈AI" in sent


@pytest.mark.slow
def test_a_terminal_without_korean_gets_escapes_and_no_error(stocked: App) -> None:
    command = [sys.executable, "-m", "monitor", "hits", "--source", "herald"]
    environ = stocked.installation.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, env=environ, capture_output=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    titles = [json.loads(line)["article"]["title"] for line in done.stdout.splitlines()]
    assert titles == ["오픈AI, 서울에 사무소", "스타게이트, 첫 삽"]


@pytest.mark.slow
def test_python_m_and_the_console_script_are_the_same() -> None:
    script = Path(sys.executable).with_name("monitor")
    done = subprocess.run([script, "--help"], capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout == monitor("--help").stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [["hits"], ["deliveries"], ["sources"], ["stories"], ["sql", "SELECT 1"], ["token", "list"]]
)
def test_a_command_does_not_pay_for_the_web_server_or_other_commands_or_another_database(
    tmp_path: Path, words: list[str]
) -> None:
    heavy = (
        *("fastapi", "starlette", "uvicorn", "prometheus_client", "argon2", "monitor.web"),
        *("httpx", "alembic", "selectolax", "jinja2", "rich", "psycopg"),
        *("sqlalchemy.dialects.postgresql", "monitor.cli.commands.doctor", "monitor.cli.commands.add"),
        *("monitor.service.commands.doctor", "monitor.service.commands.sending", "monitor.service.commands.triage"),
    )
    code = (
        "import sys\n"
        "from monitor.cli.app import main\n"
        f"sys.argv = ['monitor', *{words!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print(sorted(set({heavy!r}) & set(sys.modules)))\n"
    )
    (tmp_path / "sources.yaml").write_text(
        "sources: [{id: a, kind: feed, url: 'https://a.example/', every: 5m}]", "utf-8"
    )
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MONITOR_")}
    environ = kept | {"MONITOR_CONFIG": str(tmp_path), "MONITOR_DATA_DIR": str(tmp_path / "data")}
    migrate.upgrade(f"sqlite:///{tmp_path}/data/monitor.db")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=True, env=environ
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
