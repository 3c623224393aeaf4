"""What every rule was last held against, so that a rematch cut short is taken up again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "rule_state",
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("matched_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("rule_id", name="pk_rule_state"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("rule_state")
