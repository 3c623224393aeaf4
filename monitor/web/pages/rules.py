"""/rules: what is looked for, how much of it is found, and how much of that was meant; what was changed in it, and by whom."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor.model.access import Scope
from monitor.model.plan import Plan, Rule
from monitor.model.precision import Precision
from monitor.service.desk import Desk
from monitor.service.line_watch import RuleRates
from monitor.web.pages.drawings import Spark, spark
from monitor.web.pages.render import page
from monitor.web.pages.rule_list import Begin, Find, rule_list
from monitor.web.pages.viewer import Viewer, remembered, viewer

router = APIRouter(include_in_schema=False)

SAID: Final = "monitor_said"
"""Where the browser keeps what came of the last act, until a page has said it."""
SPAN: Final = timedelta(days=90)
"""How far back it is asked what was meant."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule with its figures: `of` is the rule that a count looks at, "" for one that reads articles itself."""

    rule: Rule
    of: str
    usual: float
    last_day: int
    drawn: Spark
    precision: Precision
    doubt: str


@router.get("/rules")
async def rules(
    request: Request, looks: Annotated[Viewer, viewer(Scope.READ)], find: Find = "", begin: Begin = 0
) -> Response:
    """Return the list of rules."""
    desk: Desk = request.app.state.desk
    rates = await desk.line.rates()
    precision = await desk.queries.precision(looks.now - SPAN)
    doubts = await asyncio.to_thread(desk.rules.doubts)
    listed = rule_list(looks.plan.all_rules, find, begin)
    rows = rule_rows(listed.rules, looks.plan, rates, precision, doubts)
    said = remembered(request, SAID)
    answer = await page(
        request,
        looks,
        "rules.html",
        rows=rows,
        listed=listed,
        days=int(SPAN.days),
        said=said,
        disk=await desk.files.state(),
    )
    if said:
        answer.delete_cookie(SAID)
    return answer


@router.get("/settings/history")
async def history(request: Request, looks: Annotated[Viewer, viewer(Scope.READ)]) -> Response:
    """Return what was changed in the configuration from the pages."""
    desk: Desk = request.app.state.desk
    changes = await asyncio.to_thread(desk.rules.history)
    return await page(request, looks, "config_history.html", changes=changes)


def rule_rows(
    rules: Sequence[Rule],
    plan: Plan,
    rates: RuleRates,
    precision: Mapping[str, Precision],
    doubts: Mapping[str, str],
) -> tuple[RuleRow, ...]:
    """Return a line for each of the rules."""
    counts = {one.rule.id: one.of for one in plan.count_rules}
    return tuple(
        RuleRow(
            one,
            counts.get(one.id, ""),
            rates.usual(one.id),
            rates.last_day(one.id),
            spark(rates.daily.get(one.id, ())),
            precision.get(one.id, Precision()),
            doubts.get(one.id, ""),
        )
        for one in rules
    )
