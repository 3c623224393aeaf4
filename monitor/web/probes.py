"""/livez, /readyz, /metrics: does the daemon do its work? The first two are open: who watches over it has no password."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from monitor.model.access import Scope
from monitor.service.desk import Desk
from monitor.service.metrics import CONTENT_TYPE
from monitor.web.permission import require
from monitor.web.problems import problem

router = APIRouter()


@router.api_route("/livez", methods=["GET", "HEAD"])
async def livez(request: Request) -> JSONResponse:
    """Return whether the daemon turns. While it does not, a restart is the mend."""
    desk: Desk = request.app.state.desk
    return _answer(desk.readiness.progress.hangs(), "the daemon hangs")


@router.api_route("/readyz", methods=["GET", "HEAD"])
async def readyz(request: Request) -> JSONResponse:
    """Return whether the daemon can do its work: it polls, and the database takes what it finds."""
    desk: Desk = request.app.state.desk
    return _answer(await desk.readiness.reasons(), "the daemon cannot do its work")


@router.get("/metrics", dependencies=[require(Scope.READ, unless_local=True)])
async def metrics(request: Request) -> Response:
    """Return the figures in Prometheus's text format."""
    desk: Desk = request.app.state.desk
    progress = desk.readiness.progress
    return Response(await desk.metrics.text(progress.still(), progress.stuck()), media_type=CONTENT_TYPE)


def _answer(reasons: Sequence[str], what: str) -> JSONResponse:
    if not reasons:
        return JSONResponse({"status": "ok"})
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, f"{what}: {'; '.join(reasons)}", more={"reasons": list(reasons)})
