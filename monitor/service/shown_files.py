"""The configuration files as people are shown them: as they are written, secrets starred out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.config.encoding import encoding_of
from monitor.config.redaction import redact
from monitor.model.confidential import hide

MOST_BYTES: Final = 512 * 1024
"""Bytes of one file that are shown."""


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file of the configuration: its place in the folder, and its lines without secrets; `cut`: it has more."""

    name: str
    lines: tuple[str, ...]
    cut: bool = False


def shown_lines(file: Path) -> list[str]:
    """Return the lines of a file without their secrets; [] for one that cannot be read."""
    try:
        data = file.read_bytes()
    except OSError:
        return []
    return [hide(redact(line, str(file))) for line in data.decode(encoding_of(data), "replace").splitlines()]


def shown_files(folder: Path, names: Iterable[str]) -> tuple[ShownFile, ...]:
    """Return the files of those names under `folder`, in their order; those that are not there are left out."""
    found = []
    for name in names:
        lines = shown_lines(folder / name)
        size, kept = 0, 0
        for line in lines:
            size += len(line)
            if size > MOST_BYTES:
                break
            kept += 1
        if lines:
            found.append(ShownFile(name, tuple(lines[:kept]), kept < len(lines)))
    return tuple(found)
