"""Which definition of a rule was last held against every stored article."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, Table, select

from monitor.model.plan import Plan, Rule
from monitor.store.db.dialects import Inserting, per_dialect
from monitor.store.tables.schema import rule_state


def _remember(insert: Callable[[Table], Inserting]) -> Inserting:
    statement = insert(rule_state)
    new = statement.excluded
    changed = {"definition": new.definition, "matched_at": new.matched_at}
    return statement.on_conflict_do_update(index_elements=["rule_id"], set_=changed)


_REMEMBER = per_dialect(_remember)


def stale_rules(connection: Connection, wanted: Plan) -> tuple[str, ...]:
    """Return ids of the plan's rules whose present definition is not the one remembered."""
    known = {row.rule_id: row.definition for row in connection.execute(select(rule_state))}
    return tuple(rule.id for rule in wanted.rules if known.get(rule.id) != definition(rule, wanted))


def mark_matched(connection: Connection, rule: Rule, wanted: Plan, now: datetime) -> None:
    """Remember that this definition of the rule was held against all stored articles."""
    values = {"rule_id": rule.id, "definition": definition(rule, wanted), "matched_at": now}
    connection.execute(_REMEMBER[connection.dialect.name], values)


def definition(rule: Rule, wanted: Plan) -> str:
    """Digest everything that decides what a rule finds: its expression, its sources, the aliases it may name, and the analyser."""
    aliases = sorted((name, tuple(spellings)) for name, spellings in wanted.aliases.items())
    analyser = () if wanted.analyser == "none" else (wanted.analyser,)
    told = repr((rule.expression, rule.sources, aliases if "@" in rule.expression else (), *analyser))
    return hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()
