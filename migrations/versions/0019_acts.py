"""A story says which one it continues, and which one it is related to; v_stories."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TIES = ("continues", "related")
_VIEW = """
CREATE VIEW v_stories AS
SELECT s.id, s.title, s.first_seen_at,
       (SELECT max(a.first_seen_at) FROM article AS a WHERE a.story_id = s.id) AS last_seen_at,
       (SELECT count(*) FROM article AS a WHERE a.story_id = s.id) AS articles,
       (SELECT count(DISTINCT a.source_id) FROM article AS a WHERE a.story_id = s.id) AS outlets,
       s.continues, s.related
FROM story AS s
"""


def upgrade() -> None:
    """Add both; stories that are there stay untied."""
    for tie in _TIES:
        op.execute(f"ALTER TABLE story ADD COLUMN {tie} TEXT CONSTRAINT fk_story_{tie}_story REFERENCES story (id)")
        op.execute(f"CREATE INDEX ix_story_{tie} ON story ({tie}) WHERE {tie} IS NOT NULL")
    op.execute(_VIEW)


def downgrade() -> None:
    """Drop them; an act stays a story of its own."""
    op.execute("DROP VIEW v_stories")
    for tie in reversed(_TIES):
        op.execute(f"DROP INDEX ix_story_{tie}")
        op.execute(f"ALTER TABLE story DROP COLUMN {tie}")
