"""Entries know their own ids, the article they led to and when; articles what a list said of them and what they said before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LED = """
UPDATE entry SET article_id = (SELECT a.id FROM article AS a WHERE a.key = entry.key)
WHERE state = 'done'
"""


def upgrade() -> None:
    """Add what is new; an entry of an older program led to the article of its own key."""
    op.add_column("entry", sa.Column("item_id", sa.Text(), nullable=False, server_default=""))
    op.add_column("entry", sa.Column("forms", sa.JSON(), nullable=True))
    op.add_column("entry", sa.Column("readings", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("entry", sa.Column("article_id", sa.BigInteger(), nullable=True))
    op.add_column("entry", sa.Column("done_at", UtcDateTime(), nullable=True))
    op.execute(sa.text(_LED))
    op.create_index("ix_entry_article_id", "entry", ["article_id"])
    op.add_column("article", sa.Column("listed_title", sa.Text(), nullable=False, server_default=""))
    op.add_column("article", sa.Column("listed_summary", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "article_revision",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("article_id", _SERIAL, nullable=False, autoincrement=False),
        sa.Column("replaced_at", UtcDateTime(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False, server_default="") for name in ("title", "subtitle", "body")),
        sa.Column("captions", sa.JSON(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("modified_at", UtcDateTime(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False, server_default="") for name in ("listed_title", "listed_summary")),
        sa.PrimaryKeyConstraint("id", name="pk_article_revision"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_article_revision_article_id_article"),
    )
    op.create_index("ix_article_revision_article_id", "article_revision", ["article_id"])
    op.add_column("rule_state", sa.Column("away_since", UtcDateTime(), nullable=True))
    op.add_column("rule_state", sa.Column("lagged_to", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop it; articles stay as they were written last."""
    op.drop_column("rule_state", "lagged_to")
    op.drop_column("rule_state", "away_since")
    op.drop_table("article_revision")
    op.drop_column("article", "listed_summary")
    op.drop_column("article", "listed_title")
    op.drop_index("ix_entry_article_id", "entry")
    for name in ("done_at", "article_id", "readings", "forms", "item_id"):
        op.drop_column("entry", name)
