"""Which deliveries people ask for: the newest ids by channel, moment, and the hit that they tell of.

Of a rule, source or story with few hits the messages are looked up by those hits. Of one with many they are met among the newest
messages; where a page is not full of these, by the hits again. The view `v_deliveries` joins too much to be sorted as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, Table, func, literal, select

from monitor.model.delivery import DeliveryState
from monitor.model.records import DeliveryQuery
from monitor.store.db.dialects import unindexed
from monitor.store.tables.acts import acts_of
from monitor.store.tables.schema import HELD, UNTOLD, article, delivery, event, hit, notification

_FEW: Final = 2_000  # hits by which messages are looked up first
_WALKED: Final = 10_000  # of the newest messages, among which those of many hits are met
_LEAST, _MOST = 200, 4_000  # messages that are asked for at once by their ids
_MADE: Final = frozenset(DeliveryState) - {DeliveryState.HELD, DeliveryState.SUPPRESSED}

Bounds: TypeAlias = "list[ColumnElement[bool]]"


def newest_deliveries(
    connection: Connection, query: DeliveryQuery, state: str, limit: int, *, suppressed: bool
) -> list[str]:
    """Return the ids of the newest messages that are asked for, and of notifications of which none was made.

    `state` "" means every state; `suppressed` False leaves out what is suppressed, unless `state` asks for it.
    """
    owners = _owners(query, state, suppressed=suppressed)
    of_hit = _of_hit(connection, query)
    if not of_hit:
        return _newest(connection, [newest.limit(limit) for newest in owners.values()], limit)
    few = connection.execute(select(hit.c.id).where(*of_hit).limit(_FEW + 1)).scalars().all()
    if len(few) > _FEW:
        met = _met(connection, query, state, owners, of_hit, limit)
        if met is not None:
            return met
    return _looked_up(connection, query, owners, of_hit, limit)


def _owners(query: DeliveryQuery, state: str, *, suppressed: bool) -> dict[Table, Select[str]]:
    """Return by table the question for the newest of its rows, whatever hits they tell of."""
    found: dict[Table, Select[str]] = {}
    if state in {"", *_MADE}:
        found[delivery] = _rows(delivery, query, state)
    kept_back = state or ("" if suppressed else DeliveryState.HELD.value)
    if kept_back == DeliveryState.HELD.value:
        held = _rows(notification, query, "").where(HELD).order_by(None)
        # They are few and have an index of their own; one by id would be walked through all that was suppressed.
        found[notification] = held.order_by(unindexed(notification.c.id).desc())
    elif kept_back not in _MADE:
        found[notification] = _rows(notification, query, kept_back).where(UNTOLD)
    return found


def _rows(owner: Table, query: DeliveryQuery, state: str) -> Select[str]:
    asked = (
        owner.c.state == state if state else None,
        owner.c.channel_id == query.channel if query.channel else None,
        None if query.since is None else owner.c.created_at >= query.since,
        None if query.until is None else owner.c.created_at < query.until,
        owner.c.id < query.before if query.before else None,
    )
    return select(owner.c.id).where(*(one for one in asked if one is not None)).order_by(owner.c.id.desc())


def _of_hit(connection: Connection, query: DeliveryQuery) -> Bounds:
    wanted = (
        (hit.c.rule_id, query.rule),
        (hit.c.source_id, query.source),
        (hit.c.id, query.hit),
        (hit.c.article_id, query.article),
    )
    bounds = [owner == value for owner, value in wanted if value not in {"", None}]
    if query.story:
        told = select(article.c.id).where(article.c.story_id.in_(acts_of(connection, query.story)))
        bounds.append(hit.c.article_id.in_(told))
    return bounds


def _looked_up(
    connection: Connection, query: DeliveryQuery, owners: dict[Table, Select[str]], of_hit: Bounds, limit: int
) -> list[str]:
    """Return the newest of what tells of these hits, or of one of them again."""
    row_id = func.coalesce(notification.c.delivery_id, notification.c.id)
    told = select(row_id).where(*of_hit, *([row_id < query.before] if query.before else ()))
    first = told.join_from(notification, hit, hit.c.id == notification.c.hit_id)
    again = told.join_from(notification, event, event.c.id == notification.c.event_id).join(
        hit, hit.c.id == event.c.hit_id
    )
    again = again.where(event.c.hit_id.is_not(None))  # so that its partial index will do
    ids = sorted(set(connection.execute(first.union_all(again)).scalars()), reverse=True)
    found: list[str] = []
    start, size = 0, _LEAST
    while start < len(ids) and len(found) < limit:
        here = ids[start : start + size]
        found += _newest(connection, [newest.where(owner.c.id.in_(here)) for owner, newest in owners.items()], size)
        start, size = start + size, min(2 * size, _MOST)
    return found[:limit]


def _met(
    connection: Connection,
    query: DeliveryQuery,
    state: str,
    owners: dict[Table, Select[str]],
    of_hit: Bounds,
    limit: int,
) -> list[str] | None:
    """Return what tells of such hits among the newest rows; None where that is no full page, and older ones may be asked for."""
    ends = {owner: _end(connection, owner, query, state) for owner in owners}
    asked = []
    for owner, newest in owners.items():
        walked = newest.where(owner.c.id >= ends[owner]) if ends[owner] else newest
        asked.append(walked.where(_tells(owner, of_hit)).limit(limit))
    found = _newest(connection, asked, limit)
    end = max(ends.values(), default="")
    return found if not end or (len(found) == limit and found[-1] >= end) else None


def _end(connection: Connection, owner: Table, query: DeliveryQuery, state: str) -> str:
    """Return the id of the last row that is walked to, "" where all are; by what there is an index for."""
    rows = select(owner.c.id).order_by(owner.c.id.desc()).offset(_WALKED - 1).limit(1)
    if query.before:
        rows = rows.where(owner.c.id < query.before)
    if owner is notification:
        rows = rows.where(UNTOLD)
    elif state:
        rows = rows.where(owner.c.state == state)
    return str(connection.execute(rows).scalar() or "")


def _tells(owner: Table, of_hit: Bounds) -> ColumnElement[bool]:
    """Return whether a row tells of such a hit; not as EXISTS, for which PostgreSQL may join all rows at once."""
    told = notification.alias("told")
    about = (told.c.delivery_id if owner is delivery else told.c.id) == owner.c.id
    of = told.outerjoin(event, event.c.id == told.c.event_id).join(
        hit, hit.c.id == func.coalesce(told.c.hit_id, event.c.hit_id)
    )
    some: Select[Any] = select(literal(1)).select_from(of).where(about, *of_hit).limit(1)
    return some.correlate(owner).scalar_subquery().is_not(None)


def _newest(connection: Connection, questions: Iterable[Select[str]], limit: int) -> list[str]:
    found = {row_id for question in questions for row_id in connection.execute(question).scalars()}
    return sorted(found, reverse=True)[:limit]
