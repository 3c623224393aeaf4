"""How far each rule was held against the stored articles, by id and definition, and from where on it has been away.

A row is one definition of one rule. Its articles are numbered as they are stored:

    1 ... matched_to    it was held against these
      ... silent_to     these are older than the rule: nobody is told of their hits
    lagged_to           these may have met an older plan alone, brought by a process that did not know this one yet
    matched_at          not NULL: it was held against all of them; whatever comes is matched by the polls
    left_at             not NULL: the plan has it no more; polls have not held it since `matched_to`

A row is not forgotten on leaving: the same definition that comes back goes on from `matched_to`, for as long as KEPT.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, BindParameter, Connection, Row, bindparam, case, delete, func, insert, select, update

from monitor.model.fingerprint import rule_fingerprint
from monitor.model.plan import Plan
from monitor.store.db.database import Database
from monitor.store.db.dialects import UtcDateTime
from monitor.store.tables.schema import article, plan, rule_state

GAP_TOLD = timedelta(days=3)
"""How long a rule may have been away and still tell of what came meanwhile: a mistake of Friday evening is seen on Monday.

One that was away for longer was taken out on purpose: it counts as new, and finds silently.
"""

KEPT = timedelta(days=90)
"""How long it is remembered of a rule that left. Afterwards it is a new one, held silently against everything again."""

_LAST = select(func.coalesce(func.max(article.c.id), 0))
_IN_PLAN = rule_state.c.left_at.is_(None)
_STALE = select(rule_state).where(_IN_PLAN, rule_state.c.matched_at.is_(None))
_ANY = select(rule_state.c.id).where(_IN_PLAN, rule_state.c.matched_at.is_(None)).limit(1)
_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_ADVANCE = update(rule_state).where(rule_state.c.id.in_(_IDS)).values(matched_to=bindparam("to"))
_COMPLETE = (
    update(rule_state)
    .where(rule_state.c.id.in_(_IDS), _IN_PLAN, rule_state.c.lagged_to <= rule_state.c.matched_to)
    .values(matched_at=bindparam("at"), away_since=None)
)
_LATEST_PLAN = select(plan.c.version).order_by(plan.c.id.desc()).limit(1)
_LAG = (
    update(rule_state)
    .where(_IN_PLAN)
    .values(
        lagged_to=case(
            (rule_state.c.lagged_to > bindparam("lagging", type_=BigInteger), rule_state.c.lagged_to),
            else_=bindparam("lagging", type_=BigInteger),
        ),
        matched_to=case(
            (rule_state.c.matched_at.is_(None), rule_state.c.matched_to),
            else_=bindparam("lagging", type_=BigInteger) - 1,
        ),
        matched_at=None,
    )
)
_BACK = (
    update(rule_state)
    .where(rule_state.c.id == bindparam("row_id"))
    .values(left_at=None, matched_at=None, silent_to=bindparam("silent"), away_since=bindparam("away"))
)
_LEAVE = (
    update(rule_state)
    .where(rule_state.c.id == bindparam("row_id"))
    .values(left_at=bindparam("at"), matched_at=None, matched_to=bindparam("held"))
)
_CLAMP = (
    update(rule_state).where(rule_state.c.matched_to > bindparam("last")).values(matched_to=bindparam("last")),
    update(rule_state).where(rule_state.c.silent_to > bindparam("last")).values(silent_to=bindparam("last")),
    update(rule_state).where(rule_state.c.lagged_to > bindparam("last")).values(lagged_to=bindparam("last")),
)
_FORGET = delete(rule_state).where(rule_state.c.left_at < bindparam("before", type_=UtcDateTime()))
_PER_STATEMENT = 500  # SQLite takes 999 variables on old builds (sqlite.org/limits.html)


@dataclass(frozen=True, slots=True)
class StaleRule:
    """A rule of the plan that was not yet held against every stored article.

    It was held up to the article numbered `matched_to`; of those up to `silent_to` nobody is told. `away_since`: since
    then it had been away, so that it does not know which of them further sources have brought.
    """

    row_id: int
    rule_id: str
    matched_to: int
    silent_to: int
    away_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class StaleRules:
    """What a walk has to do: its rules, in the order of the plan, and the number of the last article for it."""

    rules: tuple[StaleRule, ...]
    horizon: int


class RuleStore:
    """How far the rules were held against the stored articles."""

    def __init__(self, db: Database) -> None:
        """Use `db`."""
        self._db = db

    async def any_stale(self) -> bool:
        """Return whether a rule of the plan was not yet held against every stored article."""
        return await self._db.read(lambda connection: connection.execute(_ANY).first() is not None)

    async def stale_rules(self, plan: Plan) -> StaleRules:
        """Return which rules of `plan`, as it defines them, have articles before them, and up to which.

        What is asked for here waits its turn behind every article that was handed to this Database before. Who asks
        with the plan in force thus has all articles below the horizon that were matched with an older one.
        """
        return await self._db.write(lambda connection: _stale(connection, plan))

    async def advance(self, rules: Sequence[StaleRule], article_id: int) -> None:
        """Remember that these rules were held against all articles up to that number."""
        await self._db.write(lambda connection: _set(connection, rules, _ADVANCE, {"to": article_id}))

    async def complete(self, rules: Sequence[StaleRule], now: datetime) -> None:
        """Remember that these rules were held against all articles; those that left the plan meanwhile stay as they are."""
        await self._db.write(lambda connection: _set(connection, rules, _COMPLETE, {"at": now}))


def keep_rules(connection: Connection, wanted: Plan, now: datetime) -> None:
    """Note which rules are new, came back or left with this plan, as SourceStore.sync_plan puts it in force."""
    connection.execute(_FORGET, {"before": now - KEPT})
    rows = connection.execute(select(rule_state)).all()
    known = {(row.rule_id, row.definition): row for row in rows}
    here = dict.fromkeys((rule.id, rule_fingerprint(rule, wanted)) for rule in wanted.rules)
    last = connection.execute(_LAST).scalar_one()
    new = [
        {"rule_id": rule_id, "definition": definition, "matched_to": 0, "silent_to": last}
        for rule_id, definition in here
        if (rule_id, definition) not in known
    ]
    back = [_returned(known[key], last, now) for key in here if key in known and known[key].left_at is not None]
    left = [
        {"row_id": row.id, "at": now, "held": row.matched_to if row.matched_at is None else last}
        for key, row in known.items()
        if key not in here and row.left_at is None
    ]
    for statement, changes in ((insert(rule_state), new), (_BACK, back), (_LEAVE, left)):
        if changes:
            connection.execute(statement, changes)


def mark_lag(connection: Connection, article_id: int, version: str) -> None:
    """Have the rules held against an article by a rematch too, unless it was held against the latest plan.

    Of several processes on one database each reads its files for itself: between the first that has a new plan and the
    last, articles are matched with the old one.
    """
    latest = connection.execute(_LATEST_PLAN).scalar()
    if latest is not None and latest != version:
        connection.execute(_LAG, {"lagging": article_id})


def clamp_positions(connection: Connection) -> None:
    """Bring positions back to the last article, after articles were dropped: SQLite gives their numbers out again."""
    last = connection.execute(_LAST).scalar_one()
    for statement in _CLAMP:
        connection.execute(statement, {"last": last})


def _returned(row: Row[Any], last: int, now: datetime) -> dict[str, Any]:
    """Return the change of a rule that came back with the same definition."""
    told = now - row.left_at <= GAP_TOLD
    away = min(row.left_at, row.away_since or row.left_at) if row.matched_at is None else row.left_at
    return {"row_id": row.id, "silent": row.silent_to if told else last, "away": away if told else None}


def _stale(connection: Connection, plan: Plan) -> StaleRules:
    """Pick the rows that say what `plan` says: another one may be on its way into force."""
    rows: Mapping[tuple[str, str], Row[Any]] = {
        (row.rule_id, row.definition): row for row in connection.execute(_STALE)
    }
    found = (rows.get((rule.id, rule_fingerprint(rule, plan))) for rule in plan.rules) if rows else ()
    rules = tuple(
        StaleRule(row.id, row.rule_id, row.matched_to, row.silent_to, row.away_since)
        for row in found
        if row is not None
    )
    return StaleRules(rules, connection.execute(_LAST).scalar_one())


def _set(connection: Connection, rules: Sequence[StaleRule], statement: Any, values: Mapping[str, Any]) -> None:  # noqa: ANN401 - an UPDATE by ids
    ids = [rule.row_id for rule in rules]
    for start in range(0, len(ids), _PER_STATEMENT):
        connection.execute(statement, {**values, "ids": ids[start : start + _PER_STATEMENT]})
