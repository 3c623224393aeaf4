"""/health: is all well? What `monitor doctor` says."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor.model.access import Scope
from monitor.model.confidential import hide
from monitor.present.shapes import Json
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, shown
from monitor.web.api.contract import seen
from monitor.web.api.models import HealthShape

router = APIRouter(tags=["health"])


@router.get("/health", summary="Is all well?", responses=seen(HealthShape), dependencies=[admit(Scope.READ)])
async def health(request: Request) -> Response:
    """Return what was inspected: files, daemon, database, sources, outbox, disk; of what is not well also what to do."""
    desk = desk_of(request)
    checks = await desk.app.doctor.health(quick=False, queries=desk.queries)
    found: list[Json] = [
        {"name": one.name, "ok": one.ok, "detail": hide(one.detail), "action": hide(one.action)} for one in checks
    ]
    return shown(request, {"ok": all(one.ok for one in checks), "checks": found})
