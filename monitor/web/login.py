"""Logging in and out: a plain form in Korean and English, without a script."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from http import HTTPStatus
from string import Template
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from monitor.service.access import LASTS, LoginError
from monitor.service.desk import Desk
from monitor.web.permission import SECURE_COOKIE, cookie_name, known, session_cookie
from monitor.web.redirects import local_path

router = APIRouter()

_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:22rem;margin:15vh auto;padding:0 1rem}"
    "input,button{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;margin:.25rem 0}"
)
_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
CSP: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_PAGE: Final = Template("""<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>monitor — 로그인</title><style>$style</style></head><body>
<h1>monitor</h1>
$said
$form
</body></html>
""")
_LOGIN: Final = Template("""<form method="post" action="/login"><input type="hidden" name="next" value="$next">
<label for="password">비밀번호 · Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
<button>로그인 · Log in</button></form>""")
_LOGOUT: Final = """<form method="post" action="/logout"><button>로그아웃 · Log out</button></form>"""


@router.get("/login")
async def form(request: Request, next: str = "/login") -> Response:  # noqa: A002 - the name in the address
    """Return the form, or who is logged in already."""
    desk: Desk = request.app.state.desk
    if desk.access.is_open:
        return _page("이 컴퓨터에서는 비밀번호가 필요하지 않습니다. · No password is set; this machine needs none.", "")
    grant = await known(request)
    if grant is not None:
        return _page(f"{grant.name} 로그인됨 · Logged in as {grant.name}.", _LOGOUT)
    return _page("", _login_form(next))


@router.post("/login")
async def log_in(
    request: Request,
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/login",  # noqa: A002
) -> Response:
    """Open a session for who knows the password, and lead to where they were going."""
    desk: Desk = request.app.state.desk
    if desk.access.is_open:
        return RedirectResponse(local_path(next), HTTPStatus.SEE_OTHER)
    try:
        secret, _ = await desk.access.log_in(password, request.state.asker.address)
    except LoginError as error:
        return _refused(error, next)
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


def _refused(error: LoginError, wanted: str) -> Response:
    if not error.wait:
        return _page("비밀번호가 틀립니다. · The password is wrong.", _login_form(wanted), HTTPStatus.UNAUTHORIZED)
    seconds = max(1, round(error.wait + 0.5))
    said = f"시도가 너무 많습니다. {seconds}초 뒤에 다시 하십시오. · Too many attempts; try again in {seconds} s."
    answer = _page(said, _login_form(wanted), HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _login_form(wanted: str) -> str:
    return _LOGIN.substitute(next=escape(local_path(wanted)))


def _page(said: str, shown: str, status: int = HTTPStatus.OK) -> HTMLResponse:
    told = f"<p>{escape(said)}</p>" if said else ""
    text = _PAGE.substitute(style=_STYLE, said=told, form=shown)
    return HTMLResponse(text, status, {"Content-Security-Policy": CSP})
