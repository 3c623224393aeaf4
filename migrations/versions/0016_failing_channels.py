"""Channels remember how their receiver has answered since it last took a message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; a channel that fails now is known to from its next attempt on."""
    op.add_column("channel_state", sa.Column("failing_since", UtcDateTime(), nullable=True))
    op.add_column("channel_state", sa.Column("refused", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("channel_state", sa.Column("refused_from", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("channel_state", sa.Column("refused_status", sa.Integer(), nullable=True))
    op.add_column("channel_state", sa.Column("refused_since", UtcDateTime(), nullable=True))


def downgrade() -> None:
    """Drop them."""
    for name in ("refused_since", "refused_status", "refused_from", "refused", "failing_since"):
        op.drop_column("channel_state", name)
