"""What one poll came to: each list and each article as it went, and what they come to together. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from monitor.model.health import ListCheck
from monitor.model.page import Validators


@dataclass(frozen=True, slots=True)
class ListOutcome:
    """One list or feed. `check` is what it shows of the source's health; its `problem` says that the list gave nothing.

    `errors` are also of maps that failed beside others, `cause` is one word for the first. `retry_after` and `least_gap`
    are what the server, or the feed, asks to be left alone for, in seconds. `learned` are the validators of an unchanged
    list of whose server something was learned.
    """

    check: ListCheck
    errors: tuple[str, ...] = ()
    cause: str = ""
    retry_after: float = 0.0
    least_gap: float = 0.0
    learned: Validators | None = None

    @property
    def deliveries(self) -> tuple[str, ...]:
        """Return the messages that came of it: none."""
        return ()

    @property
    def met(self) -> tuple[str, ...]:
        """Return the rules that were met: none."""
        return ()


@dataclass(frozen=True, slots=True)
class ArticleOutcome:
    """One entry whose article was tried. `ways` is what that shows of the source's health ({} for nothing).

    `new`: the article was not stored before. `hits` counts those that were not either, `deliveries` are the messages that
    are to be sent; `met` are the ids of their rules; `baseline`: the hits are no news.
    """

    ways: Mapping[str, str]
    new: bool = False
    hits: int = 0
    deliveries: tuple[str, ...] = ()
    baseline: bool = False
    met: tuple[str, ...] = ()


Outcome: TypeAlias = ListOutcome | ArticleOutcome


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """All that one poll came to. `crash` is the error that ended it before its time, "" for none."""

    lists: tuple[ListOutcome, ...] = ()
    articles: tuple[ArticleOutcome, ...] = ()
    crash: str = ""

    @classmethod
    def of(cls, outcomes: Iterable[Outcome], crash: ListOutcome | None = None) -> PollOutcome:
        """Fold the steps of a poll; `crash` is how the list that ended it is judged."""
        known = tuple(outcomes)
        lists = [outcome for outcome in known if isinstance(outcome, ListOutcome)]
        articles = tuple(outcome for outcome in known if isinstance(outcome, ArticleOutcome))
        ended = [crash] if crash else []
        return cls(tuple(lists + ended), articles, "; ".join(crash.errors) if crash else "")

    @property
    def polled(self) -> bool:
        """Return whether the lists were polled, not waiting entries alone."""
        return bool(self.lists)

    @property
    def failed(self) -> bool:
        """Return whether the source gave nothing: it broke us, or every list of it failed."""
        return bool(self.crash) or (self.polled and all(outcome.check.problem for outcome in self.lists))

    @property
    def learned(self) -> dict[str, Validators]:
        """Return, by URL, the validators of unchanged lists of whose servers something was learned."""
        return {outcome.check.url: outcome.learned for outcome in self.lists if outcome.learned is not None}

    @property
    def error(self) -> str:
        """Return what went wrong, "" for nothing."""
        return "; ".join(error for outcome in self.lists for error in outcome.errors)

    @property
    def cause(self) -> str:
        """Return one word for the first error, "" for none."""
        return next((outcome.cause for outcome in self.lists if outcome.cause), "")

    @property
    def retry_after(self) -> float | None:
        """Return how many seconds a failing server asked to be left alone for; None when none did."""
        return max((outcome.retry_after for outcome in self.lists), default=0.0) or None

    @property
    def least_gap(self) -> float:
        """Return for how many seconds the lists ask not to be polled again."""
        return max((outcome.least_gap for outcome in self.lists), default=0.0)

    @property
    def entries(self) -> int:
        """Return how many entries the lists showed."""
        return sum(len(outcome.check.entries) for outcome in self.lists)

    @property
    def new(self) -> int:
        """Return how many entries the lists showed for the first time."""
        return sum(outcome.check.new for outcome in self.lists)

    @property
    def hits(self) -> int:
        """Return how many hits were stored."""
        return sum(outcome.hits for outcome in self.articles)

    @property
    def fresh_hits(self) -> int:
        """Return how many of the hits are news."""
        return sum(outcome.hits for outcome in self.articles if not outcome.baseline)

    @property
    def new_articles(self) -> int:
        """Return how many articles were stored."""
        return sum(outcome.new for outcome in self.articles)
