"""The App has every group of commands under the name of its file, and says what is wrong where one needs the files."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.model.errors import ConfigError
from monitor.service.app import App
from tests.architecture import MONITOR
from tests.service.test_current_plan import write

GROUPS = sorted(file.stem for file in (MONITOR / "service" / "commands").glob("[a-z]*.py"))


@pytest.fixture
def broken(tmp_path: Path) -> App:
    """An installation whose files are wrong."""
    folder = write(tmp_path, rules="rules: [{id: openai, nmae: OpenAI}]\n")
    return App(folder=folder, environ={"MONITOR_DATA_DIR": str(tmp_path / "data")})


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_is_found_under_the_name_of_its_file(broken: App, name: str) -> None:
    group = getattr(broken, name)
    assert type(group).__module__ == f"monitor.service.commands.{name}"
    assert getattr(broken, name) is group


async def test_what_needs_the_files_says_what_is_wrong_with_them(broken: App) -> None:
    for refused in (broken.plan_check.request_reload(), broken.rule_trials.article("http://127.0.0.1:9/")):
        with pytest.raises(ConfigError, match="nmae"):
            await refused
