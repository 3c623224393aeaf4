"""An article that was told is looked at again: what is known of it by then, and what is told of what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, TypeAlias

from monitor.model.article import Article
from monitor.model.hit import Match
from monitor.model.notification import History, Notification
from monitor.model.policy import Severity
from monitor.model.records import ArticleRecord

FollowType: TypeAlias = Literal["article.changed", "article.removed"]
CHANGED: Final = "article.changed"
REMOVED: Final = "article.removed"


@dataclass(frozen=True, slots=True)
class ArticleNotice:
    """What became of an article that somebody was told of, decided at `at` (UTC).

    `article` is as it stands now, `rules` are (id, name) of those whose hits were told. `headline_before` is what it was
    called, "" where that is no news. `removed` and `added` are the passages around mentions that are gone or new, `words`
    what was mentioned. `severity` says whether quiet hours let it through.
    """

    type: FollowType
    at: datetime
    article: ArticleRecord
    rules: tuple[tuple[str, str], ...]
    headline_before: str = ""
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    severity: Severity = "info"


@dataclass(frozen=True, slots=True)
class HeldUntil:
    """A notification that waits for its group."""

    group_key: str
    not_before: datetime


@dataclass(frozen=True, slots=True)
class ToldHit:
    """A hit that channels were told of, or will be: `told` has these, with the wait of those that wait yet.

    `before` are its mentions in what the article said until now, `after` those in what it says.
    """

    rule_id: str
    rule_name: str
    before: tuple[Match, ...]
    after: tuple[Match, ...] = ()
    told: Mapping[str, HeldUntil | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """An article at the moment when it is decided what to tell of what became of it.

    `after` None: it was removed. `record` is how a message shows it.
    """

    before: Article
    after: Article | None
    record: ArticleRecord
    story_id: str
    hits: tuple[ToldHit, ...]
    history: History
    now: datetime


DecideFollowed: TypeAlias = Callable[[Followed], Sequence[tuple[ArticleNotice, Sequence[Notification]]]]
"""What is told of a change or a removal, and to whom: pure but for what it asks of `Followed.history`."""
