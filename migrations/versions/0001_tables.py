"""The tables of the first program: sources, leads, articles, hits, stories and the outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    _plan()
    _sources()
    _articles()
    _hits()
    _channels()
    _deliveries()
    _links_and_attempts()


def downgrade() -> None:
    """Drop every table, children first."""
    for table in (
        "attempt",
        "delivery_hit",
        "delivery",
        "channel_state",
        "hit",
        "article",
        "story",
        "lead",
        "source_state",
        "plan",
    ):
        op.drop_table(table)


def _serial(name: str, *items: sa.ForeignKey, autoincrement: bool = True) -> sa.Column[int]:
    return sa.Column(
        name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), *items, nullable=False, autoincrement=autoincrement
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _needed(name: str, *items: sa.ForeignKey) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), *items, nullable=False)


def _plan() -> None:
    op.create_table(
        "plan",
        _serial("id"),
        _needed("version"),
        sa.Column("loaded_at", UtcDateTime(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plan"),
    )


def _sources() -> None:
    op.create_table(
        "source_state",
        _needed("id"),
        _text("name"),
        _text("kind"),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        _text("definition"),
        sa.Column("validators", sa.JSON(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_success_at", UtcDateTime()),
        _text("last_error"),
        sa.Column("next_poll_at", UtcDateTime()),
        sa.Column("lease_owner", sa.Text()),
        sa.Column("lease_until", UtcDateTime()),
        sa.Column("last_elapsed_ms", sa.Float()),
        sa.PrimaryKeyConstraint("id", name="pk_source_state"),
    )
    op.create_index("ix_source_state_next_poll_at", "source_state", ["next_poll_at"])
    op.create_table(
        "lead",
        _serial("id"),
        _needed("source_id"),
        _needed("key"),
        _needed("url"),
        _text("title"),
        _text("summary"),
        _text("author"),
        sa.Column("published_at", UtcDateTime()),
        sa.Column("first_seen_at", UtcDateTime(), nullable=False),
        _needed("state"),
        sa.Column("baseline", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=False),
        _text("last_error"),
        sa.CheckConstraint("state IN ('pending', 'done', 'ignored', 'dead')", name=op.f("ck_lead_state")),
        sa.PrimaryKeyConstraint("id", name="pk_lead"),
        sa.UniqueConstraint("source_id", "key", name="uq_lead_source_id_key"),
    )
    pending = sa.text("state = 'pending'")
    op.create_index(
        "ix_lead_waiting", "lead", ["source_id", "first_seen_at"], sqlite_where=pending, postgresql_where=pending
    )


def _articles() -> None:
    op.create_table(
        "story",
        _needed("id"),
        _needed("fingerprint"),
        _needed("title"),
        sa.Column("first_seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_story"),
    )
    op.create_index("ix_story_fingerprint_first_seen_at", "story", ["fingerprint", "first_seen_at"])
    op.create_table(
        "article",
        _serial("id"),
        _needed("key"),
        _needed("source_id"),
        _needed("url"),
        _text("canonical_url"),
        _text("title"),
        _text("subtitle"),
        _text("body"),
        sa.Column("captions", sa.JSON(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        _text("section"),
        _text("lang"),
        sa.Column("published_at", UtcDateTime()),
        sa.Column("modified_at", UtcDateTime()),
        sa.Column("first_seen_at", UtcDateTime(), nullable=False),
        sa.Column("stored_at", UtcDateTime(), nullable=False),
        sa.Column("via", sa.JSON(), nullable=False),
        _needed("story_id", sa.ForeignKey("story.id", name="fk_article_story_id_story")),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.UniqueConstraint("key", name="uq_article_key"),
    )
    op.create_index("ix_article_source_id_stored_at", "article", ["source_id", "stored_at"])
    op.create_index("ix_article_story_id", "article", ["story_id"])


def _hits() -> None:
    op.create_table(
        "hit",
        _serial("id"),
        _serial("article_id", sa.ForeignKey("article.id", name="fk_hit_article_id_article")),
        _needed("source_id"),
        _needed("rule_id"),
        _needed("rule_name"),
        _needed("plan_version"),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("mentions", sa.Integer(), nullable=False),
        _text("excerpt"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hit"),
        sa.UniqueConstraint("article_id", "rule_id", name="uq_hit_article_id_rule_id"),
    )
    op.create_index("ix_hit_created_at", "hit", ["created_at"])
    op.create_index("ix_hit_rule_id_id", "hit", ["rule_id", "id"])
    op.create_index("ix_hit_source_id_created_at", "hit", ["source_id", "created_at"])


def _channels() -> None:
    op.create_table(
        "channel_state",
        _needed("id"),
        sa.Column("next_seq", sa.BigInteger(), server_default="1", nullable=False),
        _text("definition"),
        sa.Column("disabled_at", UtcDateTime()),
        _text("reason"),
        sa.PrimaryKeyConstraint("id", name="pk_channel_state"),
    )


def _deliveries() -> None:
    op.create_table(
        "delivery",
        _needed("id"),
        _needed("channel_id"),
        sa.Column("seq", sa.BigInteger()),
        _needed("state"),
        _text("reason"),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("lease_owner", sa.Text()),
        sa.Column("lease_until", UtcDateTime()),
        sa.Column("first_attempt_at", UtcDateTime()),
        sa.Column("done_at", UtcDateTime()),
        sa.Column("last_status", sa.Integer()),
        _text("last_error"),
        sa.CheckConstraint(
            "state IN ('pending', 'leased', 'done', 'dead', 'suppressed')", name=op.f("ck_delivery_state")
        ),
        sa.CheckConstraint(
            "state = 'suppressed' OR (seq IS NOT NULL AND body IS NOT NULL)", name=op.f("ck_delivery_sendable")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("channel_id", "seq", name="uq_delivery_channel_id_seq"),
    )
    op.create_index("ix_delivery_state_id", "delivery", ["state", "id"])
    unfinished = sa.text("state IN ('pending', 'leased')")
    op.create_index(
        "ix_delivery_head", "delivery", ["channel_id", "seq"], sqlite_where=unfinished, postgresql_where=unfinished
    )


def _links_and_attempts() -> None:
    op.create_table(
        "delivery_hit",
        _serial("hit_id", sa.ForeignKey("hit.id", name="fk_delivery_hit_hit_id_hit"), autoincrement=False),
        _needed("channel_id"),
        _needed("delivery_id", sa.ForeignKey("delivery.id", name="fk_delivery_hit_delivery_id_delivery")),
        sa.PrimaryKeyConstraint("hit_id", "channel_id", name="pk_delivery_hit"),
    )
    op.create_index("ix_delivery_hit_delivery_id", "delivery_hit", ["delivery_id"])
    op.create_table(
        "attempt",
        _serial("id"),
        _needed("delivery_id", sa.ForeignKey("delivery.id", name="fk_attempt_delivery_id_delivery")),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        _needed("state"),
        sa.Column("status", sa.Integer()),
        _text("detail"),
        sa.Column("elapsed_ms", sa.Float(), nullable=False),
        sa.Column("retry_after", sa.Float()),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    op.create_index("ix_attempt_delivery_id_n", "attempt", ["delivery_id", "n"])
