"""Articles that somebody was told of are looked at again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_FOLLOWED = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    """Add the table. What was told before is not followed."""
    op.create_table(
        "follow_up",
        sa.Column("article_id", _SERIAL, nullable=False, autoincrement=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        *(sa.Column(name, UtcDateTime(), nullable=True) for name in ("due_at", "looked_at", "gone_at")),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("validators", sa.JSON(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False, server_default=""),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("article_id", name="pk_follow_up"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_follow_up_article_id_article"),
    )
    op.create_index("ix_follow_up_source_id_started_at", "follow_up", ["source_id", "started_at"])
    op.create_index("ix_follow_up_due_at", "follow_up", ["due_at"], sqlite_where=_FOLLOWED, postgresql_where=_FOLLOWED)


def downgrade() -> None:
    """Drop it; revisions and messages stay."""
    op.drop_table("follow_up")
