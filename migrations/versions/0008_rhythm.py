"""How often a source publishes, as its lists have shown, and the bursts of looks after a hit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; NULL means that nothing is known yet."""
    op.add_column("source_state", sa.Column("arrivals", sa.JSON(), nullable=True))
    op.add_column("source_state", sa.Column("burst", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop them: the rhythm is learned again."""
    op.drop_column("source_state", "burst")
    op.drop_column("source_state", "arrivals")
