"""Which stories may an article belong to? The one question, for the half that stores it and for the one that tells ahead."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Connection, LargeBinary, Text, TextualSelect, bindparam, column, text

from monitor.model.story import Member, Signature
from monitor.model.story_reach import KEYS, LONGEST, MEMBERS, NEAREST, POSTINGS, SHARED, STORIES
from monitor.store.db.dialects import UtcDateTime

GRAMS = {
    "sqlite": "SELECT value AS gram FROM json_each(:grams)",
    "postgresql": "SELECT unnest(CAST(:grams AS BIGINT[])) AS gram",
}
"""All that an article is found by is one parameter: an array, or a JSON array where there are none."""


def _near(grams: str) -> TextualSelect:
    """Return the question for the members of the stories that an article may belong to."""
    question = text(f"""
WITH sought AS (SELECT gram, CASE WHEN gram = :headline THEN {SHARED} ELSE 1 END AS worth FROM ({grams}) AS given),
posting AS (
    SELECT g.article_id, sought.worth
    FROM sought CROSS JOIN story_gram AS g
    WHERE g.gram = sought.gram AND g.article_id >= coalesce((
        SELECT m.article_id FROM story_gram AS m WHERE m.gram = sought.gram
        ORDER BY m.article_id DESC LIMIT 1 OFFSET {POSTINGS - 1}
    ), 0)
), near AS (
    SELECT article_id, sum(worth) AS shared FROM posting GROUP BY article_id HAVING sum(worth) >= {SHARED}
    ORDER BY shared DESC, article_id DESC LIMIT {NEAREST}
), told AS (
    SELECT s.story_id
    FROM near
    JOIN story_signature AS s ON s.article_id = near.article_id
    JOIN story ON story.id = s.story_id
    WHERE s.seen_at BETWEEN :earliest AND :latest AND story.first_seen_at >= :oldest
    GROUP BY s.story_id ORDER BY max(near.shared) DESC, max(near.article_id) DESC LIMIT {STORIES}
), latest AS (
    SELECT story_id, coalesce((
        SELECT m.article_id FROM story_signature AS m WHERE m.story_id = told.story_id
        ORDER BY m.article_id DESC LIMIT 1 OFFSET {MEMBERS - 1}
    ), 0) AS since
    FROM told
)
SELECT s.story_id, s.packed, s.seen_at
FROM latest
JOIN story_signature AS s ON s.story_id = latest.story_id AND s.article_id >= latest.since
WHERE s.seen_at BETWEEN :earliest AND :latest
""")  # noqa: S608 - our own words only
    return question.bindparams(
        bindparam("headline", type_=BigInteger),
        *(bindparam(name, type_=UtcDateTime) for name in ("earliest", "latest", "oldest")),
    ).columns(column("story_id", Text), column("packed", LargeBinary), column("seen_at", UtcDateTime))


_MEMBERS_NEAR = {name: _near(grams) for name, grams in GRAMS.items()}


def members_near(connection: Connection, signature: Signature, seen: datetime, window: timedelta) -> list[Member]:
    """Return the members of every story that the article may belong to, seen within `window` of it."""
    times = {"earliest": seen - window, "latest": seen + window, "oldest": seen - LONGEST}
    wanted = {"grams": grams_of(connection, signature), "headline": signature.headline, **times}
    return [Member(*row) for row in connection.execute(_MEMBERS_NEAR[connection.dialect.name], wanted)]


def grams_of(connection: Connection, signature: Signature) -> list[int] | str:
    """Return the numbers that an article is found by, in the form that the database takes them."""
    grams = [*signature.keys[:KEYS], *([signature.headline] if signature.headline else [])]
    return json.dumps(grams) if connection.dialect.name == "sqlite" else grams
