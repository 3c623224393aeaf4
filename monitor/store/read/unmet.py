"""What a rule that is not in force yet would find: which rules are known, the newest articles, and the hits they have."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from monitor.model.article import Article
from monitor.store.tables.rows import article_of
from monitor.store.tables.schema import article, entry, hit, rule_state

_NEWEST = (
    select(article).where(article.c.id < bindparam("before")).order_by(article.c.id.desc()).limit(bindparam("most"))
)
_BROUGHT_BY = select(entry.c.article_id, entry.c.source_id).where(
    entry.c.article_id.in_(bindparam("ids", expanding=True)), entry.c.state == "done"
)
_MET = select(hit.c.article_id, hit.c.rule_id).where(hit.c.article_id.in_(bindparam("ids", expanding=True)))
_RULES = select(rule_state.c.rule_id, rule_state.c.definition, rule_state.c.left_at, rule_state.c.silent_to)
_ANY_ARTICLE = select(article.c.id).limit(1)
_HAS_HIT = select(hit.c.id).where(hit.c.rule_id == bindparam("rule")).limit(1)


@dataclass(frozen=True, slots=True)
class KnownRule:
    """A definition of a rule that the store knows. `left_at`: the plan in force has it no more, since then.

    Of hits on articles up to `silent_to` nobody is told when it comes back.
    """

    left_at: datetime | None
    silent_to: int


@dataclass(frozen=True, slots=True)
class MetArticle:
    """A stored article: the sources that brought it, the first one aside, and the rules that it has a hit of."""

    id: int
    article: Article
    stored_at: datetime
    others: frozenset[str]
    met: frozenset[str]


def known_rules(connection: Connection) -> dict[tuple[str, str], KnownRule]:
    """Return what is known of rules, by id and definition."""
    return {(row.rule_id, row.definition): KnownRule(row.left_at, row.silent_to) for row in connection.execute(_RULES)}


def newest_articles(connection: Connection, before: int, most: int) -> tuple[MetArticle, ...]:
    """Return at most so many articles with smaller numbers, the newest first."""
    rows = connection.execute(_NEWEST, {"before": before, "most": most}).all()
    if not rows:
        return ()
    ids = {"ids": [row.id for row in rows]}
    brought, met = connection.execute(_BROUGHT_BY, ids).all(), connection.execute(_MET, ids).all()
    return tuple(
        MetArticle(
            row.id,
            article_of(row),
            row.stored_at,
            frozenset(by.source_id for by in brought if by.article_id == row.id and by.source_id != row.source_id),
            frozenset(one.rule_id for one in met if one.article_id == row.id),
        )
        for row in rows
    )


def without_hits(connection: Connection, rule_ids: Collection[str]) -> tuple[str, ...]:
    """Return the rules that have no hit although there are articles; () while there are none."""
    if connection.execute(_ANY_ARTICLE).first() is None:
        return ()
    return tuple(each for each in rule_ids if connection.execute(_HAS_HIT, {"rule": each}).first() is None)
