"""/hits: what was found, one line for each story, newest first; one of them open where the address says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from monitor.model.access import Scope
from monitor.model.errors import InvalidValueError, MonitorError, StoreError
from monitor.model.feedback import NewFeedback, Relevance
from monitor.model.paging import written
from monitor.model.records import HitPage, HitQuery
from monitor.model.suggestion import Suggestions
from monitor.present.story_rows import StoryRow, story_rows
from monitor.service.desk import Desk
from monitor.service.line_watch import LineSummary, RuleRates
from monitor.web.filters import HitFilters, hits_asked_for
from monitor.web.pages.handle import last_batch
from monitor.web.pages.opened import opened, peeked
from monitor.web.pages.render import page
from monitor.web.pages.snapshot import snapshot
from monitor.web.pages.times import PageClock
from monitor.web.pages.viewer import Viewer, viewer
from monitor.web.problems import ProblemError
from monitor.web.redirects import back

router = APIRouter(include_in_schema=False)

PAGE: Final = 100
"""Hits of a page; those of one story share a line."""
BUSY: Final = 25
"""Rules that stand beside the list."""
MOST_COUNTED: Final = 1_000
_GREATEST: Final = 2**63 - 1
HitNumber = Annotated[int, Path(ge=1, le=_GREATEST)]
_PERIODS: Final = (("today", "today"), ("24h", "h24"), ("7d", "d7"), ("30d", "d30"))
_FATES: Final = ("sent", "pending", "held", "suppressed", "dead", "baseline")
FILTERS: Final = tuple(HitFilters.model_fields)


class HitsPageQuery(HitFilters):
    """The filters of the page, where it begins, as of which hit (0: of now), and which of its hits is open."""

    cursor: str = Field("", max_length=1_000)
    through: int = Field(0, ge=0, le=_GREATEST)
    open: int = Field(0, ge=0, le=_GREATEST)
    ui: str = Field("", max_length=10)

    @property
    def filters(self) -> HitFilters:
        """Return the filters alone."""
        return HitFilters(**{name: getattr(self, name) for name in FILTERS})


@dataclass(frozen=True, slots=True)
class Nothing:
    """Why a list is empty: `kind` names the text that says so, `values` fill it."""

    kind: str
    values: dict[str, Any]

    def told(self, clock: PageClock) -> dict[str, Any]:
        """Return what fills the text, moments as they are shown."""
        return {name: clock.short(one) if isinstance(one, datetime) else one for name, one in self.values.items()}


@router.get("/hits")
async def hits(
    request: Request, query: Annotated[HitsPageQuery, Query()], looks: Annotated[Viewer, viewer(Scope.READ)]
) -> Response:
    """Return the list of hits."""
    desk: Desk = request.app.state.desk
    asked = await hits_asked_for(request, query.filters, PAGE, query.cursor)
    kept = await snapshot(request, asked.query, query.through, tag=asked.tag, severity=asked.severity)
    found = await desk.queries.hit_page(kept.query, tag=asked.tag, severity=asked.severity)
    rows = await rows_of(desk, found)
    count = await desk.queries.count_hits(kept.query, MOST_COUNTED + 1, tag=asked.tag, severity=asked.severity)
    chosen = {name: value for name, value in query.filters.model_dump().items() if value}
    return await page(
        request,
        looks,
        "hits.html",
        rows=rows,
        count=count,
        most=MOST_COUNTED,
        chosen=chosen,
        following=written(found.next, asked.words) if found.next else "",
        opened=await peeked(desk, looks, query.open, found.hits) if query.open else None,
        nothing=None if rows else nothing(asked.query, chosen, await desk.line.summary(), await _any(desk)),
        choices=choices(looks),
        busy=busy(looks, await desk.line.rates()),
        undo=last_batch(request),
        **kept.values(request),
    )


class FeedbackForm(BaseModel):
    """Whether a hit was what its rule means."""

    feedback: Relevance
    note: str = ""


@router.post("/hits/{hit_id}/feedback")
async def feedback(
    request: Request,
    hit_id: HitNumber,
    given: Annotated[FeedbackForm, Form()],
    looks: Annotated[Viewer, viewer(Scope.WRITE)],
) -> Response:
    """Store whether a hit was meant; where it was not, lead to what its rule could refuse."""
    desk: Desk = request.app.state.desk
    try:
        said = NewFeedback(relevance=given.feedback, author=looks.author, at=looks.now, note=given.note)
        await desk.app.triage.add_feedback(hit_id, said)
    except InvalidValueError as error:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
    except StoreError:
        raise
    except MonitorError as error:
        raise ProblemError(HTTPStatus.NOT_FOUND, str(error)) from None
    asked = "?suggest=1" if given.feedback is Relevance.NOT_MEANT else ""
    return back(f"/hits/{hit_id}{asked}#meant")


@router.get("/hits/{hit_id}")
async def hit(
    request: Request,
    hit_id: HitNumber,
    looks: Annotated[Viewer, viewer(Scope.READ)],
    suggest: Annotated[bool, Query()] = False,  # noqa: FBT002 - a parameter of the address
) -> Response:
    """Return one hit with its article's text; on demand with what its rule could refuse."""
    desk: Desk = request.app.state.desk
    found = await opened(desk, looks, hit_id)
    if found is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, f"there is no hit {hit_id}")
    suggestions, fault = await _suggested(desk, hit_id, looks) if suggest and looks.may("write") else (None, "")
    return await page(request, looks, "hit.html", opened=found, suggestions=suggestions, fault=fault)


