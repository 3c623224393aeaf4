"""What the likeness of articles is found by; a story is no longer known by one headline."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables; articles stored so far are joined by nobody."""
    op.create_table(
        "story_signature",
        sa.Column("article_id", _SERIAL, autoincrement=False, nullable=False),
        sa.Column("story_id", sa.Text(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_story_signature"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_story_signature_article_id_article"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_story_signature_story_id_story"),
    )
    op.create_index("ix_story_signature_story_id_article_id", "story_signature", ["story_id", "article_id"])
    op.create_table(
        "story_gram",
        sa.Column("gram", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("article_id", _SERIAL, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("gram", "article_id", name="pk_story_gram"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_story_gram_article_id", "story_gram", ["article_id"])
    op.drop_index("ix_story_fingerprint_first_seen_at", "story")
    op.drop_column("story", "fingerprint")


def downgrade() -> None:
    """Go back to one headline; the stories made since have none and take nobody in."""
    op.add_column("story", sa.Column("fingerprint", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_story_fingerprint_first_seen_at", "story", ["fingerprint", "first_seen_at"])
    op.drop_table("story_gram")
    op.drop_table("story_signature")
