"""Whether a hit was meant, as people say, each word of it a row; v_hits says what was said last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AUTHORS = {
    "sqlite": "SELECT group_concat(value, ', ') FROM json_each(a.authors)",
    "postgresql": "SELECT string_agg(value, ', ') FROM json_array_elements_text(a.authors)",
}
_SURFACES = {
    "sqlite": (
        "SELECT group_concat(one.surface, ' | ') FROM (SELECT json_extract(j.value, '$.surface') AS surface"
        " FROM json_each(h.spans) AS j GROUP BY json_extract(j.value, '$.surface') ORDER BY min(j.id)) AS one"
    ),
    "postgresql": (
        "SELECT string_agg(one.surface, ' | ' ORDER BY one.place) FROM (SELECT j.value ->> 'surface' AS surface,"
        " min(j.place) AS place FROM json_array_elements(h.spans) WITH ORDINALITY AS j (value, place)"
        " GROUP BY j.value ->> 'surface') AS one"
    ),
}
# A message is found by its key, one at a time: a planner without statistics would rather read all of them for each hit.
_ALERTED = """
           SELECT substr(min(CASE
               WHEN n.state = 'held' THEN '2held'
               WHEN n.reason = 'baseline' THEN '6baseline'
               WHEN n.delivery_id IS NULL THEN '5suppressed:' || n.reason
               ELSE CASE (SELECT d.state FROM delivery AS d WHERE d.id = n.delivery_id)
                   WHEN 'dead' THEN '1dead'
                   WHEN 'done' THEN '4sent'
                   ELSE CASE
                       WHEN (SELECT c.disabled_at FROM channel_state AS c WHERE c.id = n.channel_id) IS NULL THEN '3pending'
                       ELSE '2held'
                   END
               END
           END), 2)
           FROM notification AS n
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
_HANDLED = (
    f",\n       coalesce(({_LAST.format(column='state')}), 'new') AS handling,"
    f"\n       coalesce(({_LAST.format(column='owner')}), '') AS owner,"
    f"\n       coalesce(({_LAST.format(column='note')}), '') AS note"
)
_HITS = """
CREATE VIEW v_hits AS
SELECT h.id, h.created_at, h.rule_id, h.rule_name, h.source_id, coalesce(s.name, h.source_id) AS source_name,
       h.article_id, a.url, a.title, ({authors}) AS author, a.published_at, a.first_seen_at, a.story_id,
       h.mentions, h.excerpt,
       coalesce(({alerted}), 'suppressed:no_channel') AS alerted{more}
FROM hit AS h
JOIN article AS a ON a.id = h.article_id
LEFT JOIN source_state AS s ON s.id = h.source_id
"""
_MORE = """,
       coalesce(({surfaces}), '') AS surfaces,
       (SELECT count(*) FROM notification AS n WHERE n.hit_id = h.id) AS channels,
       (SELECT count(*) FROM notification AS n WHERE n.hit_id = h.id AND n.delivery_id IS NOT NULL
           AND (SELECT d.state FROM delivery AS d WHERE d.id = n.delivery_id) = 'done') AS reached"""
_FEEDBACK = """,
       (SELECT nullif(f.relevance, 'none') FROM feedback AS f WHERE f.hit_id = h.id ORDER BY f.id DESC LIMIT 1) AS feedback"""


def upgrade() -> None:
    """Make the table; of what is there nobody has said anything."""
    op.create_table(
        "feedback",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("hit_id", sa.BigInteger(), nullable=False),
        sa.Column("relevance", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, server_default=""),
        sa.Column("author", sa.Text(), nullable=False, server_default=""),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.ForeignKeyConstraint(["hit_id"], ["hit.id"], name="fk_feedback_hit_id_hit"),
        sa.CheckConstraint("relevance IN ('meant', 'not_meant', 'none')", name="ck_feedback_relevance"),
    )
    op.create_index("ix_feedback_hit_id_id", "feedback", ["hit_id", "id"])
    _view(_FEEDBACK)


def downgrade() -> None:
    """Drop it: an older program knows nothing of it."""
    _view("")
    op.drop_table("feedback")


def _view(feedback: str) -> None:
    connection = op.get_bind()
    name = connection.dialect.name
    op.execute("DROP VIEW v_hits")
    more = _HANDLED + _MORE.format(surfaces=_SURFACES[name]) + feedback
    connection.exec_driver_sql(_HITS.format(authors=_AUTHORS[name], alerted=_ALERTED, more=more))
