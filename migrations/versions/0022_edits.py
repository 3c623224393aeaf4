"""Messages that a receiver can edit are brought up to date where they stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_DUE = sa.text("refresh_due_at IS NOT NULL")
_MOMENTS = ("refresh_due_at", "refresh_after")


def upgrade() -> None:
    """Add the columns. What was sent before has no receipt, and stays as it was sent."""
    op.add_column("delivery", sa.Column("receipt", sa.Text(), nullable=False, server_default=""))
    for name in _MOMENTS:
        op.add_column("delivery", sa.Column(name, UtcDateTime(), nullable=True))
    op.add_column("delivery", sa.Column("refresh_tries", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(
        "ix_delivery_refresh_due_at", "delivery", ["refresh_due_at"], sqlite_where=_DUE, postgresql_where=_DUE
    )


def downgrade() -> None:
    """Drop them; messages stay as they were shown last."""
    op.drop_index("ix_delivery_refresh_due_at", "delivery")
    for name in ("refresh_tries", *_MOMENTS, "receipt"):
        op.drop_column("delivery", name)
