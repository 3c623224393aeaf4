"""What was changed in the configuration from the pages: when, by whom, which lines. Kept beside the database, as a line for each change.

Files are edited by hand as well, and nobody writes down who does: a change whose `before` is not the `after` of the one before it in
the same file shows that.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from monitor.config.redaction import redact
from monitor.model.errors import public_url
from monitor.service.file_write import digest

NAME: Final = "config-changes.ndjson"
MOST: Final = 500
"""Changes that are kept."""
_LINES: Final = 200
_LONGEST: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConfigChange:
    """What `author` changed `at` (UTC): `lines` that differ in a `file`, of a `rule`; `plan` is the version that came of it.

    `before` and `after` name what the file held.
    """

    at: datetime
    author: str
    file: str
    rule: str
    lines: tuple[str, ...]
    plan: str
    before: str
    after: str


def of_new_file(name: str, text: str, *, author: str, plan: str, at: datetime) -> NewConfigChange:
    """Return the change that a file of that name and text is, where there was none; its lines are without secrets."""
    lines = tuple(f"+{public_url(redact(line, name))}" for line in text.splitlines())
    after = digest(text.encode("utf-8"))
    return NewConfigChange(at=at, author=author, file=name, rule="", lines=lines, plan=plan, before="", after=after)


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """A change as it is remembered; `by_hand`: the file was changed otherwise since the change before."""

    made: NewConfigChange
    by_hand: bool


class ConfigHistory:
    """The changes of one installation. Waits for files: call it in a thread."""

    def __init__(self, data_dir: Path) -> None:
        """Remember in `data_dir`."""
        self._file = data_dir / NAME

    def add(self, change: NewConfigChange) -> None:
        """Remember a change; the oldest go. Raises OSError."""
        lines = tuple(one[:_LONGEST] for one in change.lines[:_LINES])
        row = {**asdict(change), "at": change.at.isoformat(), "lines": lines}
        self._file.parent.mkdir(parents=True, exist_ok=True)
        kept = self._rows()
        if len(kept) >= MOST:
            fresh = self._file.with_suffix(".new")
            fresh.write_text("".join(f"{one}\n" for one in kept[-MOST // 2 :]), "utf-8")
            fresh.replace(self._file)
        with self._file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")

    def changes(self, rule: str = "", most: int = 100) -> tuple[ConfigChange, ...]:
        """Return the changes, the newest first, of one rule where one is named. Raises OSError."""
        found: list[ConfigChange] = []
        last: dict[str, str] = {}
        for row in self._rows():
            made = _read(row)
            if made is None:
                continue
            by_hand = last.get(made.file, made.before) != made.before
            last[made.file] = made.after
            if rule in {"", made.rule}:
                found.append(ConfigChange(made, by_hand))
        return tuple(found[: -most - 1 : -1])

    def _rows(self) -> list[str]:
        try:
            return [one for one in self._file.read_text("utf-8", "replace").split("\n") if one][-MOST:]
        except FileNotFoundError:
            return []


def _read(row: str) -> NewConfigChange | None:
    """Return what a line says, None for one that was written halfway."""
    try:
        said = json.loads(row)
        return NewConfigChange(**{**said, "at": datetime.fromisoformat(said["at"]), "lines": tuple(said["lines"])})
    except (ValueError, KeyError, TypeError):
        return None
