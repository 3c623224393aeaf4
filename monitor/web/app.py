"""The application: which routes there are, and what stands around them."""

from __future__ import annotations

import time

from fastapi import FastAPI
from starlette.types import ASGIApp

from monitor.service.desk import Desk
from monitor.service.rate_limit import RateLimit
from monitor.web import feeds, login, probes, problems, stream
from monitor.web.api import routers
from monitor.web.api.contract import description, errors, methods_at
from monitor.web.guard import Guard
from monitor.web.methods import Methods
from monitor.web.pages import faults
from monitor.web.pages import routers as pages


def make_app(desk: Desk) -> ASGIApp:
    """Return the application of a daemon."""
    return guarded(make_routes(desk), desk)


def make_routes(desk: Desk) -> FastAPI:
    """Return all routes, with nothing around them."""
    app = FastAPI(title="monitor", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.desk = desk
    app.state.rate_limit = RateLimit(time.monotonic)
    problems.install(app)
    app.include_router(probes.router, include_in_schema=False)
    app.include_router(login.router, include_in_schema=False)
    app.include_router(stream.router, responses=errors(), tags=["hits"])  # before /hits/{number}, which it would be
    app.include_router(feeds.router, include_in_schema=False)
    routers.install(app)
    pages.install(app)
    return app


def guarded(app: FastAPI, desk: Desk) -> ASGIApp:
    """Return the routes with what stands around them."""
    methods = Methods(app, lambda path: methods_at(description(app), path))
    return Guard(methods, desk.settings, desk.metrics.answered, faults.as_page)
