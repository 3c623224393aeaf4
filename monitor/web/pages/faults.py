"""What went wrong, as a page for people, where a program gets problem+json."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeAlias

from fastapi import FastAPI, Request
from fastapi.responses import Response

from monitor.web.pages.render import bare
from monitor.web.problems import ProblemResponse

Handler: TypeAlias = Callable[[Request, Exception], Awaitable[ProblemResponse]]


def install(app: FastAPI) -> None:
    """Let errors be pages for who asked for a page."""
    for kind, handler in list(app.exception_handlers.items()):
        app.add_exception_handler(kind, _for_people(handler))  # type: ignore[arg-type]


def as_page(request: Request, answer: ProblemResponse) -> Response:
    """Return an error as a page for who asked for one, and as it is for all others."""
    wants = "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(("/api/", "/feeds/"))
    if not wants or answer.status_code < HTTPStatus.BAD_REQUEST:
        return answer
    told = json.loads(bytes(answer.body))
    shown = bare(
        request,
        "fault.html",
        answer.status_code,
        code=answer.status_code,
        title=told["title"],
        detail=told.get("detail", ""),
    )
    for name in ("retry-after", "www-authenticate"):
        if name in answer.headers:
            shown.headers[name] = answer.headers[name]
    return shown


def _for_people(handler: Handler) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answered(request: Request, error: Exception) -> Response:
        return as_page(request, await handler(request, error))

    return answered