async def _suggested(desk: Desk, hit_id: int, looks: Viewer) -> tuple[Suggestions | None, str]:
    """Return what the rule of a hit could refuse, or why that is not known now."""
    try:
        found = await desk.actions.suggest(hit_id, looks.now)
    except StoreError:
        raise
    except MonitorError as error:
        return None, str(error)
    return found, "" if found else looks.texts("hit.busy")


def busy(looks: Viewer, rates: RuleRates) -> list[tuple[str, str, int]]:
    """Return the rules that found something in the last 24 hours, those that found most first: (id, name, hits)."""
    found = [(rule.id, rule.name or rule.id, rates.last_day(rule.id)) for rule in looks.plan.all_rules]
    return sorted((one for one in found if one[2]), key=lambda one: -one[2])[:BUSY]


def choices(looks: Viewer) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return what may be chosen from: (filter, ((value, how it is called), …))."""
    plan, texts = looks.plan, looks.texts
    return (
        ("rule", tuple((one.id, one.name or one.id) for one in plan.rules)),
        ("source", tuple((one.id, one.name or one.id) for one in plan.sources)),
        ("since", tuple((value, texts(f"since.{key}")) for value, key in _PERIODS)),
        ("alerted", tuple((one, texts(f"alerted.{one}")) for one in _FATES)),
    )


async def rows_of(desk: Desk, found: HitPage) -> tuple[StoryRow, ...]:
    """Return a page of hits as lines, one for each story."""
    stories = {one.story_id for one in found.hits if one.story_id}
    return story_rows(found.hits, await desk.queries.outlet_counts(stories))


async def _any(desk: Desk) -> bool:
    return await desk.queries.last_hit() > 0


def nothing(query: HitQuery, chosen: dict[str, str], line: LineSummary, any_hit: bool) -> Nothing:  # noqa: FBT001 - one of four facts
    """Return why a list is empty: the source is ill, nothing was polled yet, the filter hides all, or nothing was met."""
    asked = [one for one in line.watched if query.source in {"", one.id}]
    if query.source and asked and (asked[0].problem or asked[0].last_error):
        return Nothing("ill", {"source": asked[0].name, "since": asked[0].since})
    if asked and all(one.unpolled for one in asked):
        return Nothing("first", {"n": len(asked)})
    if not line.watched:
        return Nothing("no_source", {})
    if any_hit and chosen:
        return Nothing("hidden", {"n": len(chosen)})
    return Nothing("unmet", {"n": sum(one.articles_24h for one in asked)})
