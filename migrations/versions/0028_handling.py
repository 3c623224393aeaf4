"""What people have made of a hit or a story, each word of it a row; v_hits and v_stories say what was said last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0028"
down_revision = "0026"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_HITS = """
CREATE VIEW v_hits AS
SELECT h.id, h.created_at, h.rule_id, h.rule_name, h.source_id, coalesce(s.name, h.source_id) AS source_name,
       h.article_id, a.url, a.title, ({authors}) AS author, a.published_at, a.first_seen_at, a.story_id,
       h.mentions, h.excerpt,
       coalesce(({alerted}), 'suppressed:no_channel') AS alerted{handled}
FROM hit AS h
JOIN article AS a ON a.id = h.article_id
LEFT JOIN source_state AS s ON s.id = h.source_id
"""
_AUTHORS = {
    "sqlite": "SELECT group_concat(value, ', ') FROM json_each(a.authors)",
    "postgresql": "SELECT string_agg(value, ', ') FROM json_array_elements_text(a.authors)",
}
_ALERTED = """
           SELECT substr(min(CASE
               WHEN d.state = 'dead' THEN '1dead'
               WHEN n.state = 'held' THEN '2held'
               WHEN d.state IN ('pending', 'leased') AND c.disabled_at IS NOT NULL THEN '2held'
               WHEN d.state IN ('pending', 'leased') THEN '3pending'
               WHEN d.state = 'done' THEN '4sent'
               WHEN n.reason = 'baseline' THEN '6baseline'
               ELSE '5suppressed:' || n.reason
           END), 2)
           FROM notification AS n
           LEFT JOIN delivery AS d ON d.id = n.delivery_id
           LEFT JOIN channel_state AS c ON c.id = n.channel_id
           WHERE n.hit_id = h.id
"""
_LAST = """
           SELECT g.{column} FROM handling AS g WHERE g.id = (
               SELECT max(one.id) FROM (
                   SELECT max(id) AS id FROM handling WHERE hit_id = h.id
                   UNION ALL SELECT max(id) FROM handling WHERE story_id = a.story_id
               ) AS one
           )
"""
_STORIES = """
CREATE VIEW v_stories AS
SELECT s.id, s.title, s.first_seen_at,
       (SELECT max(a.first_seen_at) FROM article AS a WHERE a.story_id = s.id) AS last_seen_at,
       (SELECT count(*) FROM article AS a WHERE a.story_id = s.id) AS articles,
       (SELECT count(DISTINCT a.source_id) FROM article AS a WHERE a.story_id = s.id) AS outlets,
       s.continues, s.related{handled}
FROM story AS s
"""
_STORY_LAST = """
           SELECT g.{column} FROM handling AS g
           WHERE g.id = (SELECT max(id) FROM handling WHERE story_id = s.id)
"""


def upgrade() -> None:
    """Make the table; of what is there nobody has said anything."""
    op.create_table(
        "handling",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("hit_id", sa.BigInteger(), nullable=True),
        sa.Column("story_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False, server_default=""),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("author", sa.Text(), nullable=False, server_default=""),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handling"),
        sa.ForeignKeyConstraint(["hit_id"], ["hit.id"], name="fk_handling_hit_id_hit"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_handling_story_id_story"),
        sa.CheckConstraint("(hit_id IS NULL) <> (story_id IS NULL)", name="ck_handling_subject"),
        sa.CheckConstraint("state IN ('new', 'kept', 'ignored', 'handled')", name="ck_handling_state"),
    )
    for subject in ("hit_id", "story_id"):
        op.create_index(f"ix_handling_{subject}_id", "handling", [subject, "id"])
    _views(handled=True)


def downgrade() -> None:
    """Drop it: an older program knows nothing of it."""
    _views(handled=False)
    op.drop_table("handling")


def _views(*, handled: bool) -> None:
    for view in ("v_hits", "v_stories"):
        op.execute(f"DROP VIEW {view}")
    authors = _AUTHORS[op.get_bind().dialect.name]
    op.execute(_HITS.format(authors=authors, alerted=_ALERTED, handled=_columns(_LAST) if handled else ""))
    op.execute(_STORIES.format(handled=_columns(_STORY_LAST) if handled else ""))


def _columns(last: str) -> str:
    state, owner = last.format(column="state"), last.format(column="owner")
    return f",\n       coalesce(({state}), 'new') AS handling,\n       coalesce(({owner}), '') AS owner"
