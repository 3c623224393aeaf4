"""Which stories are listed, in which order: their hits are walked in the order of lists, and folded by the first act."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, case, func, select

from monitor.model.paging import Cursor
from monitor.model.records import HitQuery
from monitor.model.story_records import StoryOrder, StoryQuery
from monitor.store.db.dialects import one_of
from monitor.store.read.hits import HitKey, hit_keys
from monitor.store.tables.schema import article, hit, story

MOST_LOOKED_AT: Final = 20_000
"""Hits whose stories are sorted, the newest first: what more there are is named by a shorter time."""

_PIECES: Final = 40  # of hits that are looked at for one page
_HITS_OF_A_STORY: Final = 3  # about; with more of them another piece is read
_LEAST: Final = 100
_GREATEST: Final = 2**63 - 1
_told = article.join(story, story.c.id == article.c.story_id)
_first, _last = func.min(article.c.first_seen_at), func.max(article.c.first_seen_at)


class Newest(NamedTuple):
    """Stories by their first acts, in the order of the list, and the article before which the next have their places; 0: there are none."""

    roots: tuple[str, ...]
    following: int


def newest(connection: Connection, query: StoryQuery, through: int) -> Newest:
    """Return the stories whose last act with hits came last; hits behind the number `through` are not known yet.

    The place of a story is that of the first article of that act that has a hit, in the order of storing. One that was not met
    among all hits down to an article has its place before it, so the walk ends as soon as enough are known for sure.
    """
    after = query.after.article_id if query.after else _GREATEST
    wanted = HitQuery(rule=query.rule, since=query.since, until=query.until, after=Cursor(after, ""), through=through)
    size = max(_LEAST, _HITS_OF_A_STORY * query.limit)
    places: dict[str, int] = {}
    for _ in range(_PIECES):
        keys = hit_keys(connection, wanted, size)
        places |= _places(connection, query, _roots(connection, keys) - places.keys(), through)
        down_to = keys[-1].article_id if len(keys) == size else 0
        sure = sorted((at, root) for root, at in places.items() if down_to <= at < after)
        if not down_to or len(sure) > query.limit:
            break
        wanted = replace(wanted, after=Cursor(down_to, ""))
    shown = sure[-query.limit :][::-1]
    following = shown[-1][0] if len(sure) > len(shown) else down_to
    return Newest(tuple(root for _, root in shown), following)


def most(connection: Connection, query: StoryQuery, since: datetime) -> tuple[str, ...]:
    """Return the first acts of the stories that most outlets tell, or that grew most since then, among those met of late."""
    wanted = HitQuery(rule=query.rule, since=query.since, until=query.until)
    roots = _roots(connection, hit_keys(connection, wanted, MOST_LOOKED_AT))
    outlets = (
        select(story.c.root_id, _first.label("began_at"), _last.label("last_at"))
        .select_from(_told)
        .where(one_of(connection, story.c.root_id, list(roots)))
        .group_by(story.c.root_id, article.c.source_id)
        .subquery()
    )
    count = {
        StoryOrder.GROWTH: func.sum(case((outlets.c.began_at >= since, 1), else_=0)),
        StoryOrder.OUTLETS: func.count(),
    }[query.order]
    ranked = select(outlets.c.root_id).group_by(outlets.c.root_id)
    ranked = ranked.order_by(count.desc(), func.max(outlets.c.last_at).desc(), outlets.c.root_id)
    return tuple(connection.execute(ranked.limit(query.limit)).scalars())


def _roots(connection: Connection, keys: Sequence[HitKey]) -> set[str]:
    """Return the first acts of the stories of those hits."""
    articles = sorted({key.article_id for key in keys})
    statement = select(story.c.root_id).select_from(_told).where(one_of(connection, article.c.id, articles))
    return set(connection.execute(statement).scalars())


def _places(connection: Connection, query: StoryQuery, roots: Collection[str], through: int) -> dict[str, int]:
    """Return the article that gives each of the stories its place."""
    act = (
        select(story.c.root_id, func.min(article.c.id).label("at"))
        .select_from(_told.join(hit, hit.c.article_id == article.c.id))
        .where(one_of(connection, story.c.root_id, sorted(roots)), hit.c.id <= through)
        .group_by(story.c.root_id, story.c.id)
    )
    if query.rule:
        act = act.where(hit.c.rule_id == query.rule)
    if query.since is not None:
        act = act.where(hit.c.created_at >= query.since)
    if query.until is not None:
        act = act.where(hit.c.created_at < query.until)
    acts = act.subquery()
    placed = select(acts.c.root_id, func.max(acts.c.at).label("at")).group_by(acts.c.root_id)
    return {row.root_id: row.at for row in connection.execute(placed)}
