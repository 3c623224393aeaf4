"""Whether hits were meant: every word of one hit, the last word of many, and where few were spoken of, those hits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, bindparam, exists, func, select

from monitor.model.feedback import Feedback, Relevance
from monitor.model.precision import Precision
from monitor.store.db.dialects import UtcDateTime
from monitor.store.tables.schema import feedback, hit

MOST_FEEDBACK: Final = 1_000
"""Words of one hit that are shown, the latest."""

_PIECE: Final = 500  # hits in one question
_IDS: Any = bindparam("ids", expanding=True)
_LAST = select(func.max(feedback.c.id)).where(feedback.c.hit_id.in_(_IDS)).group_by(feedback.c.hit_id)
_LAST_OF = select(feedback).where(feedback.c.id.in_(_LAST.scalar_subquery()))
_NEWER = feedback.alias("newer")
_OVERTAKEN = exists().where(_NEWER.c.hit_id == feedback.c.hit_id, _NEWER.c.id > feedback.c.id).correlate(feedback)
_SAID = select(feedback.c.hit_id).where(feedback.c.relevance == bindparam("relevance")).distinct()
_LAST_WORDS = select(feedback.c.hit_id, feedback.c.relevance).where(
    ~_OVERTAKEN, feedback.c.relevance != Relevance.NONE.value
)
_RULES = select(hit.c.id, hit.c.rule_id).where(
    hit.c.id.in_(_IDS), hit.c.created_at >= bindparam("since", type_=UtcDateTime())
)


def feedback_history(connection: Connection, hit_id: int) -> tuple[Feedback, ...]:
    """Return what was said of a hit, oldest first, at most MOST_FEEDBACK."""
    words = select(feedback).where(feedback.c.hit_id == hit_id).order_by(feedback.c.id.desc()).limit(MOST_FEEDBACK)
    return tuple(feedback_of(row) for row in reversed(connection.execute(words).all()))


def last_feedback(connection: Connection, hits: Sequence[int]) -> dict[int, Feedback]:
    """Return what was said last of hits; those of which nothing was said, or all of it taken back, are left out."""
    found: dict[int, Feedback] = {}
    for start in range(0, len(hits), _PIECE):
        rows = connection.execute(_LAST_OF, {"ids": list(hits[start : start + _PIECE])})
        found.update((row.hit_id, feedback_of(row)) for row in rows if row.relevance != Relevance.NONE.value)
    return found


def ever_said(connection: Connection, relevance: Relevance, most: int) -> list[int]:
    """Return at most so many hits of which that was ever said, perhaps not last."""
    return list(connection.execute(_SAID.limit(most), {"relevance": relevance.value}).scalars())


def holds(relevance: Relevance) -> ColumnElement[bool]:
    """Return whether that is the last word on a row of `hit`; `none` where nothing was said, or all of it taken back."""
    of_hit = exists().where(feedback.c.hit_id == hit.c.id, ~_OVERTAKEN).correlate(hit)
    if relevance is Relevance.NONE:
        return ~of_hit.where(feedback.c.relevance != Relevance.NONE.value)
    return of_hit.where(feedback.c.relevance == relevance.value)


def said_by_rule(connection: Connection, since: datetime) -> dict[str, Precision]:
    """Return by rule how many of its hits stored since then (UTC) were meant and were not, as was said last; none of no word."""
    # From what people said to its hits: they are few, and the hits of three months are many.
    said = {row.hit_id: row.relevance for row in connection.execute(_LAST_WORDS)}
    ids = list(said)
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for start in range(0, len(ids), _PIECE):
        for row in connection.execute(_RULES, {"ids": ids[start : start + _PIECE], "since": since}):
            found[row.rule_id][said[row.id]] += 1
    return {rule_id: Precision(**counted) for rule_id, counted in found.items()}


def feedback_of(row: Row[Any]) -> Feedback:
    """Return the value of a row of `feedback`."""
    return Feedback(Relevance(row.relevance), row.note, row.author, row.at)
