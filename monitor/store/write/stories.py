"""Stories in the store: which ones an article may join, who joined, and how large one is.

What articles are compared by lives a little longer than the window in which they may be joined (`forget`); the stories stay.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Row,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
)

from monitor.model.article import Article
from monitor.model.story import Act, Signature, Story, StoryChoice, StoryLink
from monitor.store.tables.near_members import GRAMS, grams_of
from monitor.store.tables.rows import storable
from monitor.store.tables.schema import article, story, story_gram, story_signature

_INDEX = {
    name: text(f"INSERT INTO story_gram (gram, article_id) SELECT gram, :article_id FROM ({grams}) AS given")  # noqa: S608 - our own words only
    for name, grams in GRAMS.items()
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
        story.c.root_id,
        func.count(article.c.id).label("articles"),
        func.count(article.c.source_id.distinct()).label("outlets"),
    )
    .select_from(story.join(article, article.c.story_id == story.c.id))
    .where(story.c.id == bindparam("story_id"))
    .group_by(story.c.id, story.c.title, story.c.first_seen_at, story.c.continues, story.c.related, story.c.root_id)
)
_LINKS = select(story.c.id, story.c.title, story.c.first_seen_at)
_LINK = _LINKS.where(story.c.id == bindparam("story_id"))
_FIRST = _LINKS.where(story.c.root_id == bindparam("root_id")).order_by(story.c.first_seen_at, story.c.id).limit(1)
_ROOT = select(story.c.root_id).where(story.c.id == bindparam("story_id"))
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


def begin_story(connection: Connection, member: Article, choice: StoryChoice, new_id: Callable[[], str]) -> str:
    """Begin a story with its first article, tied to others as `choice` says; return its id."""
    founded = new_id()
    values = {"title": storable(member.title), "first_seen_at": member.first_seen_at}
    root_id = None
    if choice.continues is not None:
        root_id = connection.execute(_ROOT, {"story_id": choice.continues}).scalar()
    ties = {"continues": choice.continues, "related": choice.related, "root_id": root_id or founded}
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
    grams = grams_of(connection, signature)
    connection.execute(_INDEX[connection.dialect.name], {"grams": grams, "article_id": article_id})


def story_of(connection: Connection, story_id: str) -> Story:
    """Return a story with its present size."""
    row = connection.execute(_READ, {"story_id": story_id}).one()
    return _story(connection, row)


def _story(connection: Connection, row: Row[Any]) -> Story:
    """Return a story with those that it is tied to; only where it is tied to one does that take a further query."""
    continues = related = None
    if row.continues is not None:
        before = StoryLink(*connection.execute(_LINK, {"story_id": row.continues}).one())
        first = StoryLink(*connection.execute(_FIRST, {"root_id": row.root_id}).one())
        continues = Act(before, first)
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
