"""/deliveries: what became of every message; /deliveries/ID: one with its attempts and its text; some are sent again."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field

from monitor.model.access import Scope
from monitor.model.delivery import DeliveryState
from monitor.model.records import DeliveryRecord
from monitor.service.desk import Desk
from monitor.web.filters import DeliveryFilters, deliveries_asked_for
from monitor.web.pages.render import page
from monitor.web.pages.viewer import Viewer, viewer
from monitor.web.problems import ProblemError

router = APIRouter(include_in_schema=False)

PAGE: Final = 50
"""Deliveries of a page, and how many are sent again at once."""
LONGEST_BODY: Final = 20_000
"""Letters of a text that are shown."""
_STATES: Final = tuple(one.value for one in DeliveryState if one is not DeliveryState.LEASED)
DeliveryIds = Annotated[list[Annotated[str, Field(pattern="^[0-9a-zA-Z-]{6,40}$")]], Field(max_length=PAGE)]
ReplayOutcome = Literal["replayed", "released", "hurried", "behind", "shut", "sending", "ambiguous", "unknown"]


class ShownDeliveries(DeliveryFilters):
    """Which deliveries a page shows: those older than `before`, the last of the page before."""

    before: str = Field("", pattern="^[0-9a-zA-Z-]{0,40}$")
    ui: str = Field("", max_length=20)


class ReplayAsked(BaseModel):
    """Which deliveries are to be sent again; once they were, what came of each."""

    id: DeliveryIds = []
    outcome: Annotated[list[ReplayOutcome], Field(max_length=PAGE)] = []
    ui: str = Field("", max_length=20)


class ReplayAct(BaseModel):
    """Which deliveries a form has sent again."""

    id: DeliveryIds = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class ReplayRow:
    """A delivery that is to be sent again, None where there is none of that id; what came of it, "" before."""

    id: str
    record: DeliveryRecord | None
    outcome: str


@router.get("/deliveries")
async def deliveries(
    request: Request, looks: Annotated[Viewer, viewer(Scope.READ)], filters: Annotated[ShownDeliveries, Query()]
) -> Response:
    """Return a page of deliveries, the newest first."""
    desk: Desk = request.app.state.desk
    query = replace(await deliveries_asked_for(request, filters), before=filters.before)
    found = await desk.queries.deliveries(filters.state.value if filters.state else "", PAGE + 1, query)
    asked = filters.model_dump(mode="json", exclude={"before", "ui"}, exclude_defaults=True)
    return await page(
        request,
        looks,
        "deliveries.html",
        rows=found[:PAGE],
        following=found[PAGE - 1].id if len(found) > PAGE else "",
        chosen={name: value for name, value in asked.items() if value},
        states=_STATES,
        choices=(
            ("channel", [(one.id, one.id) for one in looks.plan.channels]),
            ("rule", [(one.id, one.name or one.id) for one in looks.plan.all_rules]),
            ("source", [(one.id, one.name or one.id) for one in looks.plan.sources]),
        ),
    )


@router.get("/deliveries/replay")
async def before_replay(
    request: Request, looks: Annotated[Viewer, viewer(Scope.WRITE)], asked: Annotated[ReplayAsked, Query()]
) -> Response:
    """Return what would be sent again, how many and where; and afterwards, what came of it."""
    desk: Desk = request.app.state.desk
    outcomes = asked.outcome if len(asked.outcome) == len(asked.id) else [""] * len(asked.id)
    rows = []
    for one, outcome in zip(asked.id, outcomes, strict=True):
        found = await desk.queries.delivery(one)
        rows.append(ReplayRow(one, found[0] if found else None, outcome))
    known = [row.record for row in rows if row.record]
    return await page(
        request,
        looks,
        "replay.html",
        rows=rows,
        done=bool(asked.outcome),
        places=sorted(Counter(one.channel_id for one in known).items()),
        n=len(known),
    )


@router.post("/deliveries/replay")
async def replay(
    request: Request, given: Annotated[ReplayAct, Form()], _looks: Annotated[Viewer, viewer(Scope.WRITE)]
) -> Response:
    """Put deliveries back into the outbox, and lead to what came of each."""
    desk: Desk = request.app.state.desk
    ids = list(dict.fromkeys(given.id))
    outcomes = await desk.app.sending.replay(ids, queries=desk.queries)
    desk.line.forget()
    told = [("id", one) for one in ids] + [("outcome", outcome) for _, outcome in outcomes]
    return RedirectResponse(f"/deliveries/replay?{urlencode(told)}", HTTPStatus.SEE_OTHER)


@router.get("/deliveries/{delivery_id}")
async def one_delivery(
    request: Request,
    delivery_id: Annotated[str, Path(max_length=100)],
    looks: Annotated[Viewer, viewer(Scope.READ)],
) -> Response:
    """Return a delivery with every attempt, what is sent, the hit that it tells of, and why it is where it is."""
    desk: Desk = request.app.state.desk
    found = await desk.queries.delivery(delivery_id)
    if found is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, f"no delivery, or more than one, ends so: {delivery_id!r}")
    record, attempts, body = found
    return await page(
        request,
        looks,
        "delivery.html",
        one=record,
        attempts=attempts,
        body=readable(body or "")[:LONGEST_BODY],
        cut=len(body or "") > LONGEST_BODY,
    )


def readable(body: str) -> str:
    """Return a body as people read it: JSON in lines, all else as it is."""
    try:
        found: Any = json.loads(body)
    except ValueError:
        return body
    return json.dumps(found, ensure_ascii=False, indent=1)
