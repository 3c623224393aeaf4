"""The description of the API: OpenAPI 3.1, with every answer that an operation may give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from monitor.web.api.models import ProblemShape
from monitor.web.problems import MEDIA_TYPE

PREFIX: Final = "/api/v1"
_WORDS: Final = """Hits, stories, deliveries and sources of one installation, as JSON.

Send a token (`monitor token add NAME --scope read`) as `Authorization: Bearer …`. Times are UTC with Z; where a time is asked for,
RFC 3339, `2h`, `2026-11-01`, `어제 09:00` are understood. A list has an ETag; send it back as If-None-Match and get 304 while there is
nothing new. Errors are problem+json (RFC 9457).
"""
_ALWAYS: Final = {
    HTTPStatus.BAD_REQUEST: "A time, a cursor or the Host header is none.",
    HTTPStatus.UNAUTHORIZED: "Nobody who is known; send a token.",
    HTTPStatus.FORBIDDEN: "The token may not do this.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "A parameter is unknown or out of its bounds.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests; Retry-After says when to ask again.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database did not answer in time; ask again.",
}
_PROBLEM: Final = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemShape"}}}}


def answers(model: type[BaseModel] | None, status: int = HTTPStatus.OK, /, **own: str) -> dict[int | str, Any]:
    """Return the `responses` of an operation: `model`, and the `errors`."""
    good: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if model is not None:
        good |= {"model": model, "description": (model.__doc__ or "").split("\n\n")[0].strip()}
    found: dict[int | str, Any] = {int(status): good}
    return found | errors(**own)


def errors(**own: str) -> dict[int | str, Any]:
    """Return the errors that every operation may answer with, and its `own` by the name of their status."""
    named = {HTTPStatus[name.upper()]: words for name, words in own.items()}
    return {int(code): {"description": words, **_PROBLEM} for code, words in sorted({**_ALWAYS, **named}.items())}


def seen(model: type[BaseModel], **own: str) -> dict[int | str, Any]:
    """Return the `responses` of a GET: those of `answers`, and 304."""
    return answers(model, **own) | {304: {"description": "Nothing has changed since the answer with this ETag."}}


def description(app: FastAPI) -> Mapping[str, Any]:
    """Return the description of the API's operations; it is made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title="monitor", version=version("monitor"), openapi_version="3.1.0", description=_WORDS, routes=app.routes
        )
        made["paths"] = {path: operations for path, operations in made["paths"].items() if path.startswith(PREFIX)}
        schemas = made.setdefault("components", {}).setdefault("schemas", {})
        schemas["ProblemShape"] = ProblemShape.model_json_schema(ref_template="#/components/schemas/{model}")
        made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{"token": []}]
        app.openapi_schema = made
    return app.openapi_schema


def methods_at(described: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """Return what may be asked of a path of the API, () for one that there is not; who may GET may HEAD."""
    found: set[str] = set()
    for template, operations in described["paths"].items():
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)), path):
            found |= {method.upper() for method in operations}
            if "get" in operations and "text/event-stream" not in str(operations["get"]["responses"]["200"]):
                found.add("HEAD")  # what has no end has no headers alone
    return (*sorted(found), "OPTIONS") if found else ()
