"""The text index over articles with hits, and the views that others may rely on (described in monitor.store.views)."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_VIEWS = ("v_hits", "v_deliveries", "v_sources", "v_mentions_daily")

_HITS = """
CREATE VIEW v_hits AS
SELECT h.id, h.created_at, h.rule_id, h.rule_name, h.source_id, coalesce(s.name, h.source_id) AS source_name,
       h.article_id, a.url, a.title, ({authors}) AS author, a.published_at, a.first_seen_at, a.story_id,
       h.mentions, h.excerpt,
       coalesce((
           SELECT substr(min(CASE
               WHEN d.state = 'dead' THEN '1dead'
               WHEN d.state IN ('pending', 'leased') AND c.disabled_at IS NOT NULL THEN '2held'
               WHEN d.state IN ('pending', 'leased') THEN '3pending'
               WHEN d.state = 'done' THEN '4sent'
               WHEN d.reason = 'baseline' THEN '6baseline'
               ELSE '5suppressed:' || d.reason
           END), 2)
           FROM delivery_hit AS dh
           JOIN delivery AS d ON d.id = dh.delivery_id
           LEFT JOIN channel_state AS c ON c.id = d.channel_id
           WHERE dh.hit_id = h.id
       ), 'suppressed:no_channel') AS alerted
FROM hit AS h
JOIN article AS a ON a.id = h.article_id
LEFT JOIN source_state AS s ON s.id = h.source_id
"""
_AUTHORS = {
    "sqlite": "SELECT group_concat(value, ', ') FROM json_each(a.authors)",
    "postgresql": "SELECT string_agg(value, ', ') FROM json_array_elements_text(a.authors)",
}

_DELIVERIES = """
CREATE VIEW v_deliveries AS
SELECT d.id, d.channel_id, d.seq, d.state, d.reason, dh.hit_id, h.rule_id, h.rule_name, h.source_id, a.title, a.url,
       d.attempts, d.created_at, d.due_at, d.first_attempt_at, d.done_at, d.last_status, d.last_error
FROM delivery AS d
JOIN delivery_hit AS dh ON dh.delivery_id = d.id
JOIN hit AS h ON h.id = dh.hit_id
JOIN article AS a ON a.id = h.article_id
"""

_SOURCES = """
CREATE VIEW v_sources AS
SELECT s.id, s.name, s.kind, s.enabled, s.last_success_at, s.last_error, s.failures, s.next_poll_at, s.last_elapsed_ms,
       (SELECT count(*) FROM article AS a WHERE a.source_id = s.id) AS articles,
       (SELECT count(*) FROM hit AS h WHERE h.source_id = s.id) AS hits
FROM source_state AS s
"""

_MENTIONS = """
CREATE VIEW v_mentions_daily AS
SELECT day, rule_id, source_id, count(*) AS hits, sum(mentions) AS mentions
FROM (
    SELECT {day} AS day, h.rule_id, h.source_id, h.mentions
    FROM hit AS h JOIN article AS a ON a.id = h.article_id
) AS dated
GROUP BY day, rule_id, source_id
"""
_DAY = {
    # Korea has kept UTC+9 without summer time since 1988 (IANA tz database, Asia/Seoul).
    "sqlite": "date(coalesce(a.published_at, a.first_seen_at), '+9 hours')",
    "postgresql": "to_char(coalesce(a.published_at, a.first_seen_at) AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD')",
}

_INDEX = {
    # contentless: the text itself stays in `article` alone. remove_diacritics 0: the tokens are folded already.
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5(words, content='', tokenize='unicode61 remove_diacritics 0')",
    ),
    "postgresql": (
        "CREATE TABLE search_index (id bigint PRIMARY KEY REFERENCES article (id), words tsvector NOT NULL)",
        "CREATE INDEX ix_search_index_words ON search_index USING gin (words)",
    ),
}


def upgrade() -> None:
    """Make the index, which 0025 makes anew and fills, and the views."""
    connection = op.get_bind()
    name = connection.dialect.name
    for statement in _INDEX[name]:
        connection.exec_driver_sql(statement)
    for view in (_HITS.format(authors=_AUTHORS[name]), _DELIVERIES, _SOURCES, _MENTIONS.format(day=_DAY[name])):
        connection.exec_driver_sql(view)


def downgrade() -> None:
    """Drop the views and the index; no text is lost."""
    for view in _VIEWS:
        op.execute(f"DROP VIEW {view}")
    op.execute("DROP TABLE search_index")
