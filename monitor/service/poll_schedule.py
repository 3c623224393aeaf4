"""When every source is polled, and why: the same arithmetic as the daemon's, over what it has stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from monitor.model.plan import Adaptive, Plan
from monitor.model.records import ScheduleRecord
from monitor.model.rhythm import HOURS, Rhythm
from monitor.pipeline.pacing import NOTHING, demands, solve_tempo
from monitor.schedule.outlook import adapted, fixed
from monitor.schedule.rates import expected, usual_rates


def outlooks(plan: Plan, rhythms: Mapping[str, Rhythm], now: datetime) -> tuple[ScheduleRecord, ...]:
    """Return every source that is switched on, in the order of the plan, with what is known of its rhythm."""
    tempo = solve_tempo(plan, rhythms, now).tempo
    asking = {asked.source_id: asked for asked in demands(plan, rhythms, now)}
    found = []
    for source in plan.sources:
        if not source.enabled:
            continue
        if isinstance(source.every, Adaptive):
            asked = asking[source.id]
            record = adapted(source, asked, tempo.of(asked), rhythms.get(source.id, NOTHING).burst, now)
        else:
            record = fixed(source, source.every, now)
        share = _share(plan, record.requests_a_day) if isinstance(source.every, Adaptive) else None
        found.append(replace(record, budget_share=share))
    return tuple(found)


def usual_days(plan: Plan, rhythms: Mapping[str, Rhythm], now: datetime) -> Mapping[str, float]:
    """Return how many articles 24 hours like the last ones usually bring, by source, of those that were watched for a day."""
    begin, found = now - timedelta(hours=HOURS), {}
    for source in plan.sources:
        known = rhythms.get(source.id, NOTHING).arrivals
        if known is not None and sum(known.spans) >= HOURS:
            found[source.id] = expected(usual_rates(known, now, source.zone), begin, now, source.zone)
    return found


def _share(plan: Plan, requests: float) -> float | None:
    """Return which part of the budget that is, where there is one."""
    most = plan.pacing.requests_per_day
    return round(requests / most, 4) if most else None
