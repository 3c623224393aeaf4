"""/timeline: how often each rule is met: day by day beside the usual, and at which hours of the week."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from monitor.model.access import Scope
from monitor.model.records import HitQuery
from monitor.service.desk import Desk
from monitor.service.line_watch import DAYS
from monitor.web.pages.drawings import band, bars, spark, week_paths
from monitor.web.pages.render import page
from monitor.web.pages.rule_list import Begin, Find, rule_list
from monitor.web.pages.viewer import Viewer, viewer
from monitor.web.problems import ProblemError

router = APIRouter(include_in_schema=False)

HEIGHT: Final = 96


@router.get("/timeline")
async def timeline(
    request: Request,
    looks: Annotated[Viewer, viewer(Scope.READ)],
    rule: Annotated[str, Query(max_length=200)] = "",
    find: Find = "",
    begin: Begin = 0,
) -> Response:
    """Return the rules with their last days, those that find most first, or one rule drawn large."""
    desk: Desk = request.app.state.desk
    rates = await desk.line.rates()
    days = tuple(rates.first_day + timedelta(days=number) for number in range(DAYS))
    if not rule:
        busiest = sorted(looks.plan.all_rules, key=lambda one: -sum(rates.daily.get(one.id, ())))
        listed = rule_list(busiest, find, begin)
        rows = [(one, rates.daily.get(one.id, ()), spark(rates.daily.get(one.id, ()))) for one in listed.rules]
        return await page(request, looks, "timeline.html", rows=rows, listed=listed, days=days, rule=None)
    chosen = looks.plan.rule(rule)
    if chosen is None and rule not in rates.daily:
        raise ProblemError(HTTPStatus.NOT_FOUND, f"there is no rule {rule!r}")
    counts = rates.daily.get(rule, (0,) * DAYS)
    low, high = band(counts[:-1])
    top = max(*counts, 1)
    hours = await week(desk, rule, looks)
    return await page(
        request,
        looks,
        "timeline.html",
        rule=rule,
        name=(chosen.name or chosen.id) if chosen else rule,
        days=days,
        counts=counts,
        bars={bar.x: bar for bar in bars(counts, HEIGHT)},
        low=low,
        high=high,
        top=top,
        height=HEIGHT,
        paths=week_paths(hours),
        busiest=hours.most_common(1)[0] if hours else None,
        rows=(),
    )


async def week(desk: Desk, rule: str, looks: Viewer) -> Counter[tuple[int, int]]:
    """Return the hits of a rule by weekday (0 Monday) and hour of the zone, over the last four weeks."""
    today = looks.now.astimezone(looks.zone).date()
    since = datetime.combine(today - timedelta(days=28), time(), looks.zone).astimezone(UTC)
    found: Counter[tuple[int, int]] = Counter()
    for point in await desk.queries.timeline(HitQuery(rule=rule, since=since), "hour", looks.now):
        found[point.begins.weekday(), point.begins.hour] += point.hits
    return found
