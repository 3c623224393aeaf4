"""What need not be kept for ever: articles that no rule has met."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import BindParameter, Connection, bindparam, delete, exists, select

from monitor.store.tables.schema import article, hit, story, story_gram, story_signature

_PAGE = (
    select(
        article.c.id,
        article.c.story_id,
        article.c.stored_at,
        exists().where(hit.c.article_id == article.c.id).label("met"),
    )
    .where(article.c.id > bindparam("after"))
    .order_by(article.c.id)
    .limit(bindparam("most"))
)
_IDS: BindParameter[list[int]] = bindparam("ids", expanding=True)
_STORIES: BindParameter[list[str]] = bindparam("stories", expanding=True)
_DROP = (
    delete(story_gram).where(story_gram.c.article_id.in_(_IDS)),
    delete(story_signature).where(story_signature.c.article_id.in_(_IDS)),
    delete(article).where(article.c.id.in_(_IDS)),
)
_DROP_STORIES = delete(story).where(
    story.c.id.in_(_STORIES), ~exists().where(article.c.story_id == story.c.id).correlate(story)
)


class Dropped(NamedTuple):
    """One page of the walk: how many articles went, and the number of the last one that was old."""

    dropped: int
    last: int


def drop(connection: Connection, before: datetime, after: int, most: int) -> Dropped | None:
    """Look at the next `most` articles; drop those stored before that moment without a hit. None at the end.

    Articles are numbered as they are stored, so the walk ends at the first young one. A hit that a rule adds meanwhile
    waits for this transaction, or this one sees it.
    """
    rows = connection.execute(_PAGE, {"after": after, "most": most}).all()
    old = [row for row in rows if row.stored_at < before]
    if not old:
        return None
    gone = [row for row in old if not row.met]
    if gone:
        for statement in _DROP:
            connection.execute(statement, {"ids": [row.id for row in gone]})
        connection.execute(_DROP_STORIES, {"stories": list({row.story_id for row in gone})})
    return Dropped(len(gone), old[-1].id)
