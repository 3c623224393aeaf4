"""Every error as problem+json (RFC 9457). One of ours shows a number, and the log has the rest under it."""

from __future__ import annotations

import re
import secrets
import traceback
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from monitor.model.errors import MonitorError, ReadLimitError, StoreError, UnknownNameError
from monitor.present.inert import inert_json
from monitor.service import telemetry
from monitor.service.tokens import PREFIX

MEDIA_TYPE: Final = "application/problem+json"
MOST_ERRORS: Final = 20
_TOKEN: Final = re.compile(f"{PREFIX}[A-Za-z0-9_-]+")  # one of a feed stands in its address


class ProblemResponse(JSONResponse):
    """An error in the shape of RFC 9457."""

    media_type = MEDIA_TYPE

    def render(self, content: Any) -> bytes:  # noqa: ANN401 - as Starlette has it
        """Return the error as JSON in which nothing of what it quotes acts."""
        return inert_json(super().render(content).decode("utf-8", "surrogatepass")).encode()


class ProblemError(MonitorError):
    """A request cannot be answered; `status` and `detail` are what the asker is told, `more` further members."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})
        self.more = dict(more or {})


def problem(
    status: int, detail: str = "", *, headers: Mapping[str, str] | None = None, more: Mapping[str, Any] | None = None
) -> ProblemResponse:
    """Return an error; what it is called goes by the status."""
    content: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        content["detail"] = detail
    return ProblemResponse({**content, **(more or {})}, status, dict(headers or {}))


def failure(error: BaseException, method: str, path: str) -> ProblemResponse:
    """Return a fault of ours: the asker gets a number, the log all else."""
    reference = secrets.token_hex(4)
    trace = "".join(traceback.format_exception(error))
    telemetry.fail(
        "web.failed",
        reference=reference,
        request=f"{method} {_TOKEN.sub(f'{PREFIX}…', path)}",
        error=repr(error),
        trace=trace,
    )
    detail = f"the fault is ours; the daemon's log has more under {reference}"
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail, more={"reference": reference})


def install(app: FastAPI) -> None:
    """Let the application answer every error in this shape."""
    app.add_exception_handler(ProblemError, _told)
    app.add_exception_handler(HTTPException, _by_status)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(UnknownNameError, _unknown)
    app.add_exception_handler(StoreError, _unavailable)
    app.add_exception_handler(Exception, _failed)


async def _told(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, ProblemError)  # noqa: S101 - registered for it alone
    return problem(error.status, error.detail, headers=error.headers, more=error.more)


async def _by_status(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    details = {
        HTTPStatus.NOT_FOUND: f"there is nothing at {request.url.path}",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.method} is not what {request.url.path} is for",
    }
    usual = HTTPStatus(error.status_code).phrase
    detail = error.detail if error.detail != usual else details.get(HTTPStatus(error.status_code), "")
    return problem(error.status_code, detail, headers=error.headers)


async def _invalid(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = [{"at": _place(one["loc"]), "message": str(one["msg"])} for one in error.errors()[:MOST_ERRORS]]
    detail = "; ".join(f"{one['at']}: {one['message']}" for one in found[:3])
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, more={"errors": found})


async def _unknown(_request: Request, error: Exception) -> ProblemResponse:
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))


def _place(steps: Sequence[str | int]) -> str:
    return ".".join(str(step) for step in steps)


async def _unavailable(_request: Request, error: Exception) -> ProblemResponse:
    detail = (
        str(error) if isinstance(error, ReadLimitError) else "the database cannot be asked now; monitor doctor says why"
    )
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers={"Retry-After": "2"})


async def _failed(request: Request, error: Exception) -> ProblemResponse:
    return failure(error, request.method, request.url.path)
