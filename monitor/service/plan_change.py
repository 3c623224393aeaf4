"""What a changed plan takes away: said aloud, and refused where it is everything of a kind, unless asked for twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from monitor.model.errors import ConfigProblem
from monitor.model.plan import Plan

MARK: Final = "allow-empty"
"""A file in the data folder: the version of a plan that the running daemon may take although it is empty."""
SHOWN: Final = 20
"""How many ids stand in a line."""


def left(before: Plan, after: Plan) -> tuple[str, ...]:
    """Return what is in the plan no longer, a line for each kind: `3 rules left the plan: a, b, c`."""
    return tuple(
        f"{_amount(gone, noun)} left the plan: {_named(gone)}" for noun, gone, _ in _taken(before, after) if gone
    )


def emptied(before: Plan, after: Plan, folder: Path) -> tuple[ConfigProblem, ...]:
    """Return a fault for each kind of which the plan would lose the last one: most often a file is gone, or half written."""
    return tuple(
        ConfigProblem(str(file), 0, 0, _loss(noun, gone, file), _hint(noun), "PLN001")
        for noun, gone, some in _taken(before, after)
        if gone and not some
        for file in (folder / f"{noun}s.yaml",)
    )


def allow(data_dir: Path, version: str) -> None:
    """Let the daemon take the plan of that version once, although it is empty."""
    path = data_dir / MARK
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(version, "utf-8")
    fresh.replace(path)


def forbid(data_dir: Path) -> None:
    """Take back what was allowed and nobody made use of."""
    (data_dir / MARK).unlink(missing_ok=True)


def allowed(data_dir: Path, version: str) -> bool:
    """Return whether the plan of that version may be taken although it is empty; a second question is answered no."""
    path, said = data_dir / MARK, ""
    with suppress(OSError, UnicodeDecodeError):
        said = path.read_text("utf-8")
    with suppress(OSError):
        path.unlink()
    return said == version


def _taken(before: Plan, after: Plan) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Yield for each kind of thing its noun, the ids that are gone, and whether there are any now."""
    for noun, then, now in (
        ("rule", before.rules, after.rules),
        ("source", before.sources, after.sources),
        ("channel", before.channels, after.channels),
    ):
        kept = {one.id for one in now}
        yield noun, tuple(one.id for one in then if one.id not in kept), bool(now)


def _amount(ids: tuple[str, ...], noun: str) -> str:
    return f"{len(ids)} {noun}" + "s" * (len(ids) != 1)


def _named(ids: tuple[str, ...]) -> str:
    more = f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else ""
    return ", ".join(ids[:SHOWN]) + more


def _loss(noun: str, gone: tuple[str, ...], file: Path) -> str:
    why = "" if file.exists() else "the file is gone, and "
    return f"{why}the plan would lose every {noun} it has: {_named(gone)}"


def _hint(noun: str) -> str:
    return f"put the {noun}s back, or say that none is meant: monitor reload --allow-empty"
