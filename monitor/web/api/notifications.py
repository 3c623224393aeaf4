"""/notifications: what concerned which channel, and why it was told or not."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.model.access import Scope
from monitor.model.notification import NotificationState, Suppression
from monitor.model.records import NotificationQuery
from monitor.present.records import record_object
from monitor.service.named import Named
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, shown, stored_tag, unchanged
from monitor.web.api.contract import seen
from monitor.web.api.record_models import NotificationsModel

router = APIRouter(tags=["notifications"])


class NotificationFilters(BaseModel):
    """Which notifications are wanted; all must hold."""

    model_config = ConfigDict(extra="forbid")

    channel: str = Field("", max_length=200, description="id of the channel", examples=["desk"])
    state: NotificationState | None = Field(None, description="where it stands")
    reason: Suppression | None = Field(None, description="why it is suppressed", examples=["same_story"])
    hit: int | None = Field(None, ge=1, le=2**63 - 1, description="number of a hit")
    limit: int = Field(50, ge=1, le=500, description="notifications")


@router.get(
    "/notifications", summary="Notifications", responses=seen(NotificationsModel), dependencies=[admit(Scope.READ)]
)
async def notifications(request: Request, query: Annotated[NotificationFilters, Query()]) -> Response:
    """Return that hits and events concern channels, newest first: queued, held until when, or suppressed and why."""
    await desk_of(request).queries.insist_on(Named(channel=query.channel))
    tag = await stored_tag(request)
    if known := unchanged(request, tag):
        return known
    state, reason = (one.value if one else "" for one in (query.state, query.reason))
    wanted = NotificationQuery(query.channel, state, reason, query.hit, query.limit)
    found = await desk_of(request).queries.notifications(wanted)
    return shown(request, {"notifications": [record_object(one) for one in found]}, tag)
