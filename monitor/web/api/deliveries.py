"""/deliveries: what was told to whom, and what became of it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.model.access import Scope
from monitor.present.records import record_object
from monitor.present.shapes import Json
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, done, shown, stored_tag, unchanged
from monitor.web.api.contract import answers, seen
from monitor.web.api.models import ReplayedShape
from monitor.web.api.record_models import DeliveriesModel, OneDeliveryModel
from monitor.web.filters import DeliveryFilters, deliveries_asked_for
from monitor.web.problems import ProblemError

router = APIRouter(tags=["deliveries"])


class DeliveryListFilters(DeliveryFilters):
    """Which deliveries are wanted, and how many."""

    limit: int = Field(50, ge=1, le=500, description="deliveries")


@router.get(
    "/deliveries",
    summary="Deliveries and what became of them",
    responses=seen(DeliveriesModel),
    dependencies=[admit(Scope.READ)],
)
async def deliveries(request: Request, query: Annotated[DeliveryListFilters, Query()]) -> Response:
    """Return deliveries, newest first; `suppressed` and `held` are what was stored and not sent, or not yet."""
    wanted = await deliveries_asked_for(request, query)
    tag = await stored_tag(request)
    if known := unchanged(request, tag):
        return known
    found = await desk_of(request).queries.deliveries(query.state.value if query.state else "", query.limit, wanted)
    return shown(request, {"deliveries": [record_object(one) for one in found]}, tag)


@router.get(
    "/deliveries/{delivery_id}",
    summary="One delivery",
    responses=seen(OneDeliveryModel, not_found="There is no such delivery, or several end so."),
    dependencies=[admit(Scope.READ)],
)
async def one_delivery(
    request: Request,
    delivery_id: Annotated[str, Path(max_length=100, description="id of the delivery, or the end of it")],
) -> Response:
    """Return a delivery with every attempt, what the receiver answered, and the body that is sent, secrets masked."""
    found = await desk_of(request).queries.delivery(delivery_id)
    if found is None:
        raise ProblemError(
            HTTPStatus.NOT_FOUND,
            f"no delivery, or more than one, ends so: {delivery_id!r}; /api/v1/deliveries shows their ids",
        )
    record, attempts, body = found
    tried: list[Json] = [record_object(one) for one in attempts]
    return shown(request, {"delivery": record_object(record), "attempts": tried, "body": body})


class ReplayWish(BaseModel):
    """Which deliveries are sent again."""

    model_config = ConfigDict(extra="forbid")

    ids: list[Annotated[str, Field(min_length=1, max_length=100)]] = Field(
        min_length=1, max_length=100, description="ids, or their ends"
    )


@router.post(
    "/deliveries/replay",
    summary="Send deliveries again",
    responses=answers(ReplayedShape),
    dependencies=[admit(Scope.WRITE)],
)
async def replay(request: Request, wish: ReplayWish) -> Response:
    """Put deliveries back into the outbox; they are sent within seconds under their old id and number.

    `outcome` of each: replayed, released (was kept back), hurried (waited for its next try), behind (another message of its
    channel is due first), sending, shut (its channel is), ambiguous (several end so), unknown.
    """
    if any("\0" in one for one in wish.ids):
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "no id has the character NUL")
    desk = desk_of(request)
    outcomes = await desk.app.sending.replay(wish.ids, queries=desk.queries)
    return done({"outcomes": [{"id": one, "outcome": outcome} for one, outcome in outcomes]})
