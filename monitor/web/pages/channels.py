"""/channels: how each one fares and what waits for it; a sample is sent, one that is shut is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from monitor.model.access import Scope
from monitor.model.delivery import Opening
from monitor.model.errors import ConfigError
from monitor.model.names import unknown_name
from monitor.model.records import ChannelRecord, SampleRecord
from monitor.service.desk import Desk
from monitor.service.line_watch import TRIED
from monitor.service.receiver_advice import advice_name
from monitor.web.pages.render import page
from monitor.web.pages.viewer import Viewer, viewer
from monitor.web.problems import ProblemError
from monitor.web.redirects import back

router = APIRouter(include_in_schema=False)

_ORDER: Final = ("shut", "failing", TRIED, "open", "off")
ChannelId = Annotated[str, Path(max_length=200)]


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel with since when its first message waits, and what came of the sample that was sent last (when, what)."""

    record: ChannelRecord
    waiting_since: datetime | None
    sample: tuple[datetime, SampleRecord] | None

    @property
    def advice(self) -> str:
        """Return under which name there is what to do about its receiver; "" for nothing."""
        return advice_name(self.record.reason) if self.record.state in {"shut", "failing"} else ""

    @property
    def sample_advice(self) -> str:
        """Return under which name there is what to do about the answer to the sample, where that is not said already."""
        if self.sample is None or self.sample[1].taken:
            return ""
        sent = self.sample[1]
        name = advice_name(f"{sent.status}: {sent.answer}" if sent.status else sent.answer)
        return name if name != self.advice else ""


class ChannelAct(BaseModel):
    """What a form sends: where it was; `test`: a sample goes first, and the channel is opened only when that is taken."""

    test: bool = False
    back: str = Field("", max_length=4_000)


@router.get("/channels")
async def channels(request: Request, looks: Annotated[Viewer, viewer(Scope.READ)]) -> Response:
    """Return every channel, those that take nothing first."""
    desk: Desk = request.app.state.desk
    line = await desk.line.summary()
    since, samples = await desk.queries.waiting_since(line.channels), desk.actions.samples(looks.now)
    rows = [ChannelRow(one, since.get(one.id), samples.get(one.id)) for one in line.channels]
    return await page(
        request,
        looks,
        "channels.html",
        rows=sorted(rows, key=lambda row: (_ORDER.index(row.record.state), row.record.id)),
        counts=[(state, found) for state in _ORDER if (found := sum(one.state == state for one in line.channels))],
    )


@router.post("/channels/{channel_id}/test")
async def send_sample(
    request: Request,
    channel_id: ChannelId,
    given: Annotated[ChannelAct, Form()],
    looks: Annotated[Viewer, viewer(Scope.WRITE)],
) -> Response:
    """Send a marked sample, and lead back to where its answer stands."""
    desk: Desk = request.app.state.desk
    await _sampled(desk, looks, channel_id)
    return back(given.back, _place(channel_id))


@router.post("/channels/{channel_id}/open")
async def open_channel(
    request: Request,
    channel_id: ChannelId,
    given: Annotated[ChannelAct, Form()],
    looks: Annotated[Viewer, viewer(Scope.WRITE)],
) -> Response:
    """Open a channel that its receiver had shut, at wish only when it takes a sample; what waits is sent in its order."""
    desk: Desk = request.app.state.desk
    if given.test and not (await _sampled(desk, looks, channel_id)).taken:
        return back("", _place(channel_id))  # where the answer stands, wherever the button was
    before = None if given.test else await desk.line.before_opening(channel_id)  # what was just taken is an answer
    became = await desk.app.sending.open_channel(channel_id)
    desk.line.forget()
    if became is Opening.UNKNOWN:
        raise _no_channel(channel_id, looks)
    if became is Opening.BY_PLAN:
        raise ProblemError(
            HTTPStatus.CONFLICT, f"the configuration shuts {channel_id}: change it in channels.yaml and reload"
        )
    if before is not None:
        desk.line.opened_untested(before)
    return back(given.back, _place(channel_id))


async def _sampled(desk: Desk, looks: Viewer, channel_id: str) -> SampleRecord:
    """Return what came of a sample that is sent now. Raises ProblemError for a channel that there is not, or without URL."""
    if looks.plan.channel(channel_id) is None:
        raise _no_channel(channel_id, looks)
    try:
        sent = await desk.actions.send_sample(channel_id, looks.now, desk.queries)
    except ConfigError as error:
        raise ProblemError(HTTPStatus.CONFLICT, str(error)) from None
    desk.line.forget()
    return sent


def _place(channel_id: str) -> str:
    return f"/channels#c-{channel_id}"


def _no_channel(given: str, looks: Viewer) -> ProblemError:
    known = [one.id for one in looks.plan.channels]
    return ProblemError(HTTPStatus.NOT_FOUND, str(unknown_name("channel", given, known)))
