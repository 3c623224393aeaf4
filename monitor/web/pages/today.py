"""/: what needs a person, what is new by rule since the last visit, what is held and until when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from monitor.model.access import Scope
from monitor.model.handling import HandlingState
from monitor.model.notification import Suppression
from monitor.model.plan import Plan, Rule
from monitor.model.records import DeliveryRecord, HitQuery, HitRecord, SilenceRecord
from monitor.present.story_rows import StoryRow, story_rows
from monitor.service.desk import Desk
from monitor.service.line_watch import RuleRates
from monitor.service.needs import needs
from monitor.web.pages.drawings import spark
from monitor.web.pages.handle import last_batch
from monitor.web.pages.opened import peeked
from monitor.web.pages.render import page
from monitor.web.pages.snapshot import snapshot
from monitor.web.pages.start import steps
from monitor.web.pages.viewer import Viewer, remember, remembered, viewer, visits

router = APIRouter(include_in_schema=False)

MOST: Final = 300
"""Hits that are looked at."""
SHOWN: Final = 12
"""Lines of one rule that are shown; the list has the others."""
RULES: Final = 20
"""Rules whose last day is shown."""
LONGEST: Final = timedelta(days=7)
_DAY: Final = timedelta(hours=24)
_GREATEST: Final = 2**63 - 1
_VISIT: Final = "monitor_visit"
_NO_NEWS: Final = frozenset(
    {Suppression.BASELINE, Suppression.REMATCH, Suppression.OLD, Suppression.SILENCED, Suppression.SAME_STORY}
)
_OPEN: Final = frozenset({HandlingState.NEW, HandlingState.KEPT})


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The stories of one rule, the newest first; `more` of them are not shown."""

    rule_id: str
    name: str
    rows: tuple[StoryRow, ...]
    more: int


@dataclass(frozen=True, slots=True)
class HeldAlerts:
    """What waits for a moment on one channel: how many, of which policy, the first when (UTC)."""

    channel: str
    policy: str
    count: int
    due_at: datetime | None


@router.get("/")
async def today(
    request: Request,
    looks: Annotated[Viewer, viewer(Scope.READ)],
    done: Annotated[bool, Query()] = False,  # noqa: FBT002 - a parameter of the address
    open: Annotated[int, Query(ge=0, le=_GREATEST)] = 0,  # noqa: A002 - as in the list of hits
    through: Annotated[int, Query(ge=0, le=_GREATEST)] = 0,
) -> Response:
    """Return the page of the morning."""
    desk: Desk = request.app.state.desk
    before, visit = visits(remembered(request, _VISIT), looks.now)
    since = max(before or looks.now - _DAY, looks.now - LONGEST)
    kept = await snapshot(request, HitQuery(since=since, limit=MOST), through)
    found = await desk.queries.hit_page(kept.query)
    hits = found.hits
    outlets = await desk.queries.outlet_counts({one.story_id for one in hits if one.story_id})
    rows = story_rows(hits, outlets)
    shown = [row for row in rows if done or row.handling.state in _OPEN]
    rates = await desk.line.rates()
    answer = await page(
        request,
        looks,
        "today.html",
        before=before,
        since=since,
        steps=steps(request, looks),
        groups=groups(shown, looks.plan),
        stories=f"{len(rows)}+" if found.next else str(len(rows)),
        seen=len(rows) - len(shown),
        needs=needs(await desk.line.summary(), await desk.files.state(), looks.zone),
        urgent=[row for row in rows if row.handling.state is HandlingState.NEW and is_critical(row, looks)],
        rates=[
            (rule, spark(rates.hourly.get(rule.id, ())), rates.last_day(rule.id), rates.usual(rule.id))
            for rule in busy(looks.plan, rates)
        ],
        held=held(await desk.line.held()),
        silences=in_force(await desk.queries.silences(), looks.now),
        opened=await peeked(desk, looks, open, hits) if open else None,
        undo=last_batch(request),
        done=done,
        chosen={},
        **kept.values(request),
    )
    remember(answer, request, _VISIT, visit)
    return answer


def groups(rows: list[StoryRow], plan: Plan) -> tuple[RuleGroup, ...]:
    """Return lines by rule, critical rules first, then in the order of the files; a line stands with the first rule it met."""
    order = sorted(plan.all_rules, key=lambda rule: rule.severity != "critical")
    place = {rule.id: number for number, rule in enumerate(order)}
    found: dict[tuple[int, str, str], list[StoryRow]] = {}
    for row in rows:
        rule_id, name = min(row.rules, key=lambda one: place.get(one[0], len(place)))
        found.setdefault((place.get(rule_id, len(place)), rule_id, name), []).append(row)
    return tuple(
        RuleGroup(rule_id, name, tuple(those[:SHOWN]), max(0, len(those) - SHOWN))
        for (_, rule_id, name), those in sorted(found.items(), key=lambda one: one[0])
    )


def busy(plan: Plan, rates: RuleRates) -> list[Rule]:
    """Return the rules whose last day is shown: all of a few, of many those that found most."""
    if len(plan.all_rules) <= RULES:
        return list(plan.all_rules)
    return sorted(plan.all_rules, key=lambda rule: -rates.last_day(rule.id))[:RULES]


def is_critical(row: StoryRow, looks: Viewer) -> bool:
    """Return whether a line has met a critical rule, and is news."""
    return any(hit.rule_id in looks.critical and not _quiet(hit) for hit in row.hits)


def _quiet(hit: HitRecord) -> bool:
    """Return whether a hit was never news: it was there before, is old, was silenced, or its story was told."""
    return hit.alerted.removeprefix("suppressed:") in _NO_NEWS


def held(deliveries: tuple[DeliveryRecord, ...]) -> tuple[HeldAlerts, ...]:
    """Return what is held by channel and policy, what goes first first."""
    found: dict[tuple[str, str], HeldAlerts] = {}
    for one in deliveries:
        key = one.channel_id, one.group_key.partition(":")[0]
        before = found.get(key) or HeldAlerts(*key, 0, None)
        due = min((moment for moment in (before.due_at, one.due_at) if moment), default=None)
        found[key] = replace(before, count=before.count + 1, due_at=due)
    return tuple(sorted(found.values(), key=lambda one: (one.due_at is None, one.due_at and one.due_at.timestamp())))


def in_force(silences: tuple[SilenceRecord, ...], now: datetime) -> tuple[SilenceRecord, ...]:
    """Return the silences in force, the first to end first."""
    return tuple(sorted((one for one in silences if one.in_force(now)), key=lambda one: one.ends_at))
