"""A large story is counted without looking at its articles."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the outlet beside the story in the index."""
    op.create_index("ix_article_story_id_source_id", "article", ["story_id", "source_id"])
    op.drop_index("ix_article_story_id", "article")


def downgrade() -> None:
    """Take it out again."""
    op.create_index("ix_article_story_id", "article", ["story_id"])
    op.drop_index("ix_article_story_id_source_id", "article")
