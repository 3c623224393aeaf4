"""Views of mentions, articles and channels; a hit has one shape; whatever reads SQLite's files understands the days."""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

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
_OLD_ALERTED = """
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
_OLD_HANDLED = (
    f",\n       coalesce(({_LAST.format(column='state')}), 'new') AS handling,"
    f"\n       coalesce(({_LAST.format(column='owner')}), '') AS owner"
)
_HANDLED = f"{_OLD_HANDLED},\n       coalesce(({_LAST.format(column='note')}), '') AS note"
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
_MATCHES = {
    "sqlite": """
CREATE VIEW v_matches AS
SELECT h.id AS hit_id, CAST(j.key AS INTEGER) + 1 AS place, h.rule_id, h.source_id, h.article_id, h.created_at,
       json_extract(j.value, '$.term') AS term, json_extract(j.value, '$.alias') AS alias,
       json_extract(j.value, '$.surface') AS surface, json_extract(j.value, '$.field') AS field,
       json_extract(j.value, '$.start') AS start_char, json_extract(j.value, '$.end') AS end_char,
       json_extract(j.value, '$.reason') AS reason
FROM hit AS h JOIN json_each(h.spans) AS j
""",
    "postgresql": """
CREATE VIEW v_matches AS
SELECT h.id AS hit_id, j.place, h.rule_id, h.source_id, h.article_id, h.created_at,
       j.value ->> 'term' AS term, j.value ->> 'alias' AS alias, j.value ->> 'surface' AS surface,
       j.value ->> 'field' AS field, CAST(j.value ->> 'start' AS integer) AS start_char,
       CAST(j.value ->> 'end' AS integer) AS end_char, j.value ->> 'reason' AS reason
FROM hit AS h CROSS JOIN LATERAL json_array_elements(h.spans) WITH ORDINALITY AS j (value, place)
""",
}
_ARTICLES = """
CREATE VIEW v_articles AS
SELECT a.id, a.source_id, coalesce(s.name, a.source_id) AS source_name, a.url, a.title, a.subtitle,
       ({authors}) AS author, a.section, a.lang, a.published_at, a.modified_at, a.first_seen_at, a.stored_at, a.day,
       a.story_id, length(a.body) AS characters,
       (SELECT count(*) FROM hit AS h WHERE h.article_id = a.id) AS hits,
       (SELECT count(*) FROM article_revision AS r WHERE r.article_id = a.id) AS revisions
FROM article AS a
LEFT JOIN source_state AS s ON s.id = a.source_id
"""
_WAITING = "FROM delivery AS d WHERE d.channel_id = c.id AND d.state IN ('pending', 'leased')"
_CHANNELS = f"""
CREATE VIEW v_channels AS
SELECT c.id,
       CASE WHEN c.disabled_at IS NOT NULL AND c.reason IN ('not in the plan', 'switched off', 'no URL') THEN 'off'
            WHEN c.disabled_at IS NOT NULL THEN 'shut'
            WHEN c.failing_since IS NOT NULL THEN 'failing'
            ELSE 'open' END AS state,
       c.reason, c.disabled_at, c.failing_since,
       (SELECT count(*) {_WAITING}) AS waiting,
       (SELECT count(*) FROM notification AS n WHERE n.channel_id = c.id AND n.state = 'held') AS held,
       (SELECT count(*) FROM delivery AS d WHERE d.channel_id = c.id AND d.state = 'dead') AS dead,
       (SELECT d.created_at {_WAITING} ORDER BY d.seq LIMIT 1) AS oldest_at,
       (SELECT d.last_status {_WAITING} ORDER BY d.seq LIMIT 1) AS last_status,
       (SELECT d.done_at FROM delivery AS d WHERE d.channel_id = c.id AND d.state = 'done' ORDER BY d.seq DESC LIMIT 1)
           AS last_done_at
FROM channel_state AS c
"""  # noqa: S608 - parts of this file
_DAILY = """
CREATE VIEW v_mentions_daily AS
SELECT a.day, h.rule_id, h.source_id, count(*) AS hits, sum(h.mentions) AS mentions
FROM hit AS h JOIN article AS a ON a.id = h.article_id
GROUP BY a.day, h.rule_id, h.source_id
"""
_OLD_DAILY = """
CREATE VIEW v_mentions_daily AS
SELECT day, rule_id, source_id, count(*) AS hits, sum(mentions) AS mentions
FROM (
    SELECT {day} AS day, h.rule_id, h.source_id, h.mentions
    FROM hit AS h JOIN article AS a ON a.id = h.article_id
) AS dated
GROUP BY day, rule_id, source_id
"""
_OLD_DAY = {
    "sqlite": "date(coalesce(a.published_at, a.first_seen_at), '+9 hours')",
    "postgresql": "to_char(coalesce(a.published_at, a.first_seen_at) AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD')",
}
_STORIES = """
CREATE VIEW v_stories AS
SELECT s.id, s.title, s.first_seen_at,
       ({latest}) AS last_seen_at,
       (SELECT count(*) FROM article AS a WHERE a.story_id = s.id) AS articles,
       (SELECT count(DISTINCT a.source_id) FROM article AS a WHERE a.story_id = s.id) AS outlets,
       s.continues, s.related,
       coalesce((SELECT g.state FROM handling AS g
                 WHERE g.id = (SELECT max(id) FROM handling WHERE story_id = s.id)), 'new') AS handling,
       coalesce((SELECT g.owner FROM handling AS g
                 WHERE g.id = (SELECT max(id) FROM handling WHERE story_id = s.id)), '') AS owner
FROM story AS s
"""
# As a column of a row it keeps its declared type in SQLite, which max() loses.
_LATEST = "SELECT a.first_seen_at FROM article AS a WHERE a.story_id = s.id ORDER BY a.first_seen_at DESC LIMIT 1"
_OLD_LATEST = "SELECT max(a.first_seen_at) FROM article AS a WHERE a.story_id = s.id"


def upgrade() -> None:
    """Make the views; no row changes."""
    name = op.get_bind().dialect.name
    for view in ("v_hits", "v_stories", "v_mentions_daily"):
        op.execute(f"DROP VIEW {view}")
    more = _HANDLED + _MORE.format(surfaces=_SURFACES[name])
    hits = _HITS.format(authors=_AUTHORS[name], alerted=_ALERTED, more=more)
    stories, articles = _STORIES.format(latest=_LATEST), _ARTICLES.format(authors=_AUTHORS[name])
    for statement in (hits, stories, _DAILY, _MATCHES[name], articles, _CHANNELS):
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Make them as they were."""
    name = op.get_bind().dialect.name
    for view in ("v_hits", "v_stories", "v_mentions_daily", "v_matches", "v_articles", "v_channels"):
        op.execute(f"DROP VIEW {view}")
    hits = _HITS.format(authors=_AUTHORS[name], alerted=_OLD_ALERTED, more=_OLD_HANDLED)
    stories = _STORIES.format(latest=_OLD_LATEST)
    for statement in (hits, stories, _OLD_DAILY.format(day=_OLD_DAY[name])):
        op.get_bind().exec_driver_sql(statement)
