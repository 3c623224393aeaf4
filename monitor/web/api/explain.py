"""/explain: why was something told, or not?"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.model.access import Scope
from monitor.model.errors import InvalidValueError, MonitorError, StoreError, UnknownNameError
from monitor.present.explained import explained_object
from monitor.service.clock import utc_now
from monitor.service.explain import ExplainQuery
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, shown
from monitor.web.api.contract import seen
from monitor.web.api.models import ExplainedShape
from monitor.web.problems import ProblemError

router = APIRouter(tags=["explain"])


class ExplainFilters(BaseModel):
    """What is asked about: an address in any spelling, or a hit."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(
        "", max_length=4_000, description="an address in any spelling", examples=["https://news.example/4711"]
    )
    hit: int | None = Field(None, ge=1, le=10**18 - 1, description="number of a hit", examples=[1201])
    rule: str = Field("", max_length=200, description="only this rule", examples=["openai"])


@router.get(
    "/explain",
    summary="Why something was told, or not",
    responses=seen(ExplainedShape, not_found="There is no such hit."),
    dependencies=[admit(Scope.READ)],
)
async def explain(request: Request, query: Annotated[ExplainFilters, Query()]) -> Response:
    """Return where an address was listed, how its page was read, which rules met it and why, and what became of each message.

    What is stored is asked; nothing is fetched (`monitor explain` tries an address that no list has shown).
    """
    if bool(query.url) == (query.hit is not None):
        raise ProblemError(422, "name url or hit, one of the two")
    desk, now = desk_of(request), utc_now()
    if ExplainQuery(query.url, "", now).hit_id is not None:
        raise ProblemError(422, "url: a number is no address (https://…); name it as hit")
    try:
        found = await desk.app.explaining.explain(
            query.url or str(query.hit), query.rule, now, live=False, queries=desk.queries
        )
    except (StoreError, UnknownNameError):
        raise
    except InvalidValueError as error:
        raise ProblemError(422, f"url: {error}") from None
    except MonitorError as error:
        raise ProblemError(404, str(error)) from None
    return shown(request, explained_object(found))
