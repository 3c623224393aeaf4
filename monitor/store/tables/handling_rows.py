"""What was said last of hits and stories, as both halves of the store ask for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Row, bindparam, func, select

from monitor.model.handling import Handling, HandlingState
from monitor.store.tables.schema import handling

_PIECE: Final = 500  # subjects in one question
_HITS: BindParameter[list[int]] = bindparam("hits", expanding=True)
_STORIES: BindParameter[list[str]] = bindparam("stories", expanding=True)
_LAST_OF_HITS = (
    select(func.max(handling.c.id)).where(handling.c.hit_id.in_(_HITS)).group_by(handling.c.hit_id).scalar_subquery()
)
_LAST_OF_STORIES = (
    select(func.max(handling.c.id))
    .where(handling.c.story_id.in_(_STORIES))
    .group_by(handling.c.story_id)
    .scalar_subquery()
)
_OF_HITS = select(handling).where(handling.c.id.in_(_LAST_OF_HITS))
_OF_STORIES = select(handling).where(handling.c.id.in_(_LAST_OF_STORIES))


def handlings_of_hits(connection: Connection, hits: Mapping[int, str]) -> dict[int, Handling]:
    """Return what was said last of hits, each given with its story: of itself or of that one. Hits without a word are left out."""
    of_stories = _latest(connection, _OF_STORIES, "stories", set(hits.values()))
    of_hits = _latest(connection, _OF_HITS, "hits", hits)
    found: dict[int, Handling] = {}
    for one, story_id in hits.items():
        said = [row for row in (of_hits.get(one), of_stories.get(story_id)) if row is not None]
        if said:
            found[one] = handling_of(max(said, key=lambda row: int(row.id)))
    return found


def handlings_of_stories(connection: Connection, stories: Collection[str]) -> dict[str, Handling]:
    """Return what was said last of stories of those ids, each by itself. Those without a word are left out."""
    found = _latest(connection, _OF_STORIES, "stories", stories)
    return {one: handling_of(row) for one, row in found.items()}


def handling_of(row: Row[Any]) -> Handling:
    """Return the value of a row of `handling`."""
    state, of_story = HandlingState(row.state), row.story_id is not None
    return Handling(state, row.owner, row.note, row.author, row.at, of_story)


def _latest(connection: Connection, question: Any, name: str, subjects: Collection[Any]) -> dict[Any, Row[Any]]:  # noqa: ANN401 - a statement
    wanted = list(subjects)
    found: dict[Any, Row[Any]] = {}
    for start in range(0, len(wanted), _PIECE):
        for row in connection.execute(question, {name: wanted[start : start + _PIECE]}):
            found[row.hit_id if row.story_id is None else row.story_id] = row
    return found
