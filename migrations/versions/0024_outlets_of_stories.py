"""Since when each outlet tells a large story is found without looking at its articles."""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the moment beside the outlet in the index."""
    op.create_index("ix_article_story_id_source_id_stored_at", "article", ["story_id", "source_id", "stored_at"])
    op.drop_index("ix_article_story_id_source_id", "article")


def downgrade() -> None:
    """Take it out again."""
    op.create_index("ix_article_story_id_source_id", "article", ["story_id", "source_id"])
    op.drop_index("ix_article_story_id_source_id_stored_at", "article")
