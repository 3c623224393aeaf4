"""/start: the first steps of a new installation, as they stand on the page of the morning, lead on from here."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from monitor.model.access import Scope
from monitor.service.first_steps import FirstStep, expression_of, first_steps
from monitor.web.pages.render import with_query
from monitor.web.pages.viewer import Viewer, remember, remembered, viewer

router = APIRouter(include_in_schema=False)

_HIDDEN: Final = "monitor_steps"


@router.get("/start")
async def start(
    request: Request,
    looks: Annotated[Viewer, viewer(Scope.READ)],  # noqa: ARG001 - who may not look is sent to the login
    name: Annotated[str, Query(max_length=200)] = "",
    hide: Annotated[bool, Query()] = False,  # noqa: FBT002 - a parameter of the address
) -> Response:
    """Lead from a company's name to the rule that is to be; or leave the steps off from now on."""
    plain, place = " ".join(name.split()), "/"
    if plain:
        place = with_query("/rules/new", {"name": plain, "match": expression_of(plain)})
    answer = RedirectResponse(place, HTTPStatus.SEE_OTHER)
    if hide:
        remember(answer, request, _HIDDEN, "off")
    return answer


def steps(request: Request, looks: Viewer) -> tuple[FirstStep, ...]:
    """Return the first steps, () where all are done or this browser wants none."""
    return () if remembered(request, _HIDDEN) else first_steps(looks.plan)
