"""/api/v1/hits/stream: hits as they come, as server-sent events (WHATWG HTML, 9.2).

An event's id is the hit's number: who was cut off names the last one (`Last-Event-ID`) and misses nothing, for all is read from
the database. A heartbeat carries the number up to which nothing more fits the filters, so that coming back is cheap.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import StreamingResponse
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from monitor.model.access import Scope
from monitor.model.errors import StoreError
from monitor.model.records import HitRecord
from monitor.present.inert import inert_json
from monitor.present.shapes import hit_object
from monitor.service.desk import Desk
from monitor.service.hit_ticker import HitTicker
from monitor.web.api.admission import admit
from monitor.web.filters import AskedFor, HitFilters, hits_asked_for
from monitor.web.permission import known
from monitor.web.problems import ProblemError

router = APIRouter()

HEARTBEAT: Final = 15.0
"""Seconds after which something is sent although nothing came (proxies cut what is silent), and who listens is asked for again."""
AGAIN: Final = 2_000
"""Milliseconds after which a browser that was cut off comes back."""
PIECE: Final = 100
_MOST_ID: Final = 2**63 - 1


class StreamFilters(HitFilters):
    """Filters of the stream, and where it begins."""

    after: int | None = Field(
        None,
        ge=0,
        le=_MOST_ID,
        description="begin behind the hit of this number; without it, with what comes from now on",
    )


class EventStream(StreamingResponse):
    """Events without an end, that leave the ticker when whoever listened is gone."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[str], ticker: HitTicker) -> None:
        """Send `events`; one who listens to `ticker` is counted until they end."""
        super().__init__(events, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._ticker = ticker

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Send until either side ends it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ticker.leave()


@router.get(
    "/api/v1/hits/stream",
    dependencies=[admit(Scope.READ)],
    summary="Hits as they come",
    status_code=HTTPStatus.OK,
    response_class=EventStream,
    responses={200: {"content": {"text/event-stream": {"example": 'id: 17\nevent: hit\ndata: {"id": 17}\n\n'}}}},
)
async def stream(request: Request, filters: Annotated[StreamFilters, Query()]) -> EventStream:
    """Send each hit that fits the filters as an event `hit`, in the order of storing, from `after` or `Last-Event-ID` on."""
    desk: Desk = request.app.state.desk
    asked = await hits_asked_for(request, filters, limit=PIECE)
    begin, newest = _begin(request, filters), await desk.queries.last_hit()
    last = (
        newest if begin is None else min(begin, newest)
    )  # of a database that was restored the number may be beyond it
    if not desk.ticker.join():
        raise ProblemError(
            HTTPStatus.SERVICE_UNAVAILABLE, "too many listen at the same time", headers={"Retry-After": "30"}
        )
    return EventStream(_events(request, desk, asked, last), desk.ticker)


def _begin(request: Request, filters: StreamFilters) -> int | None:
    """Return behind which hit the stream begins; None for the newest. Raises ProblemError for a number that is none."""
    given = request.headers.get("last-event-id", "").strip()
    if not given:
        return filters.after
    if not (given.isascii() and given.isdigit()) or int(given[:20]) > _MOST_ID or len(given) > 19:  # noqa: PLR2004 - digits of it
        raise ProblemError(HTTPStatus.BAD_REQUEST, "Last-Event-ID: not the number of a hit")
    return int(given)


async def _events(request: Request, desk: Desk, asked: AskedFor, last: int) -> AsyncIterator[str]:
    yield f"retry: {AGAIN}\n\n"
    newest, admitted = last, time.monotonic()
    while not desk.ticker.closed:
        if time.monotonic() - admitted >= HEARTBEAT:
            if await known(request) is None:
                return  # the token was revoked, the session is over
            admitted = time.monotonic()
        try:
            page = await desk.queries.hits_since(asked.query, last, tag=asked.tag, severity=asked.severity)
        except StoreError:
            return  # it comes back by itself, and loses nothing
        for hit in page.hits:
            yield event_text(hit)
            last = hit.id
        if page.through is not None:
            last = page.through
            yield f"id: {last}\n: {last}\n\n"  # a long way back is gone in steps, and none of them twice
            continue
        last = max(last, newest)  # what was there when it was asked for does not fit the filters
        before, newest = newest, await desk.ticker.later_than(max(last, newest), HEARTBEAT)
        if newest <= before:
            yield f"id: {last}\n: {newest}\n\n"


def event_text(hit: HitRecord) -> str:
    """Return a hit as an event; JSON has no line breaks of its own."""
    return f"id: {hit.id}\nevent: hit\ndata: {inert_json(json.dumps(hit_object(hit), ensure_ascii=False))}\n\n"
