"""What the plan says of each source, beside its state: how much it weighs, and how much of its articles may be kept and shown."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add all; until the plan has been read every source is as it was."""
    op.add_column("source_state", sa.Column("tier", sa.Integer(), nullable=False, server_default="2"))
    op.add_column("article", sa.Column("text_mark", sa.Text(), nullable=False, server_default=""))
    op.add_column("source_state", sa.Column("rights", sa.Text(), nullable=False, server_default="full"))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("article", "text_mark")
    op.drop_column("source_state", "rights")
    op.drop_column("source_state", "tier")
