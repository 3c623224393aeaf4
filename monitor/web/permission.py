"""Who may call a route: `require(Scope.READ)` beside it, and nothing else."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from fastapi import Depends, Request

from monitor.model.access import Grant, Scope
from monitor.service.access import Credentials
from monitor.service.desk import Desk
from monitor.web.asker import Asker
from monitor.web.problems import ProblemError

COOKIE: Final = "monitor_session"
SECURE_COOKIE: Final = "__Host-monitor_session"
"""Its name on https: a browser takes it from this host alone, for all paths (RFC 6265bis, 4.1.3.2)."""
_REALM: Final = 'Bearer realm="monitor"'


def require(scope: Scope, *, unless_local: bool = False) -> Any:  # noqa: ANN401 - as FastAPI types what stands for a value
    """Return the dependency of a route that only those with `scope` may call; its value is the Grant.

    `unless_local`: this machine may call it without one.
    """

    async def granted(request: Request) -> Grant:
        grant = await known(request)
        if grant is not None and grant.scope.covers(scope):
            return grant
        if unless_local and request.state.asker.is_local and "authorization" not in request.headers:
            return Grant("local", scope)
        raise refusal(request, grant, scope)

    return Depends(granted)


async def known(request: Request, shown: Credentials | None = None) -> Grant | None:
    """Return who asks, by what was `shown`, else by what the request shows itself; None for nobody who is known."""
    desk: Desk = request.app.state.desk
    return await desk.access.grant(shown or credentials(request))


def credentials(request: Request) -> Credentials:
    """Return by what a request shows who asks: the token of its header, or the cookie of a session."""
    asker: Asker = request.state.asker
    return Credentials(bearer=_bearer(request), cookie=session_cookie(request), is_local=asker.is_local)


def cookie_name(request: Request) -> str:
    """Return how the cookie of a session is called."""
    return SECURE_COOKIE if request.state.asker.scheme == "https" else COOKIE


def session_cookie(request: Request) -> str | None:
    """Return what the cookie of a session holds, None without."""
    return request.cookies.get(cookie_name(request))


def _bearer(request: Request) -> str | None:
    """Return the token of a request; "", which lets nobody in, for another kind of authorization."""
    given = request.headers.get("authorization")
    if given is None:
        return None
    kind, _, token = given.partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def refusal(request: Request, grant: Grant | None, scope: Scope) -> ProblemError:
    """Return why a request is refused: who wants a page is sent to log in, a program is told what it needs."""
    if grant is not None:
        detail = f"{grant.name} may {grant.scope}; this needs {scope}"
        challenge = f'{_REALM}, error="insufficient_scope", scope="{scope}"'
        return ProblemError(HTTPStatus.FORBIDDEN, detail, headers={"WWW-Authenticate": challenge})
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return ProblemError(HTTPStatus.SEE_OTHER, headers={"Location": f"/login?next={quote(here, safe='/')}"})
    detail = f"log in at /login, or send a token with the scope {scope}; monitor token add makes one"
    return ProblemError(HTTPStatus.UNAUTHORIZED, detail, headers={"WWW-Authenticate": _REALM})
