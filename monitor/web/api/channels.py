"""/channels: how each one fares; one that its receiver shut is opened, a sample is sent."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.channels.words import schemas
from monitor.model.access import Scope
from monitor.model.delivery import Opening
from monitor.model.errors import ConfigError
from monitor.model.names import unknown_name
from monitor.model.plan import Plan
from monitor.present.records import record_object
from monitor.service.clock import utc_now
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, done, shown
from monitor.web.api.contract import answers, seen
from monitor.web.api.models import OpenedShape
from monitor.web.api.record_models import ChannelsModel, SampleModel
from monitor.web.problems import ProblemError

router = APIRouter(tags=["channels"])

ChannelId = Annotated[str, Path(max_length=200, description="id of the channel", examples=["desk"])]


class SampleWish(BaseModel):
    """Which sample is sent."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field("test", max_length=200, description="type of message", examples=["test", "hit.created"])


@router.get("/channels", summary="Channels", responses=seen(ChannelsModel), dependencies=[admit(Scope.READ)])
async def channels(request: Request) -> Response:
    """Return how every channel fares: open, failing, shut or off, what waits, and how long its messages took."""
    found = await desk_of(request).queries.channels(utc_now())
    return shown(request, {"channels": [record_object(one) for one in found]})


@router.post(
    "/channels/{channel_id}/open",
    summary="Open a channel",
    responses=answers(
        OpenedShape, not_found="There is no such channel.", conflict="The configuration shuts it; change it there."
    ),
    dependencies=[admit(Scope.WRITE)],
)
async def open_channel(request: Request, channel_id: ChannelId) -> Response:
    """Open a channel that its receiver had shut; what waits is sent within seconds. `opened` is false where it was open."""
    became = await desk_of(request).app.sending.open_channel(channel_id)
    if became is Opening.UNKNOWN:
        raise _no_channel(channel_id, await desk_of(request).queries.plan())
    if became is Opening.BY_PLAN:
        raise ProblemError(409, f"the configuration shuts {channel_id}: change it in channels.yaml and reload")
    return done({"opened": became is Opening.OPENED})


@router.post(
    "/channels/{channel_id}/test",
    summary="Send a sample through a channel",
    responses=answers(SampleModel, not_found="There is no such channel.", conflict="It has no URL yet."),
    dependencies=[admit(Scope.WRITE)],
)
async def send_sample(request: Request, channel_id: ChannelId, wish: SampleWish) -> Response:
    """Send one marked sample, outside the channel's line, and return what its receiver answered."""
    desk = desk_of(request)
    if wish.type not in schemas.types():
        raise unknown_name("type of message", wish.type, schemas.types())
    plan = await desk.queries.plan()
    if plan.channel(channel_id) is None:
        raise _no_channel(channel_id, plan)
    try:
        return done(
            record_object(
                await desk.app.channel_trials.send_sample(channel_id, wish.type, utc_now(), queries=desk.queries)
            )
        )
    except ConfigError as error:
        raise ProblemError(409, str(error)) from None


def _no_channel(given: str, plan: Plan) -> ProblemError:
    return ProblemError(404, str(unknown_name("channel", given, [one.id for one in plan.channels])))
