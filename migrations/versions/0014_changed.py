"""Entries know when their list says that they were changed last, and all that it says of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was seen before says nothing of them."""
    op.add_column("entry", sa.Column("modified_at", UtcDateTime(), nullable=True))
    op.add_column("entry", sa.Column("content", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("entry", "content")
    op.drop_column("entry", "modified_at")
