"""Stories in the store: who joins which, and how large one is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import Connection, bindparam, func, insert, select

from monitor.model.article import Article
from monitor.model.story import Story
from monitor.store.rows import clean
from monitor.store.schema import article, story

LATEST = (
    select(story.c.id)
    .where(
        story.c.fingerprint == bindparam("fingerprint"),
        story.c.first_seen_at.between(bindparam("earliest"), bindparam("latest")),
    )
    .order_by(story.c.first_seen_at.desc(), story.c.id.desc())
    .limit(1)
)
"""The latest story with a fingerprint; its parameters are the answer of `reach`."""

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


def reach(member: Article, fingerprint: str, window: timedelta) -> dict[str, object]:
    """Answer what LATEST asks for: the story must have begun within `window` of the article.

    NULL equals nothing: an article without a fingerprint is a story of its own.
    """
    seen = member.first_seen_at
    return {"fingerprint": fingerprint or None, "earliest": seen - window, "latest": seen + window}


def found_story(connection: Connection, member: Article, fingerprint: str, new_id: Callable[[], str]) -> str:
    """Begin a story with its first article; answer its id."""
    founded = new_id()
    values = {"fingerprint": fingerprint, "title": clean(member.title), "first_seen_at": member.first_seen_at}
    connection.execute(_FOUND, {"id": founded, **values})
    return founded


def story_of(connection: Connection, story_id: str) -> Story:
    """Answer a story with its present size."""
    row = connection.execute(_READ, {"story_id": story_id}).one()
    return Story(row.id, row.title, row.articles, row.outlets, row.first_seen_at)
