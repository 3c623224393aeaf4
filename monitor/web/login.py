"""Logging in and out: a plain form in Korean and English, without a script."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from monitor.service.access import LASTS, LoginError
from monitor.service.desk import Desk
from monitor.web.pages.render import bare
from monitor.web.permission import SECURE_COOKIE, cookie_name, known, session_cookie
from monitor.web.redirects import local_path

router = APIRouter()


@router.get("/login")
async def form(request: Request, next: str = "/") -> Response:  # noqa: A002 - the name in the address
    """Return the form, or who is logged in already."""
    desk: Desk = request.app.state.desk
    if desk.access.is_open:
        return bare(request, "login.html", state="open")
    grant = await known(request)
    if grant is not None:
        return bare(request, "login.html", state="in", name=grant.name)
    return bare(request, "login.html", state="out", wanted=local_path(next))


@router.post("/login")
async def log_in(
    request: Request,
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002
) -> Response:
    """Open a session for who knows the password, and lead to where they were going."""
    desk: Desk = request.app.state.desk
    if desk.access.is_open:
        return RedirectResponse(local_path(next), HTTPStatus.SEE_OTHER)
    try:
        secret, _ = await desk.access.log_in(password, request.state.asker.address)
    except LoginError as error:
        return _refused(request, error, next)
    answer = RedirectResponse(local_path(next), HTTPStatus.SEE_OTHER)
    name = cookie_name(request)
    seconds = round(LASTS.total_seconds())
    answer.set_cookie(name, secret, max_age=seconds, secure=name == SECURE_COOKIE, httponly=True, samesite="lax")
    return answer


@router.post("/logout")
async def log_out(request: Request) -> Response:
    """End the session of who asks."""
    desk: Desk = request.app.state.desk
    if cookie := session_cookie(request):
        await desk.access.log_out(cookie)
    answer = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
    name = cookie_name(request)
    answer.delete_cookie(name, secure=name == SECURE_COOKIE, httponly=True, samesite="lax")
    return answer


def _refused(request: Request, error: LoginError, wanted: str) -> Response:
    place = local_path(wanted)
    if not error.wait:
        return bare(request, "login.html", HTTPStatus.UNAUTHORIZED, state="wrong", wanted=place)
    seconds = max(1, round(error.wait + 0.5))
    answer = bare(request, "login.html", HTTPStatus.TOO_MANY_REQUESTS, state="slow", seconds=seconds, wanted=place)
    answer.headers["Retry-After"] = str(seconds)
    return answer
