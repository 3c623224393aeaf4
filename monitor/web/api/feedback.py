"""/hits/{id}/feedback, /hits/{id}/suggestions: whether a hit was what its rule means, and what that could refuse."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.model.access import Grant, Scope
from monitor.model.errors import ConfigError, InvalidValueError, MonitorError, StoreError
from monitor.model.feedback import NewFeedback, Relevance
from monitor.model.handling import LONGEST_NOTE
from monitor.present.shapes import feedback_object
from monitor.present.suggestions import suggestions_object
from monitor.service.clock import utc_now
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, done, shown, stored_tag, unchanged
from monitor.web.api.contract import answers, seen
from monitor.web.api.models import FeedbackShape, SuggestionsShape
from monitor.web.problems import ProblemError

router = APIRouter(tags=["feedback"])


class FeedbackWish(BaseModel):
    """What is said of a hit: it was meant, it was not, or `none` to take back what was said."""

    model_config = ConfigDict(extra="forbid")

    feedback: Relevance = Field(examples=["not_meant"])
    note: str = Field("", max_length=LONGEST_NOTE, examples=["the football club"])


@router.post(
    "/hits/{number}/feedback",
    summary="Say whether a hit was meant",
    responses=answers(FeedbackShape, not_found="There is no hit of that number."),
)
async def add(
    request: Request,
    number: Annotated[int, Path(ge=1, le=2**63 - 1, description="number of the hit", examples=[1201])],
    wish: FeedbackWish,
    who: Annotated[Grant, admit(Scope.WRITE)],
) -> Response:
    """Say that a hit was what its rule means, or was not; the last word holds, and every word stays."""
    try:
        said = NewFeedback(relevance=wish.feedback, author=who.name, at=utc_now(), note=wish.note)
        return done(feedback_object(await desk_of(request).app.triage.add_feedback(number, said)))
    except InvalidValueError as error:
        raise ProblemError(422, str(error)) from None
    except StoreError:
        raise
    except MonitorError as error:
        raise ProblemError(404, str(error)) from None


@router.get(
    "/hits/{number}/suggestions",
    summary="What the rule of a hit could refuse",
    responses=seen(
        SuggestionsShape,
        not_found="There is no hit of that number, or its rule is gone.",
        conflict="The configuration files are wrong: monitor check.",
    ),
    dependencies=[admit(Scope.READ)],
)
async def suggestions(
    request: Request,
    number: Annotated[int, Path(ge=1, le=2**63 - 1, description="number of the hit", examples=[1201])],
) -> Response:
    """Return exceptions that refuse this hit, each with what it would take from the hits of 30 days; one is done at a time."""
    tag = await stored_tag(request)
    if known := unchanged(request, tag):
        return known
    try:
        found = await desk_of(request).actions.suggest(number, utc_now())
    except ConfigError as error:
        raise ProblemError(409, str(error)) from None
    except StoreError:
        raise
    except MonitorError as error:
        raise ProblemError(404, str(error)) from None
    if found is None:
        raise ProblemError(429, "suggestions or a backtest are under way; ask again", headers={"Retry-After": "5"})
    return shown(request, suggestions_object(found), tag)
