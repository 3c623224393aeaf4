"""Alerts that lead nowhere, at their lines: rules nobody hears of, channels nobody is told through, routes nothing takes. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from monitor.config.load import Loaded
from monitor.model.errors import ConfigProblem
from monitor.model.plan import Plan, Rule
from monitor.notify.routes import takes, unheard

SILENT: Final = "CFG102"
UNREACHED: Final = "NTF101"
IDLE: Final = "NTF102"
_SHOWN = 5


def leading_nowhere(loaded: Loaded) -> Iterator[ConfigProblem]:
    """Warn of each rule of whose hits nobody hears, each channel that none lead to, and each route that takes none."""
    plan, places = loaded.plan, loaded.places
    found = unheard(plan)
    for rule_id, sources in found.rules.items():
        where = f" from {_listed(sources)}" if sources else ""
        what = f"hits of {rule_id}{where} are stored, and nobody is told"
        hint = "name a channel under `channels`, or add a route that takes them"
        if plan.routes and not sources:
            hint = f"no route takes them: {hint}"
        yield places.problem(("rules", rule_id), what, hint, SILENT)
    for channel_id in found.channels:
        channel = plan.channel(channel_id)
        if channel is not None and channel.enabled:
            what = f"no rule and no route leads to {channel_id}, and it is told of no broken source"
            hint = "name it in a rule, a route or operator_channels; or write `enabled: false`"
            yield places.problem(("channels", channel_id), what, hint, UNREACHED)
    for number in found.routes:
        yield places.problem(("routes", number), f"route {number} takes no hit of any rule", _why(plan, number), IDLE)


def _why(plan: Plan, number: int) -> str:
    """Return what keeps hits from a route: what it asks for is nowhere, or others take it all before."""
    route = plan.routes[number - 1]
    open_rules = [rule for rule in plan.all_rules if not rule.channels]
    tags = sorted({tag for rule in plan.all_rules for tag in rule.tags})
    for tag in route.tags:
        if tag not in tags and (close := get_close_matches(tag, tags, 1)):
            return f"no rule has the tag {tag}: did you mean {close[0]}?"
    if route.tags and set(route.tags).isdisjoint(tags):
        return f"no rule has the tag {_listed(route.tags)}"
    if any(_meets(plan, number, rule) for rule in open_rules):
        return "a route before it takes them: put it first, or write `continue: true` there"
    if any(_meets(plan, number, rule) for rule in plan.all_rules):
        return "the rules it means name channels of their own, which come first"
    return "no rule meets all of its conditions"


def _meets(plan: Plan, number: int, rule: Rule) -> bool:
    tiers = {source.id: source.tier for source in plan.sources}
    return any(takes(plan.routes[number - 1], rule, one, tiers.get(one)) for one in rule.sources or tiers)


def _listed(words: tuple[str, ...]) -> str:
    more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
    return ", ".join(words[:_SHOWN]) + more
