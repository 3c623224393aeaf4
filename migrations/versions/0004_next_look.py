"""When a source's lists are due, apart from when one of its articles is to be tried again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; NULL means that the lists are due."""
    op.add_column("source_state", sa.Column("next_look_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("source_state", "next_look_at")
