"""Who may call a route of the API, how often, and with which parameters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any, Final

from fastapi import Depends, Request
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel

from monitor.model.access import Grant, Scope
from monitor.model.names import unknown_name
from monitor.service.access import Credentials
from monitor.service.rate_limit import RateLimit
from monitor.web.asker import Asker
from monitor.web.permission import credentials, known, refusal
from monitor.web.problems import ProblemError

SCOPE_OF: Final = "monitor_scope"
"""Under which name a dependency says which scope it asks for."""


def admit(
    scope: Scope,
    shown: Callable[[Request], Credentials] = credentials,
    refused: Callable[[Request, Grant | None, Scope], ProblemError] = refusal,
) -> Any:  # noqa: ANN401 - as FastAPI types what stands for a value
    """Return the dependency of a route that those with `scope` may call, so often and with its parameters alone; its value is the Grant.

    `shown` is by what they are known, `refused` what anybody else is told. An answer that goes on for hours counts once.
    """

    async def admitted(request: Request) -> Grant:
        limit: RateLimit = request.app.state.rate_limit
        asker: Asker = request.state.asker
        by_address = f"address {asker.address}"
        _insist(limit.wait(by_address))
        given = shown(request)
        grant = await known(request, given)
        if grant is None or not grant.scope.covers(scope):
            limit.take(by_address)  # whoever guesses tokens is slowed down by the address, not by the guess
            raise refused(request, grant, scope)
        _insist(limit.take(f"token {_mark(given)}" if grant.is_token else by_address))
        _refuse_unknown(request)
        return grant

    setattr(admitted, SCOPE_OF, scope)
    return Depends(admitted)


def _mark(given: Credentials) -> str:
    return hashlib.sha256((given.bearer or "").encode()).hexdigest()


def _insist(wait: float) -> None:
    if wait > 0:
        seconds = max(1, round(wait + 0.5))
        detail = f"too many requests; ask again in {seconds} s"
        raise ProblemError(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(seconds)})


def _refuse_unknown(request: Request) -> None:
    """Refuse parameters that the route does not know: a filter that is misspelt must not show everything."""
    names = sorted(_names(request.scope["route"].dependant))
    for given in request.query_params:
        if given not in names:
            raise unknown_name("parameter", given, names)
        if len(request.query_params.getlist(given)) > 1:
            raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, f"{given} is given more than once")
    if any("\0" in str(text) for text in (*request.query_params.values(), *request.path_params.values())):
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "no text has the character NUL")


def _names(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        kind = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from kind.model_fields
        else:
            yield field.alias
    for inner in dependant.dependencies:
        yield from _names(inner)
