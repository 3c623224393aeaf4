"""/settings: how a viewer wants the pages, whether all is well, what the files say, who may ask; /settings/silences beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from monitor.model.access import Scope
from monitor.model.confidential import hide
from monitor.model.errors import ConfigError, InvalidValueError, MonitorError, StoreError
from monitor.service.clock import utc_now
from monitor.service.config_watch import inspected
from monitor.service.desk import Desk
from monitor.service.shown_files import shown_files
from monitor.service.silencing import wanted_silence
from monitor.service.tokens import add_token, revoke_token
from monitor.web.pages.render import page
from monitor.web.pages.viewer import THEMES, Viewer, viewer
from monitor.web.problems import ProblemError
from monitor.web.redirects import back

router = APIRouter(include_in_schema=False)

LASTS: Final = (0, 30, 90, 365)
"""Days that a token may last; 0 for as long as nobody ends it."""
_ENDED: Final = 20
"""Silences that are over and are shown."""
_MOST: Final = 2**63 - 1


class TokenForm(BaseModel):
    """The token that is wanted."""

    name: str = Field(min_length=1, max_length=100)
    scope: Scope = Scope.READ
    days: int = Field(0, ge=0, le=3_650)


class SilenceForm(BaseModel):
    """What is to be kept back, as it was typed."""

    rule: str = Field("", max_length=200)
    source: str = Field("", max_length=200)
    tag: str = Field("", max_length=200)
    word: str = Field("", max_length=200)
    until: str = Field("", max_length=200)
    why: str = Field("", max_length=500)
    everything: bool = False


@router.get("/settings")
async def settings(request: Request, looks: Annotated[Viewer, viewer(Scope.READ)]) -> Response:
    """Return the page of settings."""
    return await _settings(request, looks)


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """What came of a form: what was wrong with it (then `typed` is what was sent), the new token, or what a reload says."""

    fault: str = ""
    token: str = ""
    reloaded: tuple[str, ...] | None = None
    typed: TokenForm | None = None


async def _settings(request: Request, looks: Viewer, outcome: FormOutcome = FormOutcome()) -> Response:
    desk: Desk = request.app.state.desk
    is_admin = looks.may("admin")
    disk = await desk.files.state()
    checks = inspected(await desk.app.doctor.health(quick=True, queries=desk.queries), disk)
    return await page(
        request,
        looks,
        "settings.html",
        status=HTTPStatus.CONFLICT if outcome.fault else HTTPStatus.OK,
        checks=[(one.name, one.ok, hide(one.detail), hide(one.action)) for one in checks],
        effective=desk.plans.effective if is_admin else (),
        waiting=desk.plans.waiting_settings,
        storage=await desk.queries.storage(desk.app.database) if is_admin else None,
        files=shown_files(desk.app.folder, looks.plan.files) if is_admin else (),
        disk=disk,
        tokens=await desk.queries.tokens() if is_admin else (),
        themes=THEMES,
        scopes=tuple(Scope),
        lasts=LASTS,
        outcome=outcome,
        is_open=desk.access.is_open,
        since=desk.queries.running_since(),
    )


@router.post("/settings/reload")
async def reload(request: Request, looks: Annotated[Viewer, viewer(Scope.ADMIN)]) -> Response:
    """Put in force what the files say now, and say what came of it."""
    desk: Desk = request.app.state.desk
    desk.files.forget()
    try:
        lines = await desk.actions.reload()
    except ConfigError as error:
        return await _settings(request, looks, FormOutcome("\n".join(map(str, error.problems[:10]))))
    except StoreError:
        raise
    except MonitorError as error:
        return await _settings(request, looks, FormOutcome(str(error)))
    desk.line.forget()
    return await _settings(request, looks, FormOutcome(reloaded=tuple(map(hide, lines))))


@router.post("/settings/tokens")
async def new_token(
    request: Request, given: Annotated[TokenForm, Form()], looks: Annotated[Viewer, viewer(Scope.ADMIN)]
) -> Response:
    """Make a token, which is shown this once."""
    desk: Desk = request.app.state.desk
    try:
        lasts = timedelta(days=given.days) if given.days else None
        token = await add_token(desk.app.database, given.name.strip(), given.scope, utc_now(), lasts)
    except StoreError:
        raise
    except MonitorError as error:
        return await _settings(request, looks, FormOutcome(str(error), typed=given))
    return await _settings(request, looks, FormOutcome(token=token))


@router.post("/settings/tokens/revoke")
async def end_token(
    request: Request,
    name: Annotated[str, Form(max_length=200)],
    _looks: Annotated[Viewer, viewer(Scope.ADMIN)],
) -> Response:
    """End a token at once."""
    desk: Desk = request.app.state.desk
    if await revoke_token(desk.app.database, name, utc_now()) is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, f"no token {name!r} is in force")
    return back("/settings#tokens", "/settings")


@router.get("/settings/silences")
async def silences(
    request: Request,
    looks: Annotated[Viewer, viewer(Scope.READ)],
    given: Annotated[SilenceForm, Query()],
) -> Response:
    """Return what is kept back, and a form for more, filled in with what the address says."""
    return await _silences(request, looks, given)


async def _silences(
    request: Request, looks: Viewer, typed: SilenceForm, *, fault: str = "", status: int = HTTPStatus.OK
) -> Response:
    desk: Desk = request.app.state.desk
    found = await desk.queries.silences()
    return await page(
        request,
        looks,
        "silences.html",
        status=status,
        in_force=[one for one in found if one.in_force(looks.now)],
        over=[one for one in found if not one.in_force(looks.now)][:_ENDED],
        typed=typed,
        fault=fault,
    )


@router.post("/settings/silences")
async def new_silence(
    request: Request, given: Annotated[SilenceForm, Form()], looks: Annotated[Viewer, viewer(Scope.WRITE)]
) -> Response:
    """Keep back what was named until then."""
    desk: Desk = request.app.state.desk
    try:
        wanted = wanted_silence(looks.plan, utc_now(), author=looks.author, **given.model_dump())
    except InvalidValueError as error:
        return await _silences(request, looks, given, fault=str(error), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    await desk.app.triage.add_silence(wanted)
    return back("/settings/silences")


@router.post("/settings/silences/{number}/end")
async def end_silence(
    request: Request,
    number: Annotated[int, Path(ge=1, le=_MOST)],
    looks: Annotated[Viewer, viewer(Scope.WRITE)],
    back_to: Annotated[str, Form(alias="back", max_length=4_000)] = "/settings/silences",
) -> Response:
    """End a silence before its time."""
    desk: Desk = request.app.state.desk
    if await desk.app.triage.end_silence(number, looks.now) is None:
        raise ProblemError(HTTPStatus.NOT_FOUND, f"there is no silence {number}")
    return back(back_to, "/settings/silences")
