"""/sources: which outlets need a look and what to do, and how every one is doing; /sources/ID: all that is known of one."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.model.access import Scope
from monitor.model.names import unknown_name
from monitor.model.records import SourceRecord
from monitor.present.source_rows import SourceRow, chosen, ordered, rhythm_hours
from monitor.service.config_watch import FilesState
from monitor.service.desk import Desk
from monitor.service.explain import read_record
from monitor.service.line_watch import LineSummary, SourcePaces
from monitor.service.needs import Need, NeedKind, needs
from monitor.web.pages.drawings import week_paths
from monitor.web.pages.render import page
from monitor.web.pages.viewer import Viewer, viewer
from monitor.web.problems import ProblemError
from monitor.web.redirects import back

router = APIRouter(include_in_schema=False)

MOST: Final = 300
"""Sources of the page; the filter finds the others."""
LATEST: Final = 12
"""Articles of one source that are shown."""
BEGINNING: Final = 400
"""Letters of a text that are shown."""
TOGETHER: Final = 100
"""Sources that are looked at together with one, at most."""
_OF_SOURCES: Final = frozenset({NeedKind.OUTAGE, NeedKind.ALIKE, NeedKind.SOURCE})
SourceId = Annotated[str, Path(max_length=200)]


class SourceFilters(BaseModel):
    """Which sources are shown, and in which order."""

    model_config = ConfigDict(extra="forbid")

    state: Literal["", "all", "ill", "off"] = ""
    text: str = Field("", max_length=200)
    sort: Literal["state", "name", "tier", "next", "articles", "hits", "delay"] = "state"
    ui: str = Field("", max_length=20)


@dataclass(frozen=True, slots=True)
class SourceNeed:
    """What needs a look, with the first of the sources that it is about; None where it is all of them."""

    need: Need
    first: SourceRecord | None


@router.get("/sources")
async def sources(
    request: Request, looks: Annotated[Viewer, viewer(Scope.READ)], filters: Annotated[SourceFilters, Query()]
) -> Response:
    """Return what needs a look first, then every source in a line."""
    desk: Desk = request.app.state.desk
    line, paces = await desk.line.summary(), await desk.line.paces()
    every = rows_of(line, paces)
    rows = ordered(chosen(every, filters.state, filters.text), filters.sort)
    state = "" if filters.state == "all" else filters.state
    return await page(
        request,
        looks,
        "sources.html",
        rows=[(row, week_paths(row.hours)) for row in rows[:MOST]],
        more=max(0, len(rows) - MOST),
        counts={name: len(chosen(every, name)) for name in ("", "ill", "off")},
        needs=ill(line, looks),
        asked={"state": state, "text": filters.text, "sort": filters.sort if filters.sort != "state" else ""},
        sort=filters.sort,
    )


@router.get("/sources/{source_id}")
async def one_source(request: Request, source_id: SourceId, looks: Annotated[Viewer, viewer(Scope.READ)]) -> Response:
    """Return all that is known of one source, with what was read of it last."""
    desk: Desk = request.app.state.desk
    line, paces = await desk.line.summary(), await desk.line.paces()
    row = next((one for one in rows_of(line, paces) if one.record.id == source_id), None)
    if row is None:
        raise ProblemError(
            HTTPStatus.NOT_FOUND, str(unknown_name("source", source_id, [one.id for one in line.sources]))
        )
    latest = await desk.queries.latest_articles(source_id, LATEST)
    return await page(
        request,
        looks,
        "source.html",
        row=row,
        source=looks.plan.source(source_id),
        paths=week_paths(row.hours),
        latest=latest,
        read=read_record(latest[0].article, rights=looks.plan.rights(source_id)) if latest else None,
        beginning=BEGINNING,
    )


class LookWish(BaseModel):
    """Where the form was, and which other sources are to be looked at with that one."""

    back: str = Field("/sources", max_length=4_000)
    also: list[Annotated[str, Field(max_length=200)]] = Field([], max_length=TOGETHER)


@router.post("/sources/{source_id}/fetch")
async def look_now(
    request: Request,
    source_id: SourceId,
    given: Annotated[LookWish, Form()],
    looks: Annotated[Viewer, viewer(Scope.WRITE)],
) -> Response:
    """Have a source polled at once, with those that fail as it does, and lead back to where the button was."""
    desk: Desk = request.app.state.desk
    if desk.actions.poll_now(source_id) is None:
        watched = [one.id for one in looks.plan.sources if one.enabled]
        raise ProblemError(HTTPStatus.NOT_FOUND, str(unknown_name("source that is watched", source_id, watched)))
    for other in given.also:
        desk.actions.poll_now(other)
    desk.line.forget()
    return back(given.back, "/sources")


def rows_of(line: LineSummary, paces: SourcePaces) -> tuple[SourceRow, ...]:
    """Return every source with how it is paced."""
    found = []
    for one in line.sources:
        rhythm = paces.rhythms.get(one.id)
        record = one.paced_as(paces.measured[one.id]) if one.id in paces.measured else one
        hours = rhythm_hours(rhythm.arrivals if rhythm else None)
        schedule, usual = paces.schedules.get(one.id), paces.usual.get(one.id)
        found.append(SourceRow(record, schedule, hours, usual, paces.week.get(one.id, 0)))
    return tuple(found)


def ill(line: LineSummary, looks: Viewer) -> tuple[SourceNeed, ...]:
    """Return what of the sources needs a look, one for each cause."""
    by_id = {one.id: one for one in line.sources}
    return tuple(
        SourceNeed(one, by_id[one.ids[0]] if one.ids else None)
        for one in needs(line, FilesState(), looks.zone)
        if one.kind in _OF_SOURCES
    )
