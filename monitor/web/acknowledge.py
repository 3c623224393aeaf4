"""/hits/N: one hit, what people have made of it, and a form that says what it is now. Looking changes nothing.

A link in a message is opened by previews and by scanners of mail too: only the form, which a person sends, acknowledges.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape
from http import HTTPStatus
from string import Template
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Path, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from monitor.model.access import Grant, Scope
from monitor.model.errors import InvalidValueError
from monitor.model.handling import LONGEST_NAME, LONGEST_NOTE, HandlingState, HandlingSubject, NewHandling
from monitor.model.records import HitQuery, HitRecord
from monitor.service.clock import utc_now
from monitor.service.desk import Desk
from monitor.web.permission import require
from monitor.web.problems import ProblemError

router = APIRouter()

_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem}"
    "input,button,select,textarea{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;margin:.25rem 0}"
)
_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
CSP: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_PAGE: Final = Template("""<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>$title</title><style>$style</style></head><body>
<h1>$heading</h1>
<p>$outlet · $rule · $words</p>
<p>$excerpt</p>
<p><strong>$state</strong></p>
<form method="post" action="/hits/$id">
<label for="state">처리 상태 · State</label><select id="state" name="state">$states</select>
<label for="owner">담당 · Owner</label><input id="owner" name="owner" maxlength="$most_name" value="$owner">
<label for="note">메모 · Note</label><textarea id="note" name="note" maxlength="$most_note"></textarea>
<label for="who">이름 · Your name</label><input id="who" name="who" maxlength="$most_name">
<button>저장 · Save</button></form></body></html>
""")
_STATES: Final = {
    HandlingState.KEPT: "보관 · kept",
    HandlingState.HANDLED: "처리됨 · handled",
    HandlingState.IGNORED: "무시 · ignored",
    HandlingState.NEW: "새 항목 · new",
}


class HandlingForm(BaseModel):
    """What the form sends."""

    state: HandlingState
    owner: str = ""
    note: str = ""
    who: str = ""


HitNumber = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/hits/{hit_id}", response_class=HTMLResponse, include_in_schema=False, dependencies=[require(Scope.READ)])
async def shown(request: Request, hit_id: HitNumber) -> Response:
    """Return the page of a hit."""
    return HTMLResponse(_page(await _hit(request, hit_id)), headers={"Content-Security-Policy": CSP})


@router.post("/hits/{hit_id}", include_in_schema=False)
async def said(
    request: Request,
    hit_id: HitNumber,
    given: Annotated[HandlingForm, Form()],
    grant: Annotated[Grant, require(Scope.WRITE)],
) -> Response:
    """Store what somebody says of a hit, and show it."""
    desk: Desk = request.app.state.desk
    await _hit(request, hit_id)
    try:
        new = NewHandling(
            state=given.state, author=given.who.strip() or grant.name, at=utc_now(), owner=given.owner, note=given.note
        )
    except InvalidValueError as error:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
    await desk.app.handle(HandlingSubject(hit_id), new)
    return RedirectResponse(f"/hits/{hit_id}", HTTPStatus.SEE_OTHER)


async def _hit(request: Request, hit_id: int) -> HitRecord:
    """Return the hit of that number. Raises ProblemError where there is none."""
    desk: Desk = request.app.state.desk
    found = await desk.queries.hits(HitQuery(id=hit_id, limit=1))
    if not found:
        raise ProblemError(HTTPStatus.NOT_FOUND, f"there is no hit {hit_id}")
    return found[0]


def _page(hit: HitRecord) -> str:
    """Return the page of a hit; whatever strangers wrote stays text."""
    article, handling = hit.article, hit.handling
    title = escape(article.title or article.url)
    words = ", ".join(dict.fromkeys(match.surface for match in hit.matches))
    link = urlsplit(article.url).scheme in {"http", "https"}
    parts = (_STATES[handling.state], handling.owner, handling.note, handling.author)
    return _PAGE.substitute(
        title=title,
        style=_STYLE,
        heading=f'<a href="{escape(article.url)}" rel="noreferrer noopener">{title}</a>' if link else title,
        outlet=escape(article.source_name or article.source),
        rule=escape(hit.rule_name or hit.rule_id),
        words=escape(words),
        excerpt=escape(hit.excerpt),
        state=escape(" · ".join(part for part in parts if part)),
        id=hit.id,
        states="".join(f'<option value="{state.value}">{escape(name)}</option>' for state, name in _STATES.items()),
        owner=escape(handling.owner),
        most_name=LONGEST_NAME,
        most_note=LONGEST_NOTE,
    )
