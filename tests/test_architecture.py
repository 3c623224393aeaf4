"""docs/architecture.md shows the rooms, the floors, the ways through them and the words as they are in the code."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from monitor.store.tables.schema import metadata
from tests.architecture import MONITOR, TARGET, page

PAGE = TARGET.read_text("utf-8")
# A kind is one file and known by its name alone: the doors of their folders list none.
DOORS = sorted(door for door in MONITOR.glob("*/**/__init__.py") if door.parent.name != "kinds")
FILE = r"[a-z_]+(?:/[a-z_]+)+\.py"
STANDARD = """plan, source, rule, channel, poll, poll report, list result, list check, entry, article, field sources,
hit, story, notification, article write, write result, message context, delivery, attempt, attempt result, outbox,
lease, baseline, rematch, outage, alarm, problem, summary, action, recovered, health reporter, operator channels,
source store, article store, health store, maintenance, retention, app, current plan, shutdown flag, response,
schedule, sanitize, redact, highlight, snippet, suggest, timefmt"""


def chapter(title: str) -> str:
    """Return the text under a heading of the second level."""
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, title
    return found[1]


@cache
def names(path: Path) -> frozenset[str]:
    """Return what a module defines at its top, and the methods of its classes as Class.method."""
    found: set[str] = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.ClassDef():
                methods = (inner for inner in node.body if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef))
                found |= {node.name, *(f"{node.name}.{method.name}" for method in methods)}
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                found.add(node.name)
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
            case _:
                pass
    return frozenset(found)


def placed(text: str) -> list[tuple[str, str]]:
    """Return each name that is followed by its file in brackets; several may share the brackets."""
    groups = re.findall(rf"((?:`[\w.]+`,?\s+(?:and\s+)?)*`[\w.]+`)\s+\(({FILE})\)", text)
    return [(name, file) for group, file in groups for name in re.findall(r"`([\w.]+)`", group)]


def test_the_rooms_and_floors_are_those_of_the_code() -> None:
    assert page() == PAGE, "run: .venv/bin/python -m tests.architecture"


@pytest.mark.parametrize("title", ["Words", "Follow one article, one alarm, one delivery", "How to add"])
def test_every_name_stands_in_the_file_that_is_said(title: str) -> None:
    named = placed(chapter(title))
    assert named
    assert [(name, file) for name, file in named if name not in names(MONITOR / file)] == []


def test_every_table_and_column_of_the_words_exists() -> None:
    columns = {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns}
    words = chapter("Words")
    tables = re.findall(r"`(\w+)`", " ".join(re.findall(r"\btables? (`\w+`(?:, `\w+`)*)", words)))
    assert len(tables) > 10
    assert set(tables) - set(metadata.tables) == set()
    assert set(re.findall(r"`(\w+\.\w+)`", " ".join(re.findall(r"\bcolumns? (.*)", words)))) - columns == set()


@pytest.mark.parametrize("word", re.split(r",\s", STANDARD))
def test_the_words_are_explained(word: str) -> None:
    assert re.search(rf"^\| (?:\*\*[\w ]+\*\*, )*\*\*{word}\*\*.* \| .+ \| .+ \|$", chapter("Words"), re.MULTILINE)


def listed(door: Path) -> list[str]:
    """Return what a door has a line for: a name, or a folder with a stroke behind it, then two blanks."""
    return re.findall(r"^ *(\w+/?) {2,}\S", ast.get_docstring(ast.parse(door.read_text("utf-8"))) or "", re.MULTILINE)


def beside(door: Path) -> list[str]:
    """Return the modules and inner rooms beside a door."""
    modules = (path.stem for path in door.parent.glob("*.py") if path != door)
    return sorted([*modules, *(f"{path.parent.name}/" for path in door.parent.glob("*/__init__.py"))])


@pytest.mark.parametrize("door", DOORS, ids=lambda door: str(door.parent.relative_to(MONITOR)))
def test_a_door_has_a_line_for_each_file_beside_it(door: Path) -> None:
    names = listed(door)
    folders = {f"{path.name}/" for path in door.parent.iterdir() if path.is_dir()}
    assert len(names) == len(set(names))
    assert set(beside(door)) <= set(names)
    assert set(names) <= {*beside(door), *folders}, "a folder without code may be named as well"


def test_a_class_name_stands_once() -> None:
    trees = (ast.parse(path.read_text("utf-8")) for path in MONITOR.rglob("*.py"))
    counted = Counter(node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef))
    assert [name for name, times in counted.items() if times > 1] == []
