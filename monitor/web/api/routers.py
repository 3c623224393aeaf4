"""Which resources the API has, and its description."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response

from monitor.model.access import Scope
from monitor.web.api import (
    administration,
    articles,
    backtests,
    channels,
    deliveries,
    explain,
    feedback,
    handling,
    health,
    hits,
    notifications,
    rules,
    silences,
    sources,
    stories,
)
from monitor.web.api.admission import admit
from monitor.web.api.answers import shown
from monitor.web.api.contract import PREFIX, description

_RESOURCES = (
    hits,
    articles,
    stories,
    handling,
    feedback,
    deliveries,
    notifications,
    sources,
    rules,
    channels,
    silences,
    explain,
    backtests,
    health,
    administration,
)
_described = APIRouter()


@_described.get("/openapi.json", include_in_schema=False, dependencies=[admit(Scope.READ)])
async def openapi(request: Request) -> Response:
    """Return the description of the API."""
    return shown(request, description(request.app))


def install(app: FastAPI) -> None:
    """Let the application answer the API."""
    for resource in _RESOURCES:
        app.include_router(resource.router, prefix=PREFIX)
    app.include_router(_described, prefix=PREFIX)
