"""Writes the rooms and floors into docs/architecture.md from the code itself: `python -m tests.architecture`.

The floors are those of the import contracts in pyproject.toml; what a room does is the first paragraph of its
`__init__.py`; files and imports are counted. The figures of each room are printed as well.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import grimp

ROOT = Path(__file__).resolve().parents[1]
MONITOR = ROOT / "monitor"
TARGET = ROOT / "docs" / "architecture.md"
FIRST = "<!-- made from the code by `python -m tests.architecture`; a test holds the two together -->"
LAST = "<!-- end of what is made -->"


@cache
def contracts() -> dict[str, list[list[str]]]:
    """Return the floors of each contract about floors, by the package it is about: top down, rooms side by side."""
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
    layered: list[dict[str, Any]] = [one for one in tool["importlinter"]["contracts"] if one["type"] == "layers"]
    return {one["containers"][0]: list(_floors(one["layers"], _folder(one["containers"][0]))) for one in layered}


def _floors(layers: list[str], folder: Path) -> Iterator[list[str]]:
    """Yield the floors, without rooms that stand in brackets and are still to be built."""
    for layer in layers:
        names = re.split(r"\s*[|:]\s*", layer)
        yield [name.strip("()") for name in names if not name.startswith("(") or _path(folder / name.strip("()"))]


def rooms() -> list[str]:
    """Return all rooms, top down."""
    return [room for floor in contracts()["monitor"] for room in floor]


def _folder(package: str) -> Path:
    return ROOT.joinpath(*package.split("."))


def _path(place: Path) -> Path | None:
    """Return the file that speaks for a package or module, None when there is neither."""
    return next((file for file in (place / "__init__.py", place.with_suffix(".py")) if file.is_file()), None)


def purpose(place: Path) -> str:
    """Return the first paragraph of what a room says of itself."""
    file = _path(place)
    assert file, place
    text = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return " ".join(text.partition("\n\n")[0].split())


def files(room: str) -> int:
    """Return how many modules a room has, without its doors and the files of kinds: one more of those touches no page."""
    folder = MONITOR / room
    modules = (path for path in folder.rglob("*.py") if path.name != "__init__.py" and path.parent.name != "kinds")
    return sum(1 for _ in modules) if folder.is_dir() else 1


@cache
def arrows() -> frozenset[tuple[str, str]]:
    """Return every import of one module of the product by another."""
    graph = grimp.build_graph("monitor", cache_dir=None)
    return frozenset((one, other) for one in graph.modules for other in graph.find_modules_directly_imported_by(one))


def _room(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def imported(room: str) -> list[str]:
    """Return the rooms that a room imports, top down."""
    found = {_room(other) for one, other in arrows() if _room(one) == room != _room(other)}
    return [other for other in rooms() if other in found]


def between_inner(room: str) -> frozenset[tuple[str, str]]:
    """Return which inner rooms, or files beside them, import which others."""
    inner = {(one.split(".")[2], other.split(".")[2]) for one, other in arrows()
             if _room(one) == room == _room(other) and one.count(".") > 1 and other.count(".") > 1}  # fmt: skip
    return frozenset((one, other) for one, other in inner if one != other)


def block() -> str:
    """Return what stands between the two marks on the page."""
    floors = "\n".join(" | ".join(floor) for floor in contracts()["monitor"])
    rows = "\n".join(
        f"| `{room}` | {_escaped(purpose(MONITOR / room))} | {files(room)} | {', '.join(imported(room)) or '—'} |"
        for room in rooms()
    )
    inner = "\n\n".join(_inner(package, floors) for package, floors in contracts().items() if package != "monitor")
    return (
        f"{FIRST}\n\n```floors\n{floors}\n```\n\n"
        f"| room | what it does | files | imports |\n|---|---|---|---|\n{rows}\n\n"
        f"Inner rooms have floors of their own, and each a door:\n\n{inner}\n\n{LAST}"
    )


def _inner(package: str, floors: list[list[str]]) -> str:
    name = package.partition(".")[2]
    picture = "\n".join(" | ".join(floor) for floor in floors)
    return f"`{name}`:\n\n```{name}\n{picture}\n```"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "\\<")


def page() -> str:
    """Return docs/architecture.md with the block as the code has it now."""
    before, first, rest = TARGET.read_text("utf-8").partition(FIRST)
    _, last, after = rest.partition(LAST)
    assert first, "the first mark is missing"
    assert last, "the last mark is missing"
    return before + block() + after


def figures() -> Iterator[str]:
    """Yield a line for each room: its files, the imports within it, and those between its inner rooms."""
    yield f"{'room':12} {'files':>5} {'imports within':>14} {'between inner rooms':>19}"
    for room in rooms():
        within = sum(_room(one) == room == _room(other) for one, other in arrows())
        yield f"{room:12} {files(room):5} {within:14} {len(between_inner(room)) if _layered(room) else '-':>19}"


def _layered(room: str) -> bool:
    return f"monitor.{room}" in contracts()


if __name__ == "__main__":
    TARGET.write_text(page(), "utf-8")
    print(*figures(), sep="\n")  # noqa: T201 - a script
