"""Which pages there are."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI

from monitor.web.pages import (
    assets,
    channels,
    choices,
    deliveries,
    faults,
    handle,
    hits,
    new_source,
    now,
    rule,
    rules,
    settings,
    sources,
    spreadsheet,
    start,
    stories,
    timeline,
    today,
)

PAGES: Final = (
    assets.router,
    now.router,
    today.router,
    start.router,
    stories.router,
    new_source.router,
    sources.router,
    channels.router,
    deliveries.router,
    timeline.router,
    spreadsheet.router,
    hits.router,
    handle.router,
    rules.router,
    rule.router,
    choices.router,
    settings.router,
)


def install(app: FastAPI) -> None:
    """Let the application serve the pages; errors are pages as well from now on."""
    for one in PAGES:
        app.include_router(one)
    faults.install(app)
