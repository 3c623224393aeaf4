"""/stories: what is told by many, drawn over time; /stories/ID: who was first, how far it has spread, when somebody was told."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.model.access import Scope
from monitor.model.records import DeliveryQuery, HitQuery
from monitor.model.story_records import StoryOrder, StoryQuery, StoryRecord
from monitor.service.brought_up import brought_up
from monitor.service.desk import Desk
from monitor.service.story_outlook import story_outlooks
from monitor.web.filters import moments
from monitor.web.pages.drawings import place
from monitor.web.pages.handle import last_batch
from monitor.web.pages.render import page
from monitor.web.pages.story_spread import EDGE, alerts, outlet_lines, spread
from monitor.web.pages.viewer import Viewer, viewer
from monitor.web.problems import ProblemError

router = APIRouter(include_in_schema=False)

SHOWN: Final = 50
_ALIKE: Final = 4
"""Stories that are nearly like one of its acts, shown beside it."""
_HITS: Final = 200
_MESSAGES: Final = 200
"""Messages that are looked up, the newest, beside those that told of a level."""
_ARTICLES: Final = 300
"""Articles of a story, and levels told of it, that are drawn."""


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
    course = await desk.queries.story_course(story_id, _ARTICLES)
    told_levels = await desk.queries.deliveries_called(list(dict.fromkeys(one.message for one in course.levels)))
    messages = {one.id: one for one in told_levels if one.state != "suppressed"}
    sent = await desk.queries.deliveries("", _MESSAGES, DeliveryQuery(story=story_id))
    messages |= {one.id: one for one in sent}
    rules = [rule for rule in looks.plan.rules if rule.id in found.rules]
    told = alerts(messages.values(), course)
    first, last = (one.astimezone(looks.zone) for one in (found.first_seen_at, found.last_seen_at))
    levels = [level for rule in rules if len(found.acts) == 1 for level in rule.stories.outlets]
    drawn = spread(found, told, levels, first, last)
    tiers = {one.id: one.tier for one in (await desk.line.summary()).sources}
    began = found.outlets[0].source if found.outlets else ""
    majors = [one for one in looks.plan.sources if one.enabled and one.tier == 1]
    alike = [one.related for one in found.acts if one.related][-_ALIKE:]
    related = [await desk.queries.story(one, StoryQuery(), looks.now) for one in dict.fromkeys(alike)]
    return await page(
        request,
        looks,
        "story.html",
        related=[one for one in related if one is not None and one.id != found.id],
        story=found,
        spread=drawn,
        outlets=outlet_lines(found, course.articles, drawn, tiers),
        drawn=len(course.articles),
        authors=next((one.authors for one in course.articles if one.source == began), ()),
        majors=len(majors),
        missing=missing(found, looks),
        told=told,
        outlooks=story_outlooks(found, rules, course.levels, looks.plan.channels),
        sources={one.id: one.name or one.id for one in looks.plan.sources},
        brought_up=brought_up(course.articles),
        of_article={hit.article.id: hit.id for hit in hits},
        hits=hits,
        undo=last_batch(request),
        names={rule.id: rule.name or rule.id for rule in looks.plan.all_rules},
    )


def strip(told: StoryRecord) -> tuple[float, ...]:
    """Return where the outlets of a story stand on a line of its own, in per cent."""
    end = max(told.last_seen_at, told.first_seen_at + EDGE)
    return tuple(place(one.first_seen_at, told.first_seen_at, end) for one in told.outlets)


def missing(told: StoryRecord, looks: Viewer) -> tuple[str, ...]:
    """Return the outlets of the first tier that do not tell a story, by name."""
    there = {one.source for one in told.outlets}
    return tuple(
        one.name or one.id for one in looks.plan.sources if one.enabled and one.tier == 1 and one.id not in there
    )
