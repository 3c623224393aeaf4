"""/stories: how each matter spread from outlet to outlet."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.model.access import Scope
from monitor.model.paging import read_story, written
from monitor.model.story_records import StoryOrder, StoryQuery
from monitor.present.shapes import Json
from monitor.present.stories import story_record_object
from monitor.service.clock import utc_now
from monitor.service.named import Named
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, shown, stored_tag, unchanged
from monitor.web.api.contract import seen
from monitor.web.api.models import OneStoryShape, StoriesShape
from monitor.web.filters import cursor_faults, moments
from monitor.web.problems import ProblemError

router = APIRouter(tags=["stories"])

StoryId = Annotated[
    str, Path(max_length=100, description="id of any act of the story, or the end of it", examples=["7d5d4f0c"])
]


class StoryFilters(BaseModel):
    """Which stories are wanted; all must hold."""

    model_config = ConfigDict(extra="forbid")

    rule: str = Field("", max_length=200, description="id of a rule that it has hits of", examples=["openai"])
    since: str = Field("", max_length=200, description="a hit of it was stored at or after", examples=["2026-11-01"])
    until: str = Field("", max_length=200, description="a hit of it was stored before", examples=["2026-12-01"])
    order: StoryOrder = Field(StoryOrder.NEWEST, description="which one comes first")
    limit: int = Field(50, ge=1, le=500, description="stories of a page")
    cursor: str = Field("", max_length=1_000, description="`next` of the page before; the filters stay as they were")


@router.get("/stories", summary="Stories with hits", responses=seen(StoriesShape), dependencies=[admit(Scope.READ)])
async def stories(request: Request, query: Annotated[StoryFilters, Query()]) -> Response:
    """Return stories with all their acts, and with the outlets in the order in which they told it.

    In the order `newest`, `next` and the header Link lead to the next page: each story stands on one page, whatever is stored meanwhile.
    """
    now, words = utc_now(), repr(sorted(query.model_dump(exclude={"limit", "cursor"}).items()))
    since, until = await moments(request, query.since, query.until, now)
    await desk_of(request).queries.insist_on(Named(rule=query.rule))
    wanted = StoryQuery(query.rule, since, until, query.order, limit=query.limit)
    if query.cursor:
        with cursor_faults():
            after = read_story(query.cursor, words)
        wanted = replace(wanted, after=after, since=after.since, until=after.until)
    tag = await stored_tag(request)
    if known := unchanged(request, tag):
        return known
    page = await desk_of(request).queries.story_page(wanted, now)
    following = written(page.next, words) if page.next else ""
    content: dict[str, Json] = {
        "stories": [story_record_object(one) for one in page.stories],
        "next": following or None,
    }
    return shown(request, content, tag, following=following)


@router.get(
    "/stories/{story_id}",
    summary="One story",
    responses=seen(OneStoryShape, not_found="There is no such story, or several end so."),
    dependencies=[admit(Scope.READ)],
)
async def one_story(request: Request, story_id: StoryId) -> Response:
    """Return the story that an act belongs to."""
    queries = desk_of(request).queries
    wanted, now = StoryQuery(), utc_now()
    found = await queries.story(story_id, wanted, now)
    if found is None and len(ids := await queries.story_ids(story_id.lower())) == 1:
        found = await queries.story(ids[0], wanted, now)
    if found is None:
        raise ProblemError(404, f"no story, or more than one, is called {story_id!r}; /api/v1/stories shows their ids")
    return shown(request, {"story": story_record_object(found)})
