"""/sources: how each source is doing, and when it is polled."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor.model.access import Scope
from monitor.present.records import record_object
from monitor.service.clock import utc_now
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, shown
from monitor.web.api.contract import seen
from monitor.web.api.record_models import SourcesModel

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
