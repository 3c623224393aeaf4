"""Reads a Dockerfile: enough of its grammar for the one that is shipped."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction: its word in capitals, and all that follows it on one line."""

    word: str
    rest: str

    @property
    def listed(self) -> list[str]:
        """Return the exec form (a JSON array). Raises ValueError for the shell form."""
        value = json.loads(self.rest)
        assert isinstance(value, list)
        return value

    @property
    def flags(self) -> dict[str, str]:
        """Return the leading `--name=value` flags."""
        words = self.rest.split()
        named = [word for word in words if word.startswith("--")]
        return dict(word.removeprefix("--").split("=", 1) for word in named if "=" in word)

    @property
    def words(self) -> list[str]:
        """Return what follows the flags, word by word."""
        return [word for word in self.rest.split() if not word.startswith("--")]


def read(path: Path) -> list[list[Instruction]]:
    """Return the stages of a Dockerfile, each beginning with its FROM."""
    kept = [line for line in path.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")]
    stages: list[list[Instruction]] = []
    for line in "\n".join(kept).replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            stages.append([])
        if word:
            stages[-1].append(Instruction(word.upper(), " ".join(rest.split())))
    return stages


def ignored(patterns: list[str], name: str) -> bool:
    """Return whether a .dockerignore of whole names (`*`, `!name`, `!folder/name`) keeps a path from the builder."""
    kept = True
    for pattern in patterns:
        plain = pattern.removeprefix("!")
        if plain in {"*", name} or name.startswith(plain + "/"):
            kept = pattern.startswith("!")
    return not kept
