"""/handling: stories are seen to, kept or set aside, one by one, many, or all of a filter at once, and taken back in one step."""

from __future__ import annotations

import re
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Final, Literal
from urllib.parse import parse_qsl

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, ValidationError

from monitor.model.access import Scope
from monitor.model.errors import InvalidValueError
from monitor.model.handling import HandlingBatch, HandlingState, HandlingSubject, NewHandling
from monitor.service.desk import Desk
from monitor.web.emptied import emptied
from monitor.web.filters import HitFilters, hits_asked_for
from monitor.web.pages.viewer import Viewer, remember, remembered, viewer
from monitor.web.problems import ProblemError
from monitor.web.redirects import back

router = APIRouter(include_in_schema=False)

MOST: Final = 1_000
"""Hits that one act speaks of."""
_PIECE: Final = 500
_GREATEST: Final = 2**63 - 1
UNDO: Final = "monitor_undo"
_NUMBER: Final = re.compile("[0-9]{1,18}")
_BATCH: Final = re.compile(r"(\d{1,18})-(\d{1,18}) (.{1,100})", re.DOTALL)


class HandlingAct(BaseModel):
    """What the form sends: `do` with the stories of the hits of that `id`, with those of that `story`, or with all that the filters of the page `all` let through."""

    do: Literal["new", "kept", "ignored", "handled", "undo"]
    id: list[Annotated[int, Field(ge=1, le=_GREATEST)]] = Field(default=[], max_length=MOST)
    story: list[Annotated[str, Field(max_length=100)]] = Field(default=[], max_length=MOST)
    all: str = Field("", max_length=4_000)
    back: str = Field("/hits", max_length=4_000)
    owner: str | None = None
    note: str | None = None


@router.post("/handling")
async def handling(
    request: Request, given: Annotated[HandlingAct, Form()], looks: Annotated[Viewer, viewer(Scope.WRITE)]
) -> Response:
    """Store what somebody says of stories, and lead back to where they were."""
    desk: Desk = request.app.state.desk
    answer = back(given.back, "/hits")
    given = given.model_copy(update=await emptied(request, "owner", "note"))
    if given.do == "undo":
        batch = last_batch(request)
        if batch is not None:
            await desk.app.triage.undo_handling(batch, looks.author, looks.now)
        answer.delete_cookie(UNDO)
        return answer
    try:
        said = NewHandling(
            state=HandlingState(given.do), author=looks.author, at=looks.now, owner=given.owner, note=given.note
        )
    except InvalidValueError as error:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
    stories = await _all(request, given.all) if given.all else await desk.queries.stories_of_hits(given.id)
    subjects = [HandlingSubject(story_id=one) for one in (*stories, *given.story) if one]
    done = await desk.app.triage.handle_all(subjects, said)
    if done.subjects:
        remember(answer, request, UNDO, f"{done.first}-{done.last} {done.author}")
    return answer


def last_batch(request: Request) -> HandlingBatch | None:
    """Return what was done last in this browser and can be taken back; None for nothing."""
    found = _BATCH.fullmatch(remembered(request, UNDO))
    return None if found is None else HandlingBatch(int(found[1]), int(found[2]), found[3])


async def _all(request: Request, address: str) -> tuple[str, ...]:
    """Return the stories of all hits that the filters in an address let through, as of when they were shown; at most of MOST hits."""
    desk: Desk = request.app.state.desk
    given = dict(parse_qsl(address.partition("#")[0].partition("?")[2]))
    try:
        filters = HitFilters(**{name: given[name] for name in HitFilters.model_fields if name in given})
    except ValidationError as error:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error.errors()[0]["msg"])) from None
    asked = await hits_asked_for(request, filters, _PIECE)
    stories: dict[str, None] = {}
    through = given.get("through", "")
    query = replace(asked.query, through=int(through)) if _NUMBER.fullmatch(through) else asked.query
    for _ in range(MOST // _PIECE):
        found = await desk.queries.hit_page(query, tag=asked.tag, severity=asked.severity)
        stories |= dict.fromkeys(one.story_id for one in found.hits if one.story_id)
        if found.next is None:
            break
        query = replace(query, after=found.next)
    return tuple(stories)
