"""Alerts that lead nowhere, at their lines: rules nobody hears of, channels nobody is told through, routes nothing takes. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from monitor.config.load import Loaded
from monitor.model.errors import ConfigProblem
from monitor.model.plan import Plan, Rule
from monitor.notify.routes import askable, listeners, takes, unheard

SILENT: Final = "CFG102"
UNREACHED: Final = "NTF101"
IDLE: Final = "NTF102"
_SHOWN = 5


class Silent(StrEnum):
    """Why nobody is told of what a rule finds, whatever its source."""

    UNHEARD = "unheard"  # it names no channel, and no route leads to one
    OFF = "off"  # the channels that would hear are switched off, or have no address


def silent(plan: Plan, rule_id: str) -> Silent | None:
    """Return why nobody is told of what a rule of the plan finds; None where somebody is, and for a rule that there is not."""
    rule = next((one for one in plan.all_rules if one.id == rule_id), None)
    if rule is None:
        return None
    off = {source.id for source in plan.sources if not source.enabled}
    asked = askable(plan, rule)
    hearing = {each for one in asked if one not in off or off.issuperset(asked) for each in listeners(plan, rule, one)}
    if not hearing:
        return Silent.UNHEARD
    ready = {channel.id for channel in plan.channels if channel.enabled and channel.url}
    return Silent.OFF if ready.isdisjoint(hearing) else None


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
