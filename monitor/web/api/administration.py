"""/reload: what the files say now is put in force."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor.model.access import Scope
from monitor.model.errors import ConfigError, MonitorError, StoreError
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, done
from monitor.web.api.contract import answers
from monitor.web.api.models import ReloadedShape
from monitor.web.problems import ProblemError

router = APIRouter(tags=["administration"])


@router.post(
    "/reload",
    summary="Put in force what the files say",
    responses=answers(
        ReloadedShape, conflict="The files are wrong, or would lose all of a kind; the plan in force stays."
    ),
    dependencies=[admit(Scope.ADMIN)],
)
async def reload(request: Request) -> Response:
    """Read the configuration files again and put their plan in force; return what changed, in lines."""
    try:
        return done({"lines": list(await desk_of(request).actions.reload())})
    except ConfigError as error:
        places = [str(one) for one in error.problems]
        raise ProblemError(409, "; ".join(places[:3]), more={"errors": places}) from None
    except StoreError:
        raise
    except MonitorError as error:
        raise ProblemError(409, str(error)) from None
