"""Where each value of the configuration stands, so that a fault found in any room can be shown at its line."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.model.errors import ConfigProblem

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Spot:
    """Where one value stands, and everything inside it. Lines and columns count from 1.

    `raw` is a scalar as written, before variables are filled in; it may hold a secret that was typed into the file, so it
    is left out of repr. `inner` is the column of the first character of its text where column arithmetic holds, else 0.
    `keys` are the places of a mapping's keys.
    """

    file: str
    line: int
    column: int
    raw: str = field(default="", repr=False)
    inner: int = 0
    children: dict[str | int, Spot] = field(default_factory=dict, repr=False)
    keys: dict[str, tuple[int, int]] = field(default_factory=dict, repr=False)

    def find(self, path: Path) -> tuple[Spot, bool]:
        """Return the deepest known place along `path`, and whether it is the very end of the path."""
        spot = self
        for step in path:
            inside = spot.children.get(step)
            if inside is None:
                return spot, False
            spot = inside
        return spot, True

    def problem(
        self, path: Path, message: str, hint: str = "", code: str = "CFG000", *, offset: int = 0
    ) -> ConfigProblem:
        """Return a ConfigProblem at the value that `path` leads to, or at what encloses it; `offset` counts code points
        into its text."""
        spot, exact = self.find(path)
        column = spot.inner + offset if exact and spot.inner and offset else spot.column
        return ConfigProblem(spot.file, spot.line, column, message, hint, code)

    def key_problem(self, path: Path, message: str, hint: str = "", code: str = "CFG000") -> ConfigProblem:
        """Return a ConfigProblem at the key that `path` ends in."""
        parent, exact = self.find(path[:-1])
        line, column = parent.keys.get(str(path[-1]), (parent.line, parent.column)) if exact and path else (0, 0)
        return ConfigProblem(parent.file, line or parent.line, column or parent.column, message, hint, code)


@dataclass(frozen=True, slots=True)
class Places:
    """The places of a whole configuration, addressed by meaning: ("rules", "openai", "match")."""

    root: Spot = field(repr=False)

    def problem(
        self, path: Path, message: str, hint: str = "", code: str = "CFG000", *, offset: int = 0
    ) -> ConfigProblem:
        """Return a ConfigProblem at that value. Where the path leads nowhere, at the nearest thing that encloses it.

        `offset` points at a code point inside a text that stands on one line without escapes; elsewhere it is ignored.
        """
        return self.root.problem(path, message, hint, code, offset=offset)

    def key_problem(self, path: Path, message: str, hint: str = "", code: str = "CFG000") -> ConfigProblem:
        """Return a ConfigProblem at the key that `path` ends in."""
        return self.root.key_problem(path, message, hint, code)
