"""Silences name a tag or a word as well and stay after their end; what one keeps back says which it was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from monitor.store.db.dialects import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_DELIVERIES = """
CREATE VIEW v_deliveries AS
SELECT d.id, d.channel_id, d.seq, d.state, '' AS reason, n.hit_id, h.rule_id, h.rule_name, h.source_id,
       coalesce(a.title, e.about) AS title, a.url, d.attempts, d.created_at, d.due_at, d.first_attempt_at, d.done_at,
       d.last_status, d.last_error, d.type,
       (SELECT count(*) FROM notification AS m WHERE m.delivery_id = d.id) AS notifications{made}
FROM delivery AS d
LEFT JOIN notification AS n ON n.id = d.id
LEFT JOIN event AS e ON e.id = n.event_id
LEFT JOIN hit AS h ON h.id = n.hit_id
LEFT JOIN article AS a ON a.id = h.article_id
UNION ALL
SELECT n.id, n.channel_id, NULL, n.state, n.reason, n.hit_id, h.rule_id, h.rule_name, h.source_id,
       coalesce(a.title, e.about), a.url, 0, n.created_at, n.not_before, NULL, NULL,
       NULL, '', coalesce(e.type, 'hit.created'), 1{kept}
FROM notification AS n
LEFT JOIN event AS e ON e.id = n.event_id
LEFT JOIN hit AS h ON h.id = n.hit_id
LEFT JOIN article AS a ON a.id = h.article_id
{joined}WHERE n.state <> 'queued'
"""
_NOTIFICATIONS = """
CREATE VIEW v_notifications AS
SELECT n.id, coalesce(e.type, 'hit.created') AS type, n.channel_id, n.state, n.reason, n.group_key, n.not_before,
       n.created_at, n.hit_id, h.rule_id, h.rule_name, h.source_id, coalesce(a.title, e.about) AS title, a.url,
       n.delivery_id, d.state AS delivery_state{silence}
FROM notification AS n
LEFT JOIN event AS e ON e.id = n.event_id
LEFT JOIN hit AS h ON h.id = n.hit_id
LEFT JOIN article AS a ON a.id = h.article_id
LEFT JOIN delivery AS d ON d.id = n.delivery_id
"""
_MADE = ",\n       NULL AS silence_id, NULL AS silence_author, NULL AS silence_why, NULL AS silence_ends_at"
_KEPT = ", s.id, s.author, s.why, s.ends_at"
_JOINED = "LEFT JOIN silence AS s ON s.id = n.silence_id\n"


def upgrade() -> None:
    """Add the columns, also to the views, at their end."""
    _drop_views()
    op.add_column("silence", sa.Column("tag", sa.Text(), nullable=False, server_default=""))
    op.add_column("silence", sa.Column("word", sa.Text(), nullable=False, server_default=""))
    op.add_column("silence", sa.Column("ended_at", UtcDateTime(), nullable=True))
    op.add_column("notification", sa.Column("silence_id", sa.BigInteger(), nullable=True))
    op.execute(_DELIVERIES.format(made=_MADE, kept=_KEPT, joined=_JOINED))
    op.execute(_NOTIFICATIONS.format(silence=", n.silence_id"))


def downgrade() -> None:
    """Drop them, with the silences that an older program would take for wider ones than they are."""
    _drop_views()
    op.execute("DELETE FROM silence WHERE tag <> '' OR word <> '' OR ended_at IS NOT NULL")
    op.drop_column("notification", "silence_id")
    for column in ("ended_at", "word", "tag"):
        op.drop_column("silence", column)
    op.execute(_DELIVERIES.format(made="", kept="", joined=""))
    op.execute(_NOTIFICATIONS.format(silence=""))


def _drop_views() -> None:
    for view in ("v_notifications", "v_deliveries"):
        op.execute(f"DROP VIEW {view}")
