"""/sources: how each source is doing, and when it is polled."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from monitor.model.access import Scope
from monitor.model.names import unknown_name
from monitor.present.records import record_object
from monitor.service.clock import utc_now
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, done, shown
from monitor.web.api.contract import answers, seen
from monitor.web.api.models import FetchedShape
from monitor.web.api.record_models import SourcesModel
from monitor.web.problems import ProblemError

router = APIRouter(tags=["sources"])


@router.get(
    "/sources", summary="Sources and their health", responses=seen(SourcesModel), dependencies=[admit(Scope.READ)]
)
async def sources(request: Request) -> Response:
    """Return how every source is doing: last success, failures, alarms, the next poll, and how often it is polled and why."""
    queries, now = desk_of(request).queries, utc_now()
    rhythms = {one.id: one for one in await queries.schedule(now)}
    records = await queries.measured(await queries.sources(now), now)
    schedules = {one.id: rhythms.get(one.id) for one in records}
    found = [
        {**record_object(one), "schedule": record_object(known) if (known := schedules[one.id]) else None}
        for one in records
    ]
    return shown(request, {"sources": list(found)})


@router.post(
    "/sources/{source_id}/fetch",
    status_code=202,
    summary="Poll a source now",
    responses=answers(FetchedShape, 202, not_found="There is no such source, or it is switched off."),
    dependencies=[admit(Scope.WRITE)],
)
async def fetch(
    request: Request,
    source_id: Annotated[str, Path(max_length=200, description="id of the source", examples=["mediapen"])],
) -> Response:
    """Have a source polled at once, with the manners of any poll; `asked` is false while one is under way already."""
    asked = desk_of(request).actions.poll_now(source_id)
    if asked is None:
        watched = [one.id for one in (await desk_of(request).queries.plan()).sources if one.enabled]
        raise ProblemError(HTTPStatus.NOT_FOUND, str(unknown_name("source that is watched", source_id, watched)))
    return done({"asked": asked}, HTTPStatus.ACCEPTED)
