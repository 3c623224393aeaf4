"""/stories: what is told by many, drawn over time; /stories/ID: who was first, how far it has spread, when somebody was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.model.access import Scope
from monitor.model.records import DeliveryQuery, DeliveryRecord, HitQuery
from monitor.model.story_records import StoryOrder, StoryQuery, StoryRecord
from monitor.service.desk import Desk
from monitor.web.filters import moments
from monitor.web.pages.drawings import Bar, Mark, bars, grown, place, ticks
from monitor.web.pages.handle import last_batch
from monitor.web.pages.render import page
from monitor.web.pages.viewer import Viewer, viewer
from monitor.web.problems import ProblemError

router = APIRouter(include_in_schema=False)

SHOWN: Final = 50
PIECES: Final = 30
"""Bars of the drawing of a story."""
HEIGHT: Final = 84
_HITS: Final = 200
_TOLD: Final = 20
"""Hits whose messages are looked up."""
_EDGE: Final = timedelta(minutes=5)


class StoriesQuery(BaseModel):
    """Which stories are listed."""

    model_config = ConfigDict(extra="forbid")

    rule: str = Field("", max_length=200)
    order: Literal["newest", "growth", "outlets"] = "newest"
    since: str = Field("", max_length=200)
    until: str = Field("", max_length=200)
    ui: str = Field("", max_length=10)


@router.get("/stories")
async def stories(
    request: Request, query: Annotated[StoriesQuery, Query()], looks: Annotated[Viewer, viewer(Scope.READ)]
) -> Response:
    """Return the list of stories."""
    desk: Desk = request.app.state.desk
    since, until = await moments(request, query.since, query.until, looks.now)
    wanted = StoryQuery(rule=query.rule, since=since, until=until, order=StoryOrder(query.order), limit=SHOWN)
    found = await desk.queries.stories(wanted, looks.now)
    chosen = {"rule": query.rule, "order": query.order, "since": query.since, "until": query.until}
    return await page(
        request,
        looks,
        "stories.html",
        stories=[(one, strip(one)) for one in found],
        chosen={name: value for name, value in chosen.items() if value},
        undo=last_batch(request),
        names={rule.id: rule.name or rule.id for rule in looks.plan.all_rules},
        full=len(found) == SHOWN,
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """A story drawn: how many outlets told it by when, round moments, and the messages about it."""

    begin: datetime
    end: datetime
    bars: tuple[Bar, ...]
    ticks: tuple[Mark, ...]
    told: tuple[Mark, ...]


@router.get("/stories/{story_id}")
async def story(
    request: Request,
    story_id: Annotated[str, Path(max_length=100)],
    looks: Annotated[Viewer, viewer(Scope.READ)],
) -> Response:
    """Return one story."""
    desk: Desk = request.app.state.desk
    found = await desk.queries.story(story_id, StoryQuery(), looks.now)
    if found is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, f"there is no story {story_id!r}")
    hits = (await desk.queries.hit_page(HitQuery(story=story_id, limit=_HITS))).hits
    messages: dict[str, DeliveryRecord] = {}
    for hit in hits[-_TOLD:]:
        told = await desk.queries.deliveries("", _TOLD, DeliveryQuery(hit=hit.id))
        messages |= {one.id: one for one in told}
    ordered = sorted(messages.values(), key=lambda one: one.created_at)
    drawn = spread(found, ordered, looks)
    tiers = {one.id: one.tier for one in (await desk.line.summary()).sources}
    return await page(
        request,
        looks,
        "story.html",
        story=found,
        spread=drawn,
        outlets=[
            (one, place(one.first_seen_at, drawn.begin, drawn.end), tiers.get(one.source)) for one in found.outlets
        ],
        missing=missing(found, looks),
        messages=ordered,
        hits=hits,
        undo=last_batch(request),
        names={rule.id: rule.name or rule.id for rule in looks.plan.all_rules},
    )


def strip(told: StoryRecord) -> tuple[float, ...]:
    """Return where the outlets of a story stand on a line of its own, in per cent."""
    end = max(told.last_seen_at, told.first_seen_at + _EDGE)
    return tuple(place(one.first_seen_at, told.first_seen_at, end) for one in told.outlets)


def spread(told: StoryRecord, messages: list[DeliveryRecord], looks: Viewer) -> Spread:
    """Return a story drawn from a little before its first article until its last."""
    first, last = (one.astimezone(looks.zone) for one in (told.first_seen_at, told.last_seen_at))
    edge = max((last - first) / 12, _EDGE)
    begin, end = first - edge, last + edge
    counts = grown([one.first_seen_at for one in told.outlets], begin, end, PIECES)
    sent = [one.done_at for one in messages if one.done_at is not None]
    places = [place(at, begin, end) for at in dict.fromkeys(moment.replace(second=0, microsecond=0) for moment in sent)]
    marks = tuple(Mark(at, str(number)) for number, at in enumerate(places, 1))
    return Spread(begin, end, bars(counts, HEIGHT), ticks(begin, end), marks)


def missing(told: StoryRecord, looks: Viewer) -> tuple[str, ...]:
    """Return the outlets of the first tier that do not tell a story, by name."""
    there = {one.source for one in told.outlets}
    return tuple(
        one.name or one.id for one in looks.plan.sources if one.enabled and one.tier == 1 and one.id not in there
    )
