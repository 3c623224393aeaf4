"""/hits/{id}/handling, /stories/{id}/handling: what somebody makes of a hit or of a story."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.model.access import Grant, Scope
from monitor.model.errors import InvalidValueError, MonitorError, StoreError
from monitor.model.handling import LONGEST_NAME, LONGEST_NOTE, HandlingState, HandlingSubject, NewHandling
from monitor.present.shapes import handling_object
from monitor.service.clock import utc_now
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, done
from monitor.web.api.contract import answers
from monitor.web.api.models import HandlingShape
from monitor.web.problems import ProblemError

router = APIRouter(tags=["handling"])


class HandlingWish(BaseModel):
    """What is said of it. Without `owner` that stays as it is; "" means nobody in particular."""

    model_config = ConfigDict(extra="forbid")

    state: HandlingState
    owner: str | None = Field(None, max_length=LONGEST_NAME, examples=["kim"])
    note: str = Field("", max_length=LONGEST_NOTE, examples=["called the desk"])


@router.post(
    "/hits/{number}/handling",
    summary="Say what a hit comes to",
    responses=answers(HandlingShape, not_found="There is no hit of that number."),
)
async def of_hit(
    request: Request,
    number: Annotated[int, Path(ge=1, le=2**63 - 1, description="number of the hit", examples=[1201])],
    wish: HandlingWish,
    who: Annotated[Grant, admit(Scope.WRITE)],
) -> Response:
    """Say that a hit is new, kept, ignored or handled; the last word on it or its story holds."""
    return await _said(request, HandlingSubject(hit_id=number), wish, who)


@router.post(
    "/stories/{story_id}/handling",
    summary="Say what a story comes to",
    responses=answers(HandlingShape, not_found="There is no such story."),
)
async def of_story(
    request: Request,
    story_id: Annotated[str, Path(max_length=100, description="id of any act of the story")],
    wish: HandlingWish,
    who: Annotated[Grant, admit(Scope.WRITE)],
) -> Response:
    """Say the same of all acts that a story has by now, and of their hits."""
    return await _said(request, HandlingSubject(story_id=story_id), wish, who)


async def _said(request: Request, subject: HandlingSubject, wish: HandlingWish, who: Grant) -> Response:
    try:
        said = NewHandling(state=wish.state, author=who.name, at=utc_now(), owner=wish.owner, note=wish.note)
        return done(handling_object(await desk_of(request).app.triage.handle(subject, said)))
    except InvalidValueError as error:
        raise ProblemError(422, str(error)) from None
    except StoreError:
        raise
    except MonitorError as error:
        raise ProblemError(404, str(error)) from None
