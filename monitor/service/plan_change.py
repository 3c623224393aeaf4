"""What a changed plan takes away: said aloud, and refused where a file is gone or a kind is empty, unless asked for twice."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from monitor.model.errors import ConfigProblem
from monitor.model.plan import Plan

MARK: Final = "allow-empty"
"""A file in the data folder: the version of a plan that the running daemon may take although it lost a file, or all of a kind."""
LOST: Final = "PLN001"
"""The code of what is refused because a file is gone, or all of a kind."""
_CALLED: Final = {"expression": "match", "urls": "url", "zone": "timezone"}
"""What people write for a key that is remembered under another name."""
SHOWN: Final = 20
"""How many ids stand in a line."""


def left(before: Plan, after: Plan) -> tuple[str, ...]:
    """Return what is in the plan no longer, a line for each kind: `3 rules left the plan: a, b, c`."""
    return tuple(
        f"{_amount(gone, noun)} left the plan: {_named(gone)}" for noun, gone, _ in _gone(before, after) if gone
    )


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Return how two plans differ, as the store remembers them: a line for each kind of thing and of change.

    What the older one does not hold, because an older program wrote it, counts as equal.
    """
    lines = []
    for noun in ("rule", "source", "channel"):
        then, now = _items(before, noun), _items(after, noun)
        added = tuple(each for each in now if each not in then)
        differing = {each: _differing(then[each], now[each]) for each in now if each in then}
        changed = tuple(f"{each} ({', '.join(keys)})" for each, keys in differing.items() if keys)
        gone = tuple(each for each in then if each not in now)
        for ids, what in ((added, "new"), (changed, "changed"), (gone, "left the plan")):
            if ids:
                verb = ("are " if len(ids) > 1 else "is ") * (what == "new")
                lines.append(f"{_amount(ids, noun)} {verb}{what}: {_named(ids)}")
    groups, known = after.get("aliases", {}), before.get("aliases", {})
    if other := tuple(name for name in {**known, **groups} if groups.get(name) != known.get(name)):
        lines.append(f"{_amount(other, 'alias group')} changed: {_named(other)}")
    if "routes" in before and before["routes"] != after.get("routes"):
        lines.append(f"the routes changed: {len(before['routes'])} before, {len(after.get('routes', ()))} now")
    return tuple(lines)


def _items(summary: Mapping[str, Any], noun: str) -> dict[str, Mapping[str, Any]]:
    """Return what a summary holds of a kind, by id; a rule over counts has its `count` in one piece, as it is written."""
    counts = summary.get("count_rules", ()) if noun == "rule" else ()
    rules = [{**one["rule"], "count": {key: said for key, said in one.items() if key != "rule"}} for one in counts]
    return {one["id"]: one for one in (*summary.get(f"{noun}s", ()), *rules)}


def _differing(then: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Return in which keys of the files two items differ."""
    keys = [key for key in now if key in then and then[key] != now[key]]
    keys += ["count"] * (("count" in then) is not ("count" in now))
    named = [_CALLED.get(key, key) for key in keys if key != "definition"]
    return tuple(named or (["address or settings"] if keys else []))


def lost(before: Plan, after: Plan, folder: Path) -> tuple[ConfigProblem, ...]:
    """Return a fault for each file that is gone with what stood in it, and for each kind that would have nothing left.

    Most often nobody means that: a file is being exchanged, or half written.
    """
    faults = []
    for noun, gone, some in _gone(before, after):
        if not gone:
            continue
        missing = [name for name in before.files if name.startswith(f"{noun}s.") and not (folder / name).exists()]
        if missing:
            what = f"the file is gone, and {_amount(gone, noun)} with it: {_named(gone)}"
            faults += [_fault(folder / name, what) for name in missing]
        elif not some:
            faults.append(_fault(folder / f"{noun}s.yaml", f"the plan would lose every {noun} it has: {_named(gone)}"))
    known = {fault.file for fault in faults}
    return (*faults, *(fault for fault in _lost_routes(before, after, folder) if fault.file not in known))


def _lost_routes(before: Plan, after: Plan, folder: Path) -> Iterator[ConfigProblem]:
    """Yield a fault where routes are gone with their file, or all of them, and rules are left that only routes bring to anybody."""
    fewer = len(before.routes) - len(after.routes)
    if fewer <= 0 or all(rule.channels for rule in after.all_rules):
        return
    missing = [name for name in before.files if name.startswith("channels.") and not (folder / name).exists()]
    amount = f"{fewer} route" + "s" * (fewer > 1)
    for name in missing:
        yield _fault(
            folder / name, f"the file is gone, and {amount} with it: rules that name no channel would tell nobody"
        )
    if not missing and not after.routes:
        what = f"the plan would lose every route it has ({fewer}): rules that name no channel would tell nobody"
        yield _fault(folder / "channels.yaml", what)


def allow(data_dir: Path, version: str) -> None:
    """Let the daemon take the plan of that version once, whatever it lost."""
    path = data_dir / MARK
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(version, "utf-8")
    fresh.replace(path)


def forbid(data_dir: Path) -> None:
    """Take back what was allowed and nobody made use of."""
    (data_dir / MARK).unlink(missing_ok=True)


def allowed(data_dir: Path, version: str) -> bool:
    """Return whether the plan of that version may be taken whatever it lost; a second question is answered no."""
    path, said = data_dir / MARK, ""
    with suppress(OSError, UnicodeDecodeError):
        said = path.read_text("utf-8")
    with suppress(OSError):
        path.unlink()
    return said == version


def _gone(before: Plan, after: Plan) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Yield for each kind of thing its noun, the ids that are gone, and whether there are any now."""
    for noun, then, now in (
        ("rule", before.all_rules, after.all_rules),
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


def _fault(file: Path, message: str) -> ConfigProblem:
    hint = "put back what is missing, or say that it is meant: monitor reload --allow-empty"
    return ConfigProblem(str(file), 0, 0, message, hint, LOST)
