"""docs/architecture.md shows the rooms, the floors and the words as they are in the code."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from monitor.store.tables.schema import metadata

ROOT = Path(__file__).resolve().parents[1]
MONITOR = ROOT / "monitor"
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
STANDARD = """plan source rule channel poll entry article hit story notification delivery attempt outbox lease baseline
rematch outage alarm problem summary recovered retention app response""".split()  # noqa: SIM905 - a line of words reads better


def floors() -> list[list[str]]:
    """Return the rooms of each floor, top down, as the import contracts know them; rooms still to be built are left out."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    (layers,) = (one["layers"] for one in tool["importlinter"]["contracts"] if one["id"] == "floors")
    named = [re.split(r"\s*[|:]\s*", layer) for layer in layers]
    built = [[room for room in floor if not room.startswith("(") or exists(room.strip("()"))] for floor in named]
    return [[room.strip("()") for room in floor] for floor in built]


def exists(room: str) -> bool:
    """Return whether a room of monitor/ is there."""
    return (MONITOR / room / "__init__.py").is_file() or (MONITOR / f"{room}.py").is_file()


def chapter(title: str) -> str:
    """Return the text under a heading of the second level."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


@cache
def names(path: Path) -> frozenset[str]:
    """Return what a module defines at its top."""
    found: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                found.add(node.name)
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
            case _:
                pass
    return frozenset(found)


def test_the_picture_of_the_floors_is_the_contract() -> None:
    picture = re.search(r"^```floors\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert picture
    assert [line.split(" | ") for line in picture[1].splitlines()] == floors()


def test_every_room_has_its_line_in_the_order_of_the_floors() -> None:
    lines = re.findall(r"^\| `(\w+)` \| \S", chapter("Rooms and floors"), re.MULTILINE)
    assert lines == [room for floor in floors() for room in floor]


def test_every_room_of_the_package_is_in_the_picture() -> None:
    rooms = {path.parent.name for path in MONITOR.glob("*/__init__.py")} | {"__main__"}
    assert rooms == {room for floor in floors() for room in floor}


def test_every_file_that_it_names_exists() -> None:
    named = set(re.findall(r"(?<![\w/])[a-z_]+/[a-z_]+\.py", PAGE))
    assert len(named) > 20
    assert sorted(name for name in named if not (MONITOR / name).is_file()) == []


def test_every_name_stands_in_the_file_that_is_said() -> None:
    named = re.findall(r"`(\w+)` \(([a-z_]+/[a-z_]+\.py)\)", chapter("Bilingual"))
    assert len(named) > 30
    assert [(name, file) for name, file in named if name not in names(MONITOR / file)] == []


def test_every_table_and_column_of_the_words_exists() -> None:
    columns = {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns}
    words = chapter("Bilingual")
    tables = re.findall(r"`(\w+)`", " ".join(re.findall(r"\btables? (`\w+`(?:, `\w+`)*)", words)))
    assert len(tables) > 10
    assert set(tables) - set(metadata.tables) == set()
    assert set(re.findall(r"`(\w+\.\w+)`", " ".join(re.findall(r"\bcolumns? (.*)", words)))) - columns == set()


@pytest.mark.parametrize("word", STANDARD)
def test_the_words_of_the_house_are_explained(word: str) -> None:
    assert re.search(rf"^\| (?:\*\*[\w ]+\*\*, )*\*\*{word}\*\*.* \| .+ \| .+ \|$", chapter("Bilingual"), re.MULTILINE)
