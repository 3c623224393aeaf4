"""What the table `plan` remembers of a plan: a plan -> JSON, and the plan again as far as it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from monitor.model.errors import public_url
from monitor.model.fingerprint import channel_fingerprint, poll_fingerprint
from monitor.model.plan import Adaptive, Cadence, Channel, CountRule, Cron, Interval, Pacing, Plan, Route, Rule, Source
from monitor.model.policy import ESCALATE, StoryBurst, StoryPolicy


def summary_of(plan: Plan) -> dict[str, Any]:
    """Return what an operator may read later, and what questions need while the files are wrong; nothing confidential."""
    return {
        "sources": [_source(source) for source in plan.sources],
        "rules": [_rule(rule) for rule in plan.rules],
        "count_rules": [_listed(asdict(one)) | {"rule": _rule(one.rule)} for one in plan.count_rules],
        "routes": [_listed(asdict(route)) for route in plan.routes],
        "channels": [
            {
                "id": channel.id,
                "kind": channel.kind,
                "definition": channel_fingerprint(channel),
                "lang": channel.lang,
                "policy": _listed(asdict(channel.policy)),
            }
            for channel in plan.channels
        ],
        "aliases": {name: list(spellings) for name, spellings in plan.aliases.items()},
        "zone": plan.zone,
        "pacing": asdict(plan.pacing),
        "files": list(plan.files),
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "expression": rule.expression,
        "sources": list(rule.sources),
        "channels": list(rule.channels),
        "tags": list(rule.tags),
        "severity": rule.severity,
        "stories": _listed(asdict(rule.stories)),
    }


def _listed(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a value with lists for tuples, as it is read again: what was read is compared with what would be written."""
    if isinstance(value, dict):
        return {key: _listed(one) for key, one in value.items()}
    return [_listed(one) for one in value] if isinstance(value, list | tuple) else value


def remembered_plan(version: str, summary: object) -> Plan | None:
    """Return the plan that a summary tells of: enough to answer questions by, never to poll or send by; None when damaged.

    It has no URL of a channel, no secret and no key of a source. What an older program did not write has its default.
    """
    try:
        return _told_of(version, summary) if isinstance(summary, dict) else None
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _told_of(version: str, summary: Mapping[str, Any]) -> Plan:
    return Plan(
        version,
        tuple(_remembered_source(one) for one in summary["sources"]),
        tuple(_remembered_rule(one) for one in summary["rules"]),
        tuple(Channel(one["id"], one["kind"], "") for one in summary["channels"]),
        {name: tuple(spellings) for name, spellings in summary["aliases"].items()},
        summary["zone"],
        pacing=Pacing(**summary.get("pacing", {})),
        files=tuple(summary.get("files", ())),
        routes=tuple(_remembered_route(one) for one in summary.get("routes", ())),
        count_rules=tuple(
            CountRule(**{**one, "rule": _remembered_rule(one["rule"])}) for one in summary.get("count_rules", ())
        ),
    )


def _remembered_rule(one: Mapping[str, Any]) -> Rule:
    return Rule(
        one["id"],
        one.get("name", one["id"]),
        one["expression"],
        tuple(one["sources"]),
        tuple(one["channels"]),
        tags=tuple(one.get("tags", ())),
        severity=one.get("severity", "info"),
        stories=_remembered_stories(one["stories"]) if "stories" in one else ESCALATE,
    )


def _remembered_stories(one: Mapping[str, Any]) -> StoryPolicy:
    burst = StoryBurst(**one["burst"]) if one["burst"] else None
    return StoryPolicy(one["mode"], tuple(one["outlets"]), burst, tuple(one["majors"]))


def _remembered_route(one: Mapping[str, Any]) -> Route:
    listed = {key: tuple(one[key]) for key in ("channels", "tags", "severities", "rules", "sources")}
    return Route(**listed, goes_on=one["goes_on"], tiers=tuple(one.get("tiers", ())))


def _source(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind,
        "urls": [public_url(url) for url in source.urls],
        "every": _cadence(source.every),
        "definition": poll_fingerprint(source),
        "zone": source.zone,
        "enabled": source.enabled,
        "note": source.note,
        "unverified_live": source.unverified_live,
        "tier": source.tier,
        "rights": source.rights,
    }


def _remembered_source(one: Mapping[str, Any]) -> Source:
    every = _remembered_cadence(one.get("every", {}))
    said = {key: one[key] for key in ("zone", "enabled", "note", "unverified_live", "tier", "rights") if key in one}
    return Source(one["id"], one.get("name", one["id"]), one["kind"], tuple(one["urls"]), every, **said)


def _cadence(every: Cadence) -> dict[str, Any]:
    match every:
        case Interval(seconds):
            return {"seconds": seconds}
        case Cron(expression):
            return {"cron": expression}
        case Adaptive(least, most):
            return {"least": least, "most": most}


def _remembered_cadence(every: Mapping[str, Any]) -> Cadence:
    if "seconds" in every:
        return Interval(every["seconds"])
    return Cron(every["cron"]) if "cron" in every else Adaptive(**every)
