"""The application: which routes there are, and what stands around them."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.types import ASGIApp

from monitor.service.desk import Desk
from monitor.web import feeds, login, probes, problems, stream
from monitor.web.guard import Guard


def make_app(desk: Desk) -> ASGIApp:
    """Return the application of a daemon."""
    app = FastAPI(title="monitor", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.desk = desk
    problems.install(app)
    app.include_router(probes.router)
    app.include_router(login.router)
    app.include_router(stream.router)
    app.include_router(feeds.router)
    return Guard(app, desk.settings, desk.metrics.answered)
