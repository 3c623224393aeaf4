"""v_latency: how long each hit was on its way to each channel, station by station."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_VIEW = """
CREATE VIEW v_latency AS
SELECT n.hit_id, n.channel_id, n.delivery_id, h.rule_id, h.source_id, h.article_id, a.published_at,
       a.first_seen_at AS seen_at, n.created_at AS matched_at, d.created_at AS made_at, d.done_at AS sent_at,
       {spans}
FROM notification AS n
JOIN delivery AS d ON d.id = n.delivery_id
JOIN hit AS h ON h.id = n.hit_id
JOIN article AS a ON a.id = h.article_id
"""
_STATIONS = {
    "published": "a.published_at",
    "seen": "a.first_seen_at",
    "matched": "n.created_at",
    "made": "d.created_at",
    "sent": "d.done_at",
}
_SPANS = (
    ("published", "seen"),
    ("seen", "matched"),
    ("matched", "made"),
    ("made", "sent"),
    ("seen", "sent"),
)
# SQLite keeps moments as 2026-11-05T02:32:16.000000Z and its own date functions round: microseconds are counted as a number.
_MICROSECONDS = "(strftime('%s', substr({0}, 1, 19)) * 1000000 + substr({0}, 21, 6))"
_BETWEEN = {
    "sqlite": f"({_MICROSECONDS.format('{1}')} - {_MICROSECONDS.format('{0}')}) / 1000",
    "postgresql": "floor(extract(epoch FROM {1} - {0}) * 1000)::bigint",
}


def upgrade() -> None:
    """Make the view; both databases count whole milliseconds alike."""
    between = _BETWEEN[op.get_bind().dialect.name]
    spans = []
    for first, last in _SPANS:
        since, until = _STATIONS[first], _STATIONS[last]
        spans.append(f"CASE WHEN {until} >= {since} THEN {between.format(since, until)} END AS {first}_to_{last}_ms")
    op.execute(_VIEW.format(spans=",\n       ".join(spans)))


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP VIEW v_latency")
