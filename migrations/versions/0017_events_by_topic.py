"""What was told of a topic last is found at once, however many events there are."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_event_type_about", "event", ["type", "about"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_event_type_about", "event")
