"""What README.md shows works as it stands there."""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from monitor.channels import signing
from monitor.cli.app import app
from monitor.service.configuration import load, read
from monitor.service.current_plan import prepare
from tests.commands_reference import commands
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
KOREAN = (ROOT / "README.ko.md").read_text("utf-8")
IN_STEP = (
    ("monitor", "monitor"),
    ("Two commands", "명령 두 개"),
    ("Five minutes on the page", "페이지에서 5분"),
    ("Five minutes in a terminal", "터미널에서 5분"),
    ("Configuration", "설정"),
    ("Run as a service", "서비스로 돌리기"),
    ("Receiving webhooks", "웹훅 받기"),
    ("Querying the hits", "기사 찾아보기"),
    ("What is guaranteed", "지키는 약속"),
    ("First run", "처음 살필 때"),
    ("Where things are", "어디에 무엇이"),
    ("Further", "더 읽을거리"),
)
"""The headings, in English and in Korean."""
PICTURE = 120_000  # bytes of the picture, which everybody loads who opens the project
SECRET = "whsec_bW9uaXRvci1yZWFkbWUtc2VjcmV0LTMyLWJ5dGVzISE="


def blocks(language: str, text: str = README) -> list[str]:
    """Return the fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def headings(text: str) -> list[str]:
    """Return the headings; a line of a fenced block is none."""
    return re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)


def test_both_languages_have_the_same_chapters() -> None:
    assert list(zip(headings(README), headings(KOREAN), strict=True)) == list(IN_STEP)
    assert "(README.ko.md)" in README
    assert "(README.md)" in KOREAN


def test_both_show_one_picture_that_is_small() -> None:
    (picture,), (korean,) = (re.findall(r"^!\[[^\]]+\]\((.+)\)$", text, re.MULTILINE) for text in (README, KOREAN))
    assert picture == korean
    assert (ROOT / picture).read_bytes().startswith(b"\x89PNG")
    assert (ROOT / picture).stat().st_size <= PICTURE


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The receiver of the README as a process, and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (program,) = blocks("python")
    assert program.count("8000") == 1
    environ = os.environ | {"MONITOR_WEBHOOK_SECRET": SECRET, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        [sys.executable, "-c", program.replace("8000", str(port))],
        cwd=tmp_path,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            _wait_for(port)
            yield process, port
        finally:
            process.kill()


def _wait_for(port: int) -> None:
    for _ in range(int(PATIENCE / 0.05)):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the receiver does not listen")


def post(port: int, message_id: str, seq: int, at: datetime, secret: str = SECRET) -> int:
    """Send a message as the daemon would; return the status."""
    (example,) = blocks("json")
    body = json.dumps(json.loads(example) | {"seq": seq}).encode()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", "/", body, signing.headers(message_id, at, body, (secret,)))
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.slow
def test_the_receiver_checks_drops_repeats_and_notices_gaps(receiver: tuple[subprocess.Popen[str], int]) -> None:
    process, port = receiver
    now = datetime.now(UTC)  # noqa: TID251 - the receiver looks at the real clock
    assert post(port, "m1", 1, now) == 204
    assert post(port, "m1", 1, now) == 204
    assert post(port, "m2", 2, now, secret="whsec_d3Jvbmctc2VjcmV0LXdyb25nLXNlY3JldA==") == 401
    assert post(port, "m2", 2, now - timedelta(minutes=6)) == 401
    assert post(port, "m3", 3, now) == 204
    assert post(port, "m2", 2, now) == 204
    process.kill()
    assert process.stdout
    lines = process.stdout.read().splitlines()
    assert [line.split()[0] for line in lines] == ["1", "3", "messages", "2"]


def test_the_example_files_are_a_sound_configuration(tmp_path: Path) -> None:
    for block in blocks("yaml"):
        name = next(iter(yaml.safe_load(block)))
        file = {"sources": "sources", "aliases": "rules", "channels": "channels"}.get(name, "monitor")
        text = block.replace("https://…", "https://news.example/").replace("postgresql://…", "")
        (tmp_path / f"{file}.yaml").write_text(text, "utf-8")
    assert len(list(tmp_path.iterdir())) == 4
    prepared = prepare(read(tmp_path, {}))
    assert [source.id for source in prepared.plan.sources] == ["mediapen", "example"]
    assert (
        load(tmp_path, {"MONITOR_WEBHOOK_URL": "https://example.com/h"}).plan.channels[0].url == "https://example.com/h"
    )


@pytest.mark.parametrize("text", [README, KOREAN], ids=["en", "ko"])
def test_every_command_it_shows_exists_with_its_options(text: str) -> None:
    known = {path: {name for parameter in command.params for name in parameter.opts} for path, command in commands()}
    shown = re.findall(
        r"(?:^|[|`] ?)(monitor (?:db )?[a-z]+)((?: [^`|#\n]*)?)", "\n".join([*blocks("sh", text), text]), re.MULTILINE
    )
    used = [(path, options) for path, options in shown if path in known]
    assert len(used) > 12
    for path, options in used:
        assert set(re.findall(r"(--[a-z-]+)", options)) <= known[path], (path, options)
    assert CliRunner().invoke(app, ["--help"]).exit_code == 0


@pytest.mark.parametrize("text", [README, KOREAN], ids=["en", "ko"])
def test_the_make_targets_it_names_exist(text: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"`?make ([a-z]+)", text)) - {"nothing"}:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE) or target == "and", target
