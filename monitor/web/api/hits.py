"""/hits: what was found, page by page, one with its history, and how many came when."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field

from monitor.model.access import Scope
from monitor.model.paging import written
from monitor.model.records import HitQuery, TimelineUnit
from monitor.present.shapes import Json, hit_object
from monitor.present.timelines import point_object
from monitor.present.versions import version_object, version_records
from monitor.service.clock import utc_now
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, shown, stored_tag, unchanged
from monitor.web.api.contract import seen
from monitor.web.api.models import HitsShape, OneHitShape, TimelineShape
from monitor.web.filters import AskedFor, HitFilters, hits_asked_for
from monitor.web.problems import ProblemError

router = APIRouter(tags=["hits"])

MOST_COUNTED: Final = 10_000
GREATEST: Final = 2**63 - 1
Number = Annotated[int, Path(ge=1, le=GREATEST, description="number of the hit", examples=[1201])]


class HitListQuery(HitFilters):
    """Filters of a page of hits."""

    limit: int = Field(50, ge=1, le=500, description="hits of a page")
    cursor: str = Field("", max_length=1_000, description="`next` of the page before; the filters stay as they were")
    count: bool = Field(default=False, description=f"say how many there are, up to {MOST_COUNTED}")


class TimelineQuery(HitFilters):
    """Filters of hits that are counted."""

    by: TimelineUnit = Field("day", description="pieces of time that are counted in")


@router.get("/hits", summary="Hits, page by page", responses=seen(HitsShape), dependencies=[admit(Scope.READ)])
async def hits(request: Request, query: Annotated[HitListQuery, Query()]) -> Response:
    """Return stored hits, of the newest articles first; all filters must hold.

    `next` and the header Link lead to the next page: each hit stands on one page, whatever is stored meanwhile.
    """
    asked = await _asked(request, query, query.limit, query.cursor)
    tag = await stored_tag(request)
    if known := unchanged(request, tag):
        return known
    queries = desk_of(request).queries
    page = await queries.hit_page(asked.query, tag=asked.tag, severity=asked.severity)
    following = written(page.next, asked.words) if page.next else ""
    content: dict[str, Json] = {"hits": [hit_object(one) for one in page.hits], "next": following or None}
    if query.count:
        found = await queries.count_hits(asked.query, MOST_COUNTED + 1, tag=asked.tag, severity=asked.severity)
        content["count"] = f"{MOST_COUNTED}+" if found > MOST_COUNTED else str(found)
    return shown(request, content, tag, following=following)


@router.get(
    "/hits/timeline", summary="Hits by day or hour", responses=seen(TimelineShape), dependencies=[admit(Scope.READ)]
)
async def timeline(request: Request, query: Annotated[TimelineQuery, Query()]) -> Response:
    """Return how many hits of each rule came in each day or hour of the configured zone, oldest first."""
    asked = await _asked(request, query)
    tag = await stored_tag(request)
    if known := unchanged(request, tag):
        return known
    queries = desk_of(request).queries
    points = await queries.timeline(asked.query, query.by, utc_now(), tag=asked.tag, severity=asked.severity)
    return shown(request, {"timeline": [point_object(one, query.by) for one in points]}, tag)


@router.get(
    "/hits/{number}",
    summary="One hit",
    responses=seen(OneHitShape, not_found="There is no hit of that number."),
    dependencies=[admit(Scope.READ)],
)
async def one_hit(request: Request, number: Number) -> Response:
    """Return a hit, and what its article has said, version by version."""
    queries = desk_of(request).queries
    found = await queries.hits(HitQuery(id=number))
    if not found:
        raise ProblemError(404, f"there is no hit {number}; /api/v1/hits shows which there are")
    history = await queries.history(number)
    versions = version_records(history) if history else ()
    content: dict[str, Json] = {"hit": hit_object(found[0]), "versions": [version_object(one) for one in versions]}
    return shown(request, content)


async def _asked(request: Request, query: HitFilters, limit: int = 50, cursor: str = "") -> AskedFor:
    """Return which hits are asked for; the cursor holds for the filters, not for how long a page is."""
    filters = HitFilters(**query.model_dump(include=set(HitFilters.model_fields)))
    return await hits_asked_for(request, filters, limit, cursor)
