"""/now: how the line is at this moment, for a page that is already open."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor.model.access import Scope
from monitor.web.pages.render import page
from monitor.web.pages.viewer import Viewer, viewer

router = APIRouter(include_in_schema=False)


@router.get("/now")
async def now(request: Request, looks: Annotated[Viewer, viewer(Scope.READ)]) -> Response:
    """Return the line that stands on top of every page."""
    return await page(request, looks, "state.html")
