"""What is known of a rule is kept by id and definition: how far it was held, what it tells of silently, when it left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STATE = sa.table(
    "rule_state",
    sa.column("rule_id"),
    sa.column("definition"),
    sa.column("matched_at", UtcDateTime()),
    sa.column("matched_to"),
    sa.column("silent_to"),
    sa.column("left_at", UtcDateTime()),
)
_ARTICLE = sa.table("article", sa.column("id"))
_PLAN = sa.table("plan", sa.column("id"), sa.column("summary", sa.JSON()))


def upgrade() -> None:
    """Number the rows, and take rules that the latest plan lacks for gone since they were matched: nobody knows better."""
    connection = op.get_bind()
    known = [(row.rule_id, row.definition, row.matched_at) for row in connection.execute(_old())]
    op.drop_table("rule_state")
    op.create_table(
        "rule_state",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("matched_to", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("silent_to", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("matched_at", UtcDateTime(), nullable=True),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_rule_state"),
        sa.UniqueConstraint("rule_id", "definition", name="uq_rule_state_rule_id_definition"),
    )
    last = connection.execute(sa.select(sa.func.max(_ARTICLE.c.id))).scalar() or 0
    summary = connection.execute(sa.select(_PLAN.c.summary).order_by(_PLAN.c.id.desc()).limit(1)).scalar() or {}
    watched = {rule["id"] for rule in summary.get("rules", ())}
    rows = [
        {
            "rule_id": rule_id,
            "definition": definition,
            "matched_at": matched_at,
            "matched_to": 0,
            "silent_to": 0 if rule_id in watched else last,
            "left_at": None if rule_id in watched else matched_at,
        }
        for rule_id, definition, matched_at in known
    ]
    if rows:
        connection.execute(sa.insert(_STATE), rows)


def downgrade() -> None:
    """Keep what the plan in force was held against to the end; every other rule is found new by the older program."""
    connection = op.get_bind()
    whole = _old().where(_STATE.c.left_at.is_(None), _STATE.c.matched_at.is_not(None))
    rows = [dict(row._mapping) for row in connection.execute(whole)]  # noqa: SLF001 - the public name of a row's mapping
    op.drop_table("rule_state")
    op.create_table(
        "rule_state",
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("matched_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("rule_id", name="pk_rule_state"),
    )
    if rows:
        connection.execute(sa.insert(_STATE), rows)


def _old() -> sa.Select[tuple[str, str, object]]:
    """Return the columns that both programs know."""
    return sa.select(_STATE.c.rule_id, _STATE.c.definition, _STATE.c.matched_at)
