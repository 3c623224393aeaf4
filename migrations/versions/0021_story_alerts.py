"""story_alert: what each rule has told each channel of each story; views say which notification tells a story again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# Stories that may still grow are not told anew because of the upgrade: an article joins one of at most seven days.
_TOLD_BEFORE = """
INSERT INTO story_alert (story_id, channel_id, rule_id, level, notification_id, decided_at, articles, outlets)
SELECT a.story_id, n.channel_id, h.rule_id, 'new', min(n.id), min(n.created_at), 1, 1
FROM notification AS n
JOIN hit AS h ON h.id = n.hit_id
JOIN article AS a ON a.id = h.article_id
JOIN story AS s ON s.id = a.story_id
WHERE n.state <> 'suppressed' AND s.first_seen_at > {since}
GROUP BY a.story_id, n.channel_id, h.rule_id
"""
_SINCE = {
    "sqlite": "strftime('%Y-%m-%dT%H:%M:%S', 'now', '-8 days')",
    "postgresql": "now() - interval '8 days'",
}

_AGAIN = """CASE WHEN EXISTS (SELECT 1 FROM story_alert AS b WHERE b.notification_id = n.id)
            AND NOT EXISTS (SELECT 1 FROM story_alert AS b WHERE b.notification_id = n.id AND b.level = 'new')
       THEN 'story.escalated' ELSE 'hit.created' END"""
_DELIVERIES = """
CREATE VIEW v_deliveries AS
SELECT d.id, d.channel_id, d.seq, d.state, '' AS reason, n.hit_id, h.rule_id, h.rule_name, h.source_id,
       coalesce(a.title, e.about) AS title, a.url, d.attempts, d.created_at, d.due_at, d.first_attempt_at, d.done_at,
       d.last_status, d.last_error, d.type,
       (SELECT count(*) FROM notification AS m WHERE m.delivery_id = d.id) AS notifications,
       NULL AS silence_id, NULL AS silence_author, NULL AS silence_why, NULL AS silence_ends_at
FROM delivery AS d
LEFT JOIN notification AS n ON n.id = d.id
LEFT JOIN event AS e ON e.id = n.event_id
LEFT JOIN hit AS h ON h.id = n.hit_id
LEFT JOIN article AS a ON a.id = h.article_id
UNION ALL
SELECT n.id, n.channel_id, NULL, n.state, n.reason, n.hit_id, h.rule_id, h.rule_name, h.source_id,
       coalesce(a.title, e.about), a.url, 0, n.created_at, n.not_before, NULL, NULL,
       NULL, '', coalesce(e.type, {again}), 1, s.id, s.author, s.why, s.ends_at
FROM notification AS n
LEFT JOIN event AS e ON e.id = n.event_id
LEFT JOIN hit AS h ON h.id = n.hit_id
LEFT JOIN article AS a ON a.id = h.article_id
LEFT JOIN silence AS s ON s.id = n.silence_id
WHERE n.state <> 'queued'
"""
_NOTIFICATIONS = """
CREATE VIEW v_notifications AS
SELECT n.id, coalesce(e.type, {again}) AS type, n.channel_id, n.state, n.reason, n.group_key, n.not_before,
       n.created_at, n.hit_id, h.rule_id, h.rule_name, h.source_id, coalesce(a.title, e.about) AS title, a.url,
       n.delivery_id, d.state AS delivery_state, n.silence_id{levels}
FROM notification AS n
LEFT JOIN event AS e ON e.id = n.event_id
LEFT JOIN hit AS h ON h.id = n.hit_id
LEFT JOIN article AS a ON a.id = h.article_id
LEFT JOIN delivery AS d ON d.id = n.delivery_id
"""
_LEVELS = """,
       coalesce((SELECT {joined} FROM (SELECT level FROM story_alert WHERE notification_id = n.id ORDER BY level) AS b), '') AS levels"""
_JOINED = {
    "sqlite": "group_concat(b.level, ' ')",
    "postgresql": "string_agg(b.level, ' ' ORDER BY b.level)",
}


def upgrade() -> None:
    """Make the table, note in it what was told of stories that go on, and show it in the views."""
    op.create_table(
        "story_alert",
        sa.Column("story_id", sa.Text, nullable=False),
        sa.Column("channel_id", sa.Text, nullable=False),
        sa.Column("rule_id", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("notification_id", sa.Text, nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("articles", sa.Integer, nullable=False),
        sa.Column("outlets", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("story_id", "channel_id", "rule_id", "level", name="pk_story_alert"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_story_alert_story_id_story"),
        sa.ForeignKeyConstraint(
            ["notification_id"], ["notification.id"], name="fk_story_alert_notification_id_notification"
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_story_alert_notification_id", "story_alert", ["notification_id"])
    dialect = op.get_bind().dialect.name
    op.execute(_TOLD_BEFORE.format(since=_SINCE[dialect]))
    _drop_views()
    op.execute(_DELIVERIES.format(again=_AGAIN))
    op.execute(_NOTIFICATIONS.format(again=_AGAIN, levels=_LEVELS.format(joined=_JOINED[dialect])))


def downgrade() -> None:
    """Drop it, and have the views as they were."""
    _drop_views()
    op.execute(_DELIVERIES.format(again="'hit.created'"))
    op.execute(_NOTIFICATIONS.format(again="'hit.created'", levels=""))
    op.drop_table("story_alert")


def _drop_views() -> None:
    for view in ("v_notifications", "v_deliveries"):
        op.execute(f"DROP VIEW {view}")
