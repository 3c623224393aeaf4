"""What is told of a count: the numbers, the series behind them, and new terms with where they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from monitor.model.counting import CountType, CountUnit
from monitor.model.notification import History, Notification
from monitor.model.policy import Severity


@dataclass(frozen=True, slots=True)
class TermArticle:
    """The first article of an outlet that a new term stands in."""

    id: int
    url: str
    title: str
    source: str
    source_name: str


@dataclass(frozen=True, slots=True)
class NewTerm:
    """A term that stands beside a watched one for the first time: in so many `outlets`, in one article of each, in `stories` (ids)."""

    term: str
    outlets: int
    articles: tuple[TermArticle, ...]
    stories: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountNotice:
    """One alert of a rule over counts, decided at `at` (UTC).

    `rule` and the rule that is `counted` are (id, name). `count` stories or articles (a new term: outlets) lie in the
    `seconds` before `at`, of which `expected` are usual; `chance` is how likely such a count is by chance; both None where
    nobody asks. From `threshold` on (a flatline: below it) it is told. `series` counts the hours from `begin` (UTC) on; the
    last one is not over.
    """

    kind: CountType
    at: datetime
    rule: tuple[str, str]
    counted: tuple[str, str]
    unit: CountUnit
    seconds: float
    count: int
    threshold: int
    begin: datetime
    series: tuple[int, ...]
    expected: float | None = None
    chance: float | None = None
    severity: Severity = "info"
    terms: tuple[NewTerm, ...] = ()

    @property
    def type(self) -> str:
        """Return the type of its message."""
        return f"count.{self.kind}"


DecideCount: TypeAlias = Callable[[History, datetime], Sequence[Notification]]
"""Whom to tell of a count, at that moment: pure but for what it asks of the history."""
