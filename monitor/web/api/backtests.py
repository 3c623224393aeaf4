"""/backtest: what a rule would have found and told."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from monitor.model.access import Scope
from monitor.model.backtest import BacktestQuery
from monitor.model.errors import ConfigError, MonitorError, QueryError, StoreError
from monitor.present.backtests import backtest_object
from monitor.service.clock import utc_now
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, done
from monitor.web.api.contract import answers
from monitor.web.api.models import BacktestShape
from monitor.web.problems import ProblemError

router = APIRouter(tags=["backtest"])


class BacktestWish(BaseModel):
    """What is tried: a rule of the files, an expression, or an expression in place of a rule's own."""

    model_config = ConfigDict(extra="forbid")

    rule: str = Field("", max_length=200, examples=["openai"])
    expression: str = Field("", max_length=10_000, examples=["오픈AI AND 서울"])
    days: int = Field(30, ge=1, le=3_650, description="how far back it looks")
    against: bool = Field(
        default=False, description="show which hits are new and which are gone against the plan in force"
    )


@router.post(
    "/backtest",
    summary="What a rule would have found and told",
    responses=answers(BacktestShape, conflict="The configuration files are wrong: monitor check."),
    dependencies=[admit(Scope.WRITE)],
)
async def backtest(request: Request, wish: BacktestWish) -> Response:
    """Hold a rule against the stored articles; nothing is stored or sent.

    One is done at a time, and ends after some seconds: `span.cut` says then that `span.until` is how far it came.
    """
    if not (wish.rule or wish.expression):
        raise ProblemError(422, "say what to try: rule, expression, or both")
    now = utc_now()
    query = BacktestQuery(
        since=now - timedelta(days=wish.days),
        until=now,
        rule_id=wish.rule,
        expression=wish.expression,
        against=wish.against,
    )
    try:
        found = await desk_of(request).actions.backtest(query)
    except QueryError as error:
        raise ProblemError(422, f"expression: {error}") from None
    except ConfigError as error:
        raise ProblemError(409, str(error)) from None
    except StoreError:
        raise
    except MonitorError as error:
        raise ProblemError(422, str(error)) from None
    if found is None:
        raise ProblemError(
            429, "another backtest is under way; ask again when it is done", headers={"Retry-After": "10"}
        )
    return done(backtest_object(found))
