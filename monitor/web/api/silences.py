"""/silences: what is kept back for a time, and by whom."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.model.access import Grant, Scope
from monitor.model.errors import InvalidValueError
from monitor.present.records import record_object
from monitor.service.clock import utc_now
from monitor.service.silencing import wanted_silence
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, done, shown
from monitor.web.api.contract import answers, seen
from monitor.web.api.models import AddedShape, EndedShape
from monitor.web.api.record_models import SilencesModel
from monitor.web.problems import ProblemError

router = APIRouter(tags=["silences"])

SilenceNumber = Annotated[int, Path(ge=1, le=2**63 - 1, description="number of the silence", examples=[3])]


class SilenceFilters(BaseModel):
    """Which silences are wanted."""

    model_config = ConfigDict(extra="forbid")

    all: bool = Field(default=False, description="those that are over as well")


class SilenceWish(BaseModel):
    """What is to be kept back: all that is named has to hold; `everything` stands alone."""

    model_config = ConfigDict(extra="forbid")

    rule: str = Field("", max_length=200, examples=["openai"])
    source: str = Field("", max_length=200, examples=["mediapen"])
    tag: str = Field("", max_length=200)
    word: str = Field("", max_length=200)
    everything: bool = False
    until: str = Field(
        max_length=200, description="when it ends: 2h (from now), 18:00, 내일, 2026-12-01T09:00", examples=["2h"]
    )
    why: str = Field(
        min_length=1,
        max_length=500,
        description="the reason, which stands beside all that it keeps back",
        examples=["earnings day: known"],
    )


@router.get("/silences", summary="Silences", responses=seen(SilencesModel), dependencies=[admit(Scope.READ)])
async def silences(request: Request, query: Annotated[SilenceFilters, Query()]) -> Response:
    """Return the silences in force, the newest first; with `all` every one that there ever was."""
    now = utc_now()
    found = [one for one in await desk_of(request).queries.silences() if query.all or one.in_force(now)]
    return shown(request, {"silences": [record_object(one) for one in found]})


@router.post(
    "/silences",
    status_code=201,
    summary="Keep hits back for a time",
    responses=answers(AddedShape, 201),
)
async def add(request: Request, wish: SilenceWish, who: Annotated[Grant, admit(Scope.WRITE)]) -> Response:
    """Keep back what meets all that is named, from now until then; it is stored and not told. Answers the number of the silence."""
    desk = desk_of(request)
    try:
        wanted = wanted_silence(await desk.queries.plan(), utc_now(), author=who.name, **wish.model_dump())
    except InvalidValueError as error:
        raise ProblemError(422, str(error)) from None
    return done({"id": await desk.app.triage.add_silence(wanted)}, 201)


@router.delete(
    "/silences/{number}",
    summary="End a silence",
    responses=answers(EndedShape, not_found="There is no silence of that number."),
    dependencies=[admit(Scope.WRITE)],
)
async def end(request: Request, number: SilenceNumber) -> Response:
    """End a silence before its time; `ended` is false where it was over already. What it has kept back stays so."""
    ended = await desk_of(request).app.triage.end_silence(number, utc_now())
    if ended is None:
        raise ProblemError(404, f"there is no silence {number}; /api/v1/silences shows which there are")
    return done({"ended": ended})
