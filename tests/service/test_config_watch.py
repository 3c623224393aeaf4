"""How the files stand to what is in force: noticed without a reload, read only where one has changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from monitor.config.load import LoadReport
from monitor.service import config_watch
from monitor.service.config_watch import SECONDS, ConfigWatch, FilesState
from monitor.service.configuration import read
from monitor.service.current_plan import CurrentPlan, prepare

RULES = "rules:\n  - {id: seoul, match: 서울, channels: [desk]}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources.yaml").write_text(
        'sources:\n  - {id: a, kind: list, url: "https://a.example/", every: 5m}\n', "utf-8"
    )
    (tmp_path / "channels.yaml").write_text(
        'channels:\n  - {id: desk, kind: ntfy, url: "https://ntfy.example/desk"}\n', "utf-8"
    )
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    return tmp_path


class Running:
    """A daemon that goes by a folder, and the seconds that passed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds = 0.0
        prepared = prepare(read(folder, {}))
        self.plans = CurrentPlan(prepared)
        self.watch = ConfigWatch(
            folder=folder, environ={}, settings=prepared.settings, plans=self.plans, monotonic=lambda: self.seconds
        )

    async def later(self) -> FilesState:
        """Return how the files stand once what was known is too old."""
        self.seconds += 100 * SECONDS
        return await self.watch.state()

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    def reload(self) -> None:
        self.plans.replace(prepare(read(self.folder, {})))


async def test_a_file_that_is_broken_is_noticed_with_its_line_and_mended_again(folder: Path) -> None:
    running = Running(folder)
    assert await running.watch.state() == FilesState()
    running.write("rules.yaml", RULES.replace("match", "mach"))
    assert await running.watch.state() == FilesState(), "it is not looked at for each who asks"
    state = await running.later()
    assert [(Path(one.file).name, one.line) for one in state.problems][:1] == [("rules.yaml", 2)]
    running.write("rules.yaml", RULES)
    assert await running.later() == FilesState(), "what was refused is right again"


async def test_a_change_that_is_not_in_force_is_named_until_it_is(folder: Path) -> None:
    running = Running(folder)
    await running.watch.state()
    running.write("rules.yaml", RULES.replace("서울", "부산"))
    assert await running.later() == FilesState(differs=True, names=("rules.yaml",))
    running.reload()
    assert await running.watch.state() == FilesState(), "a reload is noticed at once"
    (folder / "rules.yaml").touch()
    assert await running.later() == FilesState(), "only what a file says counts"


async def test_settings_hold_from_the_next_start_on(folder: Path) -> None:
    running = Running(folder)
    running.write("monitor.yaml", "fetch: {timeout: 7s}\n")
    state = await running.later()
    assert state.restart
    assert not state.problems


async def test_files_that_did_not_change_are_not_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = Running(folder)
    times: list[Path] = []

    def counted(place: Path, environ: Mapping[str, str]) -> LoadReport:
        times.append(place)
        return read(place, environ)

    monkeypatch.setattr(config_watch, "read", counted)
    for _ in range(3):
        await running.later()
    assert len(times) == 1
    running.write("rules.yaml", RULES + "\n")
    await running.later()
    assert len(times) == 2


async def test_a_file_that_is_gone_or_cannot_be_read_is_told(folder: Path) -> None:
    running = Running(folder)
    await running.watch.state()
    (folder / "channels.yaml").unlink()
    (folder / "channels.yaml").mkdir()
    state = await running.later()
    assert "not a file" in "\n".join(map(str, state.problems))
    (folder / "channels.yaml").rmdir()
    assert await running.later() != FilesState()
    await running.watch.aclose()


async def test_an_address_that_was_exchanged_in_its_file_is_in_force_after_a_reload(folder: Path) -> None:
    (folder / "key").write_text("https://ntfy.example/first-of-desk", "utf-8")
    (folder / "channels.yaml").write_text("channels:\n  - {id: desk, kind: ntfy, url_file: key}\n", "utf-8")
    running = Running(folder)
    assert await running.watch.state() == FilesState()
    running.write("key", "https://ntfy.example/other-of-desk")
    running.reload()
    assert await running.later() == FilesState()


async def test_settings_that_a_reload_takes_need_no_start(folder: Path) -> None:
    running = Running(folder)
    running.write("monitor.yaml", "timezone: America/New_York\nfirst_run: alert\n")
    assert await running.later() == FilesState(differs=True)
    running.reload()
    assert await running.later() == FilesState()
