"""The health of sources: memory, alarms, what a day showed; and messages that tell of no hit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WORDS = ("seen_en", "seen_ko", "mend_en", "mend_ko")

_DELIVERIES_BEFORE = """
CREATE VIEW v_deliveries AS
SELECT d.id, d.channel_id, d.seq, d.state, d.reason, dh.hit_id, h.rule_id, h.rule_name, h.source_id, a.title, a.url,
       d.attempts, d.created_at, d.due_at, d.first_attempt_at, d.done_at, d.last_status, d.last_error
FROM delivery AS d
JOIN delivery_hit AS dh ON dh.delivery_id = d.id
JOIN hit AS h ON h.id = dh.hit_id
JOIN article AS a ON a.id = h.article_id
"""
_DELIVERIES = """
CREATE VIEW v_deliveries AS
SELECT d.id, d.channel_id, d.seq, d.state, d.reason, dh.hit_id, h.rule_id, h.rule_name, h.source_id,
       coalesce(a.title, d.about) AS title, a.url,
       d.attempts, d.created_at, d.due_at, d.first_attempt_at, d.done_at, d.last_status, d.last_error, d.type
FROM delivery AS d
LEFT JOIN delivery_hit AS dh ON dh.delivery_id = d.id
LEFT JOIN hit AS h ON h.id = dh.hit_id
LEFT JOIN article AS a ON a.id = h.article_id
"""
_ALARMS = """
CREATE VIEW v_alarms AS
SELECT id, source_id, trouble, since, raised_at, cleared_at, seen_en, seen_ko, mend_en, mend_ko FROM alarm
"""
_DAYS = "CREATE VIEW v_source_days AS SELECT source_id, day, seen, missed FROM source_day"


def upgrade() -> None:
    """Make the tables and the views."""
    op.execute("DROP VIEW v_deliveries")
    op.add_column("delivery", sa.Column("type", sa.Text(), nullable=False, server_default="hit.created"))
    op.add_column("delivery", sa.Column("about", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "source_health",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("failing_since", UtcDateTime(), nullable=True),
        sa.Column("memory", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", name="pk_source_health"),
    )
    op.create_table(
        "alarm",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("cleared_at", UtcDateTime(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False, server_default="") for name in _WORDS),
        sa.PrimaryKeyConstraint("id", name="pk_alarm"),
    )
    op.create_index("ix_alarm_source_id_cleared_at", "alarm", ["source_id", "cleared_at"])
    op.create_table(
        "source_day",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "day", name="pk_source_day"),
    )
    for view in (_DELIVERIES, _ALARMS, _DAYS):
        op.execute(view)


def downgrade() -> None:
    """Drop them, and with them the messages that tell of no hit."""
    for name in ("v_source_days", "v_alarms", "v_deliveries"):
        op.execute(f"DROP VIEW {name}")
    for name in ("source_day", "alarm", "source_health"):
        op.drop_table(name)
    op.execute("DELETE FROM attempt WHERE delivery_id IN (SELECT id FROM delivery WHERE type <> 'hit.created')")
    op.execute("DELETE FROM delivery WHERE type <> 'hit.created'")
    op.drop_column("delivery", "about")
    op.drop_column("delivery", "type")
    op.execute(_DELIVERIES_BEFORE)
