"""/rules: what is looked for, and how much each rule found."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor.model.access import Scope
from monitor.model.precision import Precision
from monitor.present.rules import rule_record_object
from monitor.service.clock import utc_now
from monitor.web.api.admission import admit
from monitor.web.api.answers import desk_of, shown, stored_tag, unchanged
from monitor.web.api.contract import seen
from monitor.web.api.models import RulesShape

router = APIRouter(tags=["rules"])
_SPAN: Final = timedelta(days=30)


@router.get("/rules", summary="Rules in force", responses=seen(RulesShape), dependencies=[admit(Scope.READ)])
async def rules(request: Request) -> Response:
    """Return the rules of the plan in force, with their hits of the last 24 hours and 30 days, and how many of these were meant."""
    tag = await stored_tag(request)
    if known := unchanged(request, tag):
        return known
    queries = desk_of(request).queries
    now = utc_now()
    plan, counts = await queries.plan(), await queries.hits_by_rule(now)
    meant = await queries.precision(now - _SPAN)
    found = [
        rule_record_object(rule, *counts.get(rule.id, (0, 0)), meant.get(rule.id, Precision()))
        for rule in plan.all_rules
    ]
    return shown(request, {"plan": plan.version, "rules": list(found)}, tag)
