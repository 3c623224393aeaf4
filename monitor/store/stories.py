"""Stories in the store: who joins which, and how large one is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Connection, bindparam, func, insert, select

from monitor.model.article import Article
from monitor.model.story import Story
from monitor.store.rows import clean
from monitor.store.schema import article, story

_LATEST = (
    select(story.c.id)
    .where(
        story.c.fingerprint == bindparam("fingerprint"),
        story.c.first_seen_at.between(bindparam("earliest"), bindparam("latest")),
    )
    .order_by(story.c.first_seen_at.desc(), story.c.id.desc())
    .limit(1)
)
_FOUND = insert(story)
# Counted, never kept: a counter would drift, an index over the members cannot.
_READ = (
    select(
        story.c.id,
        story.c.title,
        story.c.first_seen_at,
        func.count(article.c.id).label("articles"),
        func.count(article.c.source_id.distinct()).label("outlets"),
    )
    .select_from(story.join(article, article.c.story_id == story.c.id))
    .where(story.c.id == bindparam("story_id"))
    .group_by(story.c.id, story.c.title, story.c.first_seen_at)
)


def join_story(
    connection: Connection, member: Article, fingerprint: str, window: timedelta, new_id: Callable[[], str]
) -> str:
    """Answer the id of the latest story with that fingerprint, begun within `window` of the article, or found one.

    An empty fingerprint always founds one.
    """
    if fingerprint:
        seen = member.first_seen_at
        known = connection.execute(
            _LATEST, {"fingerprint": fingerprint, "earliest": seen - window, "latest": seen + window}
        ).scalar()
        if known is not None:
            return str(known)
    founded = new_id()
    connection.execute(
        _FOUND,
        {
            "id": founded,
            "fingerprint": fingerprint,
            "title": clean(member.title),
            "first_seen_at": member.first_seen_at,
        },
    )
    return founded


def story_of(connection: Connection, story_id: str) -> Story:
    """Answer a story with its present size."""
    row = connection.execute(_READ, {"story_id": story_id}).one()
    return Story(row.id, row.title, row.articles, row.outlets, row.first_seen_at)
