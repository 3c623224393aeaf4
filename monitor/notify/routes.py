"""Who hears of a rule's hits: the channels that the rule names, else those that the routes lead to. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from monitor.model.plan import Plan, Route, Rule

OWN = 0
"""Stands for the channels that a rule names itself, where the number of a route is expected."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """What of a plan's alerts leads nowhere.

    `rules` are those of whose hits nobody hears: {id: from which sources, () for all of them}; what a route without channels
    takes is meant and not among them. `channels` are ids that no hit and no event of a source leads to. `routes` are the
    numbers of routes that no hit comes to.
    """

    rules: Mapping[str, tuple[str, ...]]
    channels: tuple[str, ...]
    routes: tuple[int, ...]


def listeners(plan: Plan, rule: Rule, source_id: str) -> dict[str, int]:
    """Return the ids of channels that hear of the rule's hits in that source, in order, each with the way that leads there.

    The way is OWN where the rule names the channel, else the number of the first route (from 1) that does. Where a rule
    names channels the routes are not asked.
    """
    if rule.channels:
        return dict.fromkeys(rule.channels, OWN)
    found: dict[str, int] = {}
    for number in ways(plan, rule, source_id):
        for channel_id in plan.routes[number - 1].channels:
            found.setdefault(channel_id, number)
    return found


def ways(plan: Plan, rule: Rule, source_id: str) -> Iterator[int]:
    """Yield the numbers of the routes, from 1, that take a hit of the rule in that source, for rules that name no channel.

    That is the first one whose conditions all hold, and while that one goes on, the next.
    """
    source = plan.source(source_id) if any(route.tiers for route in plan.routes) else None
    tier = None if source is None else source.tier
    for number, route in enumerate(plan.routes, start=1):
        if takes(route, rule, source_id, tier):
            yield number
            if not route.goes_on:
                return


def takes(route: Route, rule: Rule, source_id: str, tier: int | None) -> bool:
    """Return whether every condition of the route holds; `tier` is that of the source, None where there is none."""
    return (
        (not route.tags or not set(route.tags).isdisjoint(rule.tags))
        and (not route.severities or rule.severity in route.severities)
        and (not route.rules or rule.id in route.rules)
        and (not route.sources or source_id in route.sources)
        and (not route.tiers or tier in route.tiers)
    )


def unheard(plan: Plan) -> Unheard:
    """Return what of the plan's alerts leads nowhere, over each rule and each source that it looks at.

    From a source that is switched off no hit is lost; what it would lead to is reached all the same.
    """
    nobody: dict[str, tuple[str, ...]] = {}
    reached = set(plan.operator_channels)
    used: set[int] = set()
    kinds, off = _kinds(plan), {source.id for source in plan.sources if not source.enabled}
    for rule in plan.all_rules:
        if rule.channels:
            reached.update(rule.channels)
            continue
        asked = askable(plan, rule)
        taken: dict[frozenset[int], tuple[int, ...]] = {}
        for source_id in asked:
            kind = kinds.get(source_id, frozenset())
            if kind not in taken:
                taken[kind] = tuple(ways(plan, rule, source_id))
                used.update(taken[kind])
        on = [source_id for source_id in asked if source_id not in off] or asked
        lost = tuple(source_id for source_id in on if not taken[kinds.get(source_id, frozenset())])
        if lost:
            nobody[rule.id] = () if len(lost) == len(on) else lost
    for number in used:
        reached.update(plan.routes[number - 1].channels)
    return Unheard(
        nobody,
        tuple(channel.id for channel in plan.channels if channel.id not in reached),
        tuple(number for number in range(1, len(plan.routes) + 1) if number not in used),
    )


def askable(plan: Plan, rule: Rule) -> tuple[str, ...]:
    """Return the sources from which a rule may have something to tell, "" for what comes from none, as a count does."""
    if any(count.rule.id == rule.id for count in plan.count_rules):
        return ("",)
    return rule.sources or tuple(source.id for source in plan.sources) or ("",)


def _kinds(plan: Plan) -> dict[str, frozenset[int]]:
    """Return for each source the numbers of the routes that name it or its tier: sources with the same ones fare alike."""
    naming: dict[str, set[int]] = {
        source.id: {number for number, route in enumerate(plan.routes, start=1) if source.tier in route.tiers}
        for source in plan.sources
    }
    for number, route in enumerate(plan.routes, start=1):
        for source_id in route.sources:
            naming.setdefault(source_id, set()).add(number)
    return {source.id: frozenset(naming[source.id]) for source in plan.sources}
