"""The desk to be looked at shows two days of news on its pages, goes on publishing, and leaves nothing behind."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.patience import PATIENCE
from tests.replica.press.desk import free_port
from tests.replica.press.news import BEFORE, Newsdesk
from tests.replica.press.outlets import OUTLETS
from tests.replica.press.settings import HELD, SHUT
from tests.web.pages.shown import Part

pytestmark = [pytest.mark.slow, pytest.mark.long]

ROOT = Path(__file__).resolve().parents[3]
PATHS = (
    "/",
    "/stories",
    *(f"/hits?handling={state}" for state in ("kept", "handled", "ignored")),
    *(f"/hits?feedback={said}" for said in ("meant", "not_meant")),
)
NOW = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Shown:
    """What a demonstration showed: its pages, what it printed, its exit code, and what was left when it had ended."""

    pages: Mapping[str, Part]
    printed: str
    code: int
    left: Sequence[Path]
    listens: bool


class Running:
    """A demonstration that works in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._printed: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.replica.press.desk", "--port", "0", "--every", "0.3"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={"PYTHONPATH": str(ROOT), "TMPDIR": str(folder), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        )

    def until(self, pattern: str) -> str:
        """Return the first text that matches in what it prints from now on."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._printed.append(line)
            if found := re.search(pattern, line):
                return found[0]
        raise AssertionError("".join(self._printed))

    def end(self) -> str:
        """Press Ctrl-C; return all that it printed."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        rest = self.process.communicate(timeout=PATIENCE)[0]
        return "".join((*self._printed, rest))


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """What a demonstration shows that is looked at and then ended."""
    folder = tmp_path_factory.mktemp("demo")
    running = Running(folder)
    try:
        address = running.until(r"http://127\.0\.0\.1:\d+")
        running.until("발행 / published")
        running.until("알림 / alert +desk: .+")
        pages = {path: page(address + path) for path in PATHS}
        pages["story"] = page(address + story_of(pages["/stories"]))
    finally:
        printed = running.end()
    with socket.socket() as probe:
        listens = probe.connect_ex(("127.0.0.1", int(address.rpartition(":")[2]))) == 0
    return Shown(pages, printed, running.process.returncode, list(folder.iterdir()), listens)


def page(address: str) -> Part:
    """Return a page."""
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310 - one's own daemon
        root = LexborHTMLParser(answer.read()).root
    assert root is not None
    return Part(root)


def story_of(stories: Part) -> str:
    """Return the path of the story that most outlets tell."""
    links = [
        row.one("a[href^='/stories/']").attr("href")
        for row in stories.all("li.row")
        if "해솔소프트" in row.text and "상담 기록" in row.text
    ]
    assert len(links) == 1
    return links[0]


def texts(page: Part, what: str) -> list[str]:
    """Return the texts of what a selector finds."""
    return [one.text.strip() for one in page.all(what)]


def test_today_has_groups_what_needs_a_person_and_what_is_held(shown: Shown) -> None:
    today = shown.pages["/"]
    groups = texts(today, "section.rows h2 a")
    assert groups[0] == "우리 위기"
    assert len(groups) >= 5
    assert set(texts(today, "section.need li > span")) == {"긴급", "채널 닫힘", "매체 이상"}
    assert {SHUT, "도담데일리", "물빛경인"} <= set(texts(today, "section.need p a"))
    assert HELD in texts(today, "aside dl.why a")
    assert "공채 시즌" in today.one("aside").text
    assert not re.search(r"suppressed:|alerted\.|fate\.", today.text)


def test_a_story_is_told_by_many_outlets(shown: Shown) -> None:
    body = shown.pages["story"].one("#page").text
    assert sum(outlet.name in body for outlet in OUTLETS) >= 5


def test_people_have_said_what_they_make_of_it(shown: Shown) -> None:
    assert [path for path in PATHS if path.startswith("/hits") and not shown.pages[path].has("li.row")] == []


def test_ctrl_c_ends_it_and_nothing_stays(shown: Shown) -> None:
    assert "everything has stopped in order" in shown.printed
    assert (shown.code, shown.left, shown.listens) == (0, [], False)


def test_the_same_seed_prints_the_same_news() -> None:
    first, again, other = (Newsdesk(NOW, seed).past() for seed in (7, 7, 8))
    assert first == again != other
    assert {one.outlet for one in first} == {outlet.id for outlet in OUTLETS}
    moments = [one.piece.published_at for one in first]
    assert moments == sorted(moments)
    assert moments[0] < NOW - BEFORE
    assert moments[-1] <= NOW


def test_a_port_that_is_taken_is_left_alone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        assert free_port(port) not in {0, port}
