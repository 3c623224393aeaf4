"""/livez and /readyz: does the daemon do its work? Open to everybody, for those who watch over it have no password."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from monitor.service.serving import Desk
from monitor.web.problems import problem

router = APIRouter()


@router.get("/livez")
async def livez(request: Request) -> JSONResponse:
    """Return whether the daemon turns. While it does not, a restart is the mend."""
    desk: Desk = request.app.state.desk
    return _answer(desk.readiness.hangs(), "the daemon hangs")


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """Return whether the daemon can do its work: it polls, and the database takes what it finds."""
    desk: Desk = request.app.state.desk
    return _answer(await desk.readiness.reasons(), "the daemon cannot do its work")


def _answer(reasons: Sequence[str], what: str) -> JSONResponse:
    if not reasons:
        return JSONResponse({"status": "ok"})
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, f"{what}: {'; '.join(reasons)}", more={"reasons": list(reasons)})
