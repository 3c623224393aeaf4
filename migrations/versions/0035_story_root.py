"""Every act of a story knows the first one, so that a story is found by one question."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_STARTS = "UPDATE story SET root_id = id WHERE continues IS NULL"
_NEXT_ACTS = """
UPDATE story SET root_id = (SELECT b.root_id FROM story AS b WHERE b.id = story.continues)
WHERE root_id = '' AND EXISTS (SELECT 1 FROM story AS b WHERE b.id = story.continues AND b.root_id <> '')
"""
_OTHERS = "UPDATE story SET root_id = id WHERE root_id = ''"


def upgrade() -> None:
    """Add the column, fill it act by act, and index it."""
    op.add_column("story", sa.Column("root_id", sa.Text, nullable=False, server_default=""))
    op.execute(_STARTS)
    while op.get_bind().execute(sa.text(_NEXT_ACTS)).rowcount:
        pass
    op.execute(_OTHERS)
    op.create_index("ix_story_root_id", "story", ["root_id"])


def downgrade() -> None:
    """Drop the column."""
    op.drop_index("ix_story_root_id", "story")
    op.drop_column("story", "root_id")
