"""count_incident and watched_hour: what rules over counts told and what is under way, and when the sources were polled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# An hour in which an article was stored was watched: without these each rule would learn for two weeks anew.
_WATCHED = {
    "sqlite": """
INSERT INTO watched_hour (hour, slots)
SELECT DISTINCT substr(stored_at, 1, 13) || ':00:00.000000Z', 4095 FROM article
WHERE stored_at > strftime('%Y-%m-%dT%H:%M:%S', 'now', '-100 days')
""",
    "postgresql": """
INSERT INTO watched_hour (hour, slots)
SELECT DISTINCT date_trunc('hour', stored_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', 4095 FROM article
WHERE stored_at > now() - interval '100 days'
""",
}


def upgrade() -> None:
    """Make both tables, and note when articles were stored."""
    op.create_table(
        "count_incident",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("rule_id", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("calm_since", UtcDateTime()),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("over_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_count_incident"),
    )
    op.create_index("ix_count_incident_rule_id", "count_incident", ["rule_id", "type", "since"])
    under_way = sa.text("over_at IS NULL")
    op.create_index(
        "ix_count_incident_under_way",
        "count_incident",
        ["rule_id", "type"],
        unique=True,
        sqlite_where=under_way,
        postgresql_where=under_way,
    )
    op.create_table(
        "watched_hour",
        sa.Column("hour", UtcDateTime(), nullable=False),
        sa.Column("slots", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("hour", name="pk_watched_hour"),
        sqlite_with_rowid=False,
    )
    op.execute(_WATCHED[op.get_bind().dialect.name])


def downgrade() -> None:
    """Drop both."""
    op.drop_table("watched_hour")
    op.drop_table("count_incident")
