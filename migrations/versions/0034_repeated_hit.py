"""An event knows the hit that it tells of again; v_deliveries and v_notifications show that one's article and rule."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_HIT = "coalesce(n.hit_id, e.hit_id)"
_ABOUT = "alert.repeated: hit "
_NUMBER = {
    "sqlite": f"CAST(substr(about, {len(_ABOUT) + 1}) AS INTEGER)",
    "postgresql": f"CAST(split_part(substr(about, {len(_ABOUT) + 1}), ' ', 1) AS BIGINT)",
}
_AGAIN = """CASE WHEN EXISTS (SELECT 1 FROM story_alert AS b WHERE b.notification_id = n.id)
            AND NOT EXISTS (SELECT 1 FROM story_alert AS b WHERE b.notification_id = n.id AND b.level = 'new')
       THEN 'story.escalated' ELSE 'hit.created' END"""
_DELIVERIES = """
CREATE VIEW v_deliveries AS
SELECT d.id, d.channel_id, d.seq, d.state, '' AS reason, {hit} AS hit_id, h.rule_id, h.rule_name, h.source_id,
       coalesce(a.title, e.about) AS title, a.url, d.attempts, d.created_at, d.due_at, d.first_attempt_at, d.done_at,
       d.last_status, d.last_error, d.type,
       (SELECT count(*) FROM notification AS m WHERE m.delivery_id = d.id) AS notifications,
       NULL AS silence_id, NULL AS silence_author, NULL AS silence_why, NULL AS silence_ends_at
FROM delivery AS d
LEFT JOIN notification AS n ON n.id = d.id
LEFT JOIN event AS e ON e.id = n.event_id
LEFT JOIN hit AS h ON h.id = {hit}
LEFT JOIN article AS a ON a.id = h.article_id
UNION ALL
SELECT n.id, n.channel_id, NULL, n.state, n.reason, {hit}, h.rule_id, h.rule_name, h.source_id,
       coalesce(a.title, e.about), a.url, 0, n.created_at, n.not_before, NULL, NULL,
       NULL, '', coalesce(e.type, {again}), 1, s.id, s.author, s.why, s.ends_at
FROM notification AS n
LEFT JOIN event AS e ON e.id = n.event_id
LEFT JOIN hit AS h ON h.id = {hit}
LEFT JOIN article AS a ON a.id = h.article_id
LEFT JOIN silence AS s ON s.id = n.silence_id
WHERE n.state <> 'queued'
"""
_NOTIFICATIONS = """
CREATE VIEW v_notifications AS
SELECT n.id, coalesce(e.type, {again}) AS type, n.channel_id, n.state, n.reason, n.group_key, n.not_before,
       n.created_at, {hit} AS hit_id, h.rule_id, h.rule_name, h.source_id, coalesce(a.title, e.about) AS title, a.url,
       n.delivery_id, d.state AS delivery_state, n.silence_id,
       coalesce((SELECT {joined} FROM (SELECT level FROM story_alert WHERE notification_id = n.id ORDER BY level) AS b), '') AS levels
FROM notification AS n
LEFT JOIN event AS e ON e.id = n.event_id
LEFT JOIN hit AS h ON h.id = {hit}
LEFT JOIN article AS a ON a.id = h.article_id
LEFT JOIN delivery AS d ON d.id = n.delivery_id
"""
_JOINED = {
    "sqlite": "group_concat(b.level, ' ')",
    "postgresql": "string_agg(b.level, ' ' ORDER BY b.level)",
}


def upgrade() -> None:
    """Add the column, fill it for what was told again already, and have the views go by it."""
    dialect = op.get_bind().dialect.name
    _drop_views()
    op.add_column("event", sa.Column("hit_id", sa.BigInteger))
    op.execute(f"UPDATE event SET hit_id = {_NUMBER[dialect]} WHERE about LIKE '{_ABOUT}%'")  # noqa: S608 - texts of this file
    known = sa.text("hit_id IS NOT NULL")
    op.create_index("ix_event_hit_id", "event", ["hit_id"], sqlite_where=known, postgresql_where=known)
    _make_views(_HIT, dialect)


def downgrade() -> None:
    """Have the views as they were, and drop the column."""
    _drop_views()
    op.drop_index("ix_event_hit_id", "event")
    op.drop_column("event", "hit_id")
    _make_views("n.hit_id", op.get_bind().dialect.name)


def _make_views(hit: str, dialect: str) -> None:
    op.execute(_DELIVERIES.format(hit=hit, again=_AGAIN))
    op.execute(_NOTIFICATIONS.format(hit=hit, again=_AGAIN, joined=_JOINED[dialect]))


def _drop_views() -> None:
    for view in ("v_notifications", "v_deliveries"):
        op.execute(f"DROP VIEW {view}")
