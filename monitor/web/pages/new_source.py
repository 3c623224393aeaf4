"""/sources/new: an address is looked at; the feeds and lists that it offers are shown, and the one that is chosen is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response
from markupsafe import Markup
from pydantic import BaseModel, Field

from monitor.model.access import Scope
from monitor.model.errors import ConfigError, MonitorError
from monitor.model.plan import Source
from monitor.model.trial import Candidate, Found
from monitor.service.desk import Desk
from monitor.service.discovery import watcher
from monitor.web.pages.in_force import TAKEN, put_in_force
from monitor.web.pages.render import page
from monitor.web.pages.viewer import Viewer, viewer
from monitor.web.redirects import back

router = APIRouter(include_in_schema=False)

MOST: Final = 12
"""Ways to watch a site that are shown."""
SAMPLE: Final = 10
"""Articles of each that are shown."""
_LONGEST: Final = 500  # letters of what is wrong
_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class SourceWish(BaseModel):
    """Which address is looked at."""

    address: str = Field("", max_length=2_000)


class SourceDraft(BaseModel):
    """The source that is to be written: one of what was found, under a name and an id that may have been typed."""

    kind: str = Field(pattern="^[a-z_]{1,40}$")
    url: str = Field(min_length=1, max_length=2_000)
    site: str = Field("", pattern="^[a-z0-9._-]{0,100}$")
    name: str = Field(min_length=1, max_length=200)
    id: str = Field("", max_length=100)


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to watch a site, with the text that makes it a source. `watched` is the source that has its address already."""

    candidate: Candidate
    name: str
    id: str
    text: str
    newest: datetime | None
    watched: Source | None


@dataclass(frozen=True, slots=True)
class NewSourcePage:
    """What the page shows: the address that was typed, what was found, what is wrong with either, and what was written."""

    address: str
    offers: Sequence[Offer] = ()
    found: Found | None = None
    fault: str = ""
    wrong: str = ""
    written: str = ""

    @property
    def counts(self) -> Mapping[str, int]:
        """Return by address how many articles it shows."""
        return {one.url: len(one.entries) for one in self.found.candidates} if self.found else {}


@router.get("/sources/new")
async def form(
    request: Request,
    looks: Annotated[Viewer, viewer(Scope.WRITE)],
    address: Annotated[str, Query(max_length=2_000)] = "",
) -> Response:
    """Return the field for an address."""
    return await _page(request, looks, NewSourcePage(address))


@router.post("/sources/new")
async def look(
    request: Request, given: Annotated[SourceWish, Form()], looks: Annotated[Viewer, viewer(Scope.WRITE)]
) -> Response:
    """Look at a site and return how it can be watched; what is wrong stands at the field."""
    desk: Desk = request.app.state.desk
    address, texts = given.address.strip(), looks.texts
    if not address:
        return await _page(request, looks, NewSourcePage(address, fault=texts("new_source.empty")))
    try:
        found = await desk.actions.discover(address)
    except MonitorError as error:
        return await _page(
            request, looks, NewSourcePage(address, fault=texts("new_source.fault", why=str(error)[:_LONGEST]))
        )
    if found is None:
        return await _page(request, looks, NewSourcePage(address, fault=texts("new_source.busy")))
    offers = [await _offer(desk, found, one, "", looks.plan.sources) for one in found.candidates[:MOST]]
    return await _page(request, looks, NewSourcePage(address, offers=offers, found=found))


@router.post("/sources/new/save")
async def save(
    request: Request, given: Annotated[SourceDraft, Form()], looks: Annotated[Viewer, viewer(Scope.ADMIN)]
) -> Response:
    """Write a source, put it in force and lead to its page; what is wrong stands with what was typed."""
    desk: Desk = request.app.state.desk
    found = Found(given.name.strip(), given.id.strip(), ())
    chosen = Candidate(given.kind, given.url, (), given.site)
    wanted = given.id.strip()
    offer = await _offer(desk, found, chosen, wanted, looks.plan.sources)
    file = f"sources.d/{wanted}.yaml"
    if not _ID.fullmatch(wanted):
        return await _page(
            request, looks, NewSourcePage(given.url, offers=[offer], wrong=looks.texts("new_source.bad_id"))
        )
    try:
        await desk.app.source_setup.add(wanted, offer.text, author=looks.author)
    except FileExistsError:
        return await _page(
            request, looks, NewSourcePage(given.url, offers=[offer], wrong=looks.texts("new_source.there", file=file))
        )
    except ConfigError as error:
        said = "; ".join(str(one) for one in error.problems[:3])[:_LONGEST]
        wrong = Markup('<span lang="en">{}</span>').format(said)
        return await _page(request, looks, NewSourcePage(given.url, offers=[offer], wrong=wrong))
    came = await put_in_force(desk)
    if came == TAKEN:
        return back(f"/sources/{wanted}", "/sources")
    written = looks.texts("new_source.written", file=file, why=came)
    return await _page(request, looks, NewSourcePage("", written=written))


async def _offer(desk: Desk, found: Found, candidate: Candidate, wanted: str, present: Sequence[Source]) -> Offer:
    source_id, text = await desk.app.source_setup.new(found, candidate, wanted)
    newest = max((one.published_at for one in candidate.entries if one.published_at), default=None)
    shown = replace(candidate, entries=candidate.entries[:SAMPLE])
    return Offer(shown, found.name, source_id, text, newest, watcher(candidate.url, present))


async def _page(request: Request, looks: Viewer, shown: NewSourcePage) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if shown.fault or shown.wrong else HTTPStatus.OK
    desk: Desk = request.app.state.desk
    return await page(request, looks, "new_source.html", status=status, shown=shown, disk=await desk.files.state())
