"""/settings/…: what a viewer chooses for themselves: colours, language, the name in which they act. Kept in the browser."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from monitor.model.access import Scope
from monitor.model.handling import LONGEST_NAME
from monitor.web.emptied import emptied
from monitor.web.pages.viewer import Viewer, remember, viewer
from monitor.web.redirects import back

router = APIRouter(include_in_schema=False)


class Choices(BaseModel):
    """What the form sends; what it leaves out stays."""

    theme: Literal["auto", "light", "dark"] | None = None
    lang: Literal["ko", "en"] | None = None
    name: str | None = Field(None, max_length=LONGEST_NAME)
    back: str = Field("/settings", max_length=4_000)


@router.post("/settings/view")
async def choose(
    request: Request, given: Annotated[Choices, Form()], _looks: Annotated[Viewer, viewer(Scope.READ)]
) -> Response:
    """Have the browser remember what was chosen."""
    answer = back(given.back, "/settings")
    given = given.model_copy(update=await emptied(request, "name"))
    for name, value in (("theme", given.theme), ("lang", given.lang), ("name", given.name)):
        if value is not None:
            remember(answer, request, f"monitor_{name}", value.strip())
    return answer
