"""Stories in the store: which ones an article may join, who joined, and how large one is.

What articles are compared by lives a little longer than the window in which they may be joined (`forget`); the stories stay.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Connection,
    LargeBinary,
    Row,
    Text,
    TextualSelect,
    bindparam,
    column,
    delete,
    func,
    insert,
    literal,
    select,
    text,
)

from monitor.model.article import Article
from monitor.model.story import Act, Member, Signature, Story, StoryChoice, StoryLink
from monitor.model.story_reach import KEYS, LONGEST, MEMBERS, NEAREST, POSTINGS, SHARED, STORIES
from monitor.store.db.dialects import UtcDateTime
from monitor.store.tables.rows import storable
from monitor.store.tables.schema import article, story, story_gram, story_signature

_MOST_ACTS = 1_000  # of a chain that are walked back to its first one

# All that an article is found by is one parameter: an array, or a JSON array where there are none.
_GRAMS = {
    "sqlite": "SELECT value AS gram FROM json_each(:grams)",
    "postgresql": "SELECT unnest(CAST(:grams AS BIGINT[])) AS gram",
}


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


_MEMBERS_NEAR = {name: _near(grams) for name, grams in _GRAMS.items()}
_INDEX = {
    name: text(f"INSERT INTO story_gram (gram, article_id) SELECT gram, :article_id FROM ({grams}) AS given")  # noqa: S608 - our own words only
    for name, grams in _GRAMS.items()
}
_FOUND = insert(story)
_SIGN = insert(story_signature)
# Counted, never kept: a counter would drift, an index over the members cannot.
_READ = (
    select(
        story.c.id,
        story.c.title,
        story.c.first_seen_at,
        story.c.continues,
        story.c.related,
        func.count(article.c.id).label("articles"),
        func.count(article.c.source_id.distinct()).label("outlets"),
    )
    .select_from(story.join(article, article.c.story_id == story.c.id))
    .where(story.c.id == bindparam("story_id"))
    .group_by(story.c.id, story.c.title, story.c.first_seen_at, story.c.continues, story.c.related)
)
_LINK = select(story.c.id, story.c.title, story.c.first_seen_at).where(story.c.id == bindparam("story_id"))
_ACT = (
    select(story.c.id, story.c.title, story.c.first_seen_at, story.c.continues, literal(0).label("back"))
    .where(story.c.id == bindparam("story_id"))
    .cte("act", recursive=True)
)
_EARLIER = _ACT.union_all(
    select(story.c.id, story.c.title, story.c.first_seen_at, story.c.continues, _ACT.c.back + 1)
    .join_from(_ACT, story, story.c.id == _ACT.c.continues)
    .where(_ACT.c.back < _MOST_ACTS)
)
_CHAIN = select(_EARLIER.c.id, _EARLIER.c.title, _EARLIER.c.first_seen_at).order_by(_EARLIER.c.back)
# Old ones stand at the front; an index by time would cost more at each insertion than a walk costs in an hour, and
# PostgreSQL would take it for the questions above, where it finds the whole window.
_OLD = (
    select(story_signature.c.article_id)
    .where(story_signature.c.seen_at < bindparam("before"))
    .order_by(story_signature.c.article_id)
    .limit(bindparam("most"))
)
_ARE_OLD: BindParameter[list[int]] = bindparam("ids", expanding=True)
_FORGET = (
    delete(story_gram).where(story_gram.c.article_id.in_(_ARE_OLD)),
    delete(story_signature).where(story_signature.c.article_id.in_(_ARE_OLD)),
)


def members_near(connection: Connection, signature: Signature, seen: datetime, window: timedelta) -> list[Member]:
    """Return the members of every story that the article may belong to, seen within `window` of it."""
    times = {"earliest": seen - window, "latest": seen + window, "oldest": seen - LONGEST}
    wanted = {"grams": _grams(connection, signature), "headline": signature.headline, **times}
    return [Member(*row) for row in connection.execute(_MEMBERS_NEAR[connection.dialect.name], wanted)]


def begin_story(connection: Connection, member: Article, choice: StoryChoice, new_id: Callable[[], str]) -> str:
    """Begin a story with its first article, tied to others as `choice` says; return its id."""
    founded = new_id()
    values = {"title": storable(member.title), "first_seen_at": member.first_seen_at}
    ties = {"continues": choice.continues, "related": choice.related}
    connection.execute(_FOUND, {"id": founded, **values, **ties})
    return founded


def keep_signature(
    connection: Connection, article_id: int, story_id: str, seen: datetime, signature: Signature
) -> None:
    """Let later articles find this one; one without a key could never be found."""
    if not signature:
        return
    values = {"article_id": article_id, "story_id": story_id, "seen_at": seen, "packed": signature.packed}
    connection.execute(_SIGN, values)
    grams = _grams(connection, signature)
    connection.execute(_INDEX[connection.dialect.name], {"grams": grams, "article_id": article_id})


def _grams(connection: Connection, signature: Signature) -> list[int] | str:
    """Return the numbers that an article is found by, in the form that the database takes them."""
    grams = [*signature.keys[:KEYS], *([signature.headline] if signature.headline else [])]
    return json.dumps(grams) if connection.dialect.name == "sqlite" else grams


def story_of(connection: Connection, story_id: str) -> Story:
    """Return a story with its present size."""
    row = connection.execute(_READ, {"story_id": story_id}).one()
    return _story(connection, row)


def _story(connection: Connection, row: Row[Any]) -> Story:
    """Return a story with those that it is tied to; only where it is tied to one does that take a further query."""
    continues = related = None
    if row.continues is not None:
        chain = [StoryLink(*act) for act in connection.execute(_CHAIN, {"story_id": row.continues})]
        continues = Act(before=chain[0], first=chain[-1])
    if row.related is not None:
        related = StoryLink(*connection.execute(_LINK, {"story_id": row.related}).one())
    return Story(row.id, row.title, row.articles, row.outlets, row.first_seen_at, continues, related)


def forget(connection: Connection, before: datetime, most: int) -> int:
    """Drop what at most `most` articles seen before that moment are compared by; return how many they were."""
    ids = connection.execute(_OLD, {"before": before, "most": most}).scalars().all()
    if ids:
        for statement in _FORGET:
            connection.execute(statement, {"ids": ids})
    return len(ids)
