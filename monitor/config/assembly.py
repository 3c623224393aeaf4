"""Checked parts -> the Plan, and what only shows when the files are seen together. Pure."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Final

from monitor.config.counts import count_rule
from monitor.config.documents import Value
from monitor.config.parts import AliasPart, ChannelPart, MonitorPart, RoutePart, RulePart, SourcePart
from monitor.config.places import Spot
from monitor.config.policies import halves, policy
from monitor.config.sections import Section
from monitor.config.shapes import written
from monitor.config.validation import suggestion
from monitor.model.errors import ConfigProblem
from monitor.model.kind import Complaint, Kind, KindSettings, KnownKinds
from monitor.model.plan import Adaptive, Cadence, Channel, Pacing, Plan, Route, Rule, RuleTests, Source
from monitor.model.policy import StoryBurst, StoryPolicy

VERSION_DIGITS = 12


def source(part: SourcePart, monitor: MonitorPart, settings: KindSettings) -> Source:
    """Return a source with the defaults of monitor.yaml filled in; `settings` are those of its kind."""
    asked = settings.requests(written(part, settings))
    return Source(
        id=part.id,
        name=part.name or part.id,
        kind=part.kind,
        urls=asked.urls,
        every=_every(part, monitor),
        site=part.site,
        zone=part.timezone or monitor.timezone,
        enabled=part.enabled,
        first_run=part.first_run or monitor.first_run,
        note=part.note,
        unverified_live=part.unverified_live,
        headers=asked.headers,
        tier=part.tier,
        rights=part.rights,
    )


def _every(part: SourcePart, monitor: MonitorPart) -> Cadence:
    """Return when a source is polled; adaptive bounds it does not state are those of monitor.yaml."""
    if not isinstance(part.every, Adaptive):
        return part.every
    least = monitor.adaptive.min if part.adaptive.min is None else part.adaptive.min
    most = monitor.adaptive.max if part.adaptive.max is None else part.adaptive.max
    return Adaptive(least, most)


TIERS: Final = ("tier1", "tier2", "tier3")
"""Words that stand for all sources of a tier where ids of sources are expected, unless a source is called so."""


def tiers(sources: Iterable[SourcePart]) -> dict[str, tuple[str, ...]]:
    """Return which sources each of TIERS stands for."""
    known = tuple(sources)
    ids = {one.id for one in known}
    return {
        word: (word,) if word in ids else tuple(one.id for one in known if one.tier == number)
        for number, word in enumerate(TIERS, start=1)
    }


def rule(part: RulePart, of_tier: Mapping[str, tuple[str, ...]]) -> Rule:
    """Return a rule; ids that stand twice in its lists count once. `of_tier` are the sources that a word for a tier stands for."""
    return Rule(
        id=part.id,
        name=part.name or part.id,
        expression=part.match,
        sources=tuple(dict.fromkeys(part.sources)),
        channels=tuple(dict.fromkeys(part.channels)),
        tests=RuleTests(tuple(part.tests.match), tuple(part.tests.no_match)),
        tags=tuple(dict.fromkeys(part.tags)),
        severity=part.severity,
        stories=_stories(part, of_tier),
    )


def _stories(part: RulePart, of_tier: Mapping[str, tuple[str, ...]]) -> StoryPolicy:
    """Return what a rule tells of a story; numbers of outlets ascend, and what stands twice counts once."""
    wanted = part.escalate
    burst = StoryBurst(wanted.burst.outlets, wanted.burst.within) if wanted.burst.outlets else None
    majors = tuple(dict.fromkeys(one for word in wanted.majors for one in of_tier.get(word, (word,))))
    return StoryPolicy(part.stories, tuple(sorted(set(wanted.outlets))), burst, majors)


def route(part: RoutePart) -> Route:
    """Return a route; what stands twice in one of its lists counts once."""
    return Route(
        channels=tuple(dict.fromkeys(part.channels)),
        tags=tuple(dict.fromkeys(part.tags)),
        severities=tuple(dict.fromkeys(part.severity)),
        rules=tuple(dict.fromkeys(part.rules)),
        sources=tuple(dict.fromkeys(part.sources)),
        goes_on=part.goes_on,
        tiers=tuple(sorted(set(part.tiers))),
    )


def channel(part: ChannelPart, monitor: MonitorPart, settings: KindSettings) -> Channel:
    """Return a channel; what is confidential of its kind's own keys are its secrets, the rest its options."""
    given = written(part, settings)
    told = tuple((key, text) for key in settings.keys for text in given.given(key.name))
    return Channel(
        id=part.id,
        kind=part.kind,
        url=part.url,
        secrets=tuple(text for key, text in told if key.confidential),
        enabled=part.enabled,
        options=tuple((key.name, text) for key, text in told if not (key.confidential or key.private)),
        zone=monitor.timezone,
        private=tuple((key.name, text) for key, text in told if key.private),
        lang=part.lang,
        policy=policy(part, for_people=settings.for_people),
    )


def assemble(
    monitor: MonitorPart,
    sources: Section[SourcePart],
    rules: Section[RulePart],
    channels: Section[ChannelPart],
    aliases: Section[AliasPart],
    kinds: KnownKinds,
) -> Plan:
    """Return the plan but for its routes, which the version of its meaning still waits for."""
    of_tier = tiers(sources.parts)
    return Plan(
        version="",
        sources=tuple(source(part, monitor, kinds.sources[part.kind].settings) for part in sources.parts),
        rules=tuple(rule(part, of_tier) for part in rules.parts if part.match),
        count_rules=tuple(
            found for part in rules.parts if (found := count_rule(rule(part, of_tier), part.count)) is not None
        ),
        channels=tuple(channel(part, monitor, kinds.channels[part.kind].settings) for part in channels.parts),
        aliases={part.name: tuple(dict.fromkeys(part.spellings)) for part in aliases.parts},
        zone=monitor.timezone,
        analyser=monitor.analyser,
        operator_channels=operator_channels(monitor, channels),
        pacing=Pacing(
            monitor.adaptive.target_delay, monitor.adaptive.requests_per_day, monitor.adaptive.host_requests_per_hour
        ),
        max_age=timedelta(seconds=monitor.max_age) if monitor.max_age else None,
        follow_up=monitor.follow_up,
        desk_url=monitor.web.url.rstrip("/"),
    )


def routed(plan: Plan, routes: Section[RoutePart]) -> Plan:
    """Return the plan with its routes in the order in which they stand in the files, under the version of its meaning."""
    plan = replace(plan, routes=tuple(route(part) for part in routes.parts))
    return replace(plan, version=version(plan))


def operator_channels(monitor: MonitorPart, channels: Section[ChannelPart]) -> tuple[str, ...]:
    """Return who is told of broken sources: as written, else the first channel that is on and has an address.

    A monitor that has gone blind and says so to nobody is worse than a message that somebody did not ask for.
    """
    if monitor.operator_channels is not None:
        return tuple(dict.fromkeys(monitor.operator_channels))
    ready = (part.id for part in channels.parts if part.enabled and part.url)
    return tuple(itertools.islice(ready, 1))


def version(plan: Plan) -> str:
    """Return a short SHA-256 over what the plan means: formatting, comments, notes and the order of items play no part.

    URLs and secrets of channels, and keys of sources, go in as hashes of their own.
    """
    meaning = {
        "sources": _by_id(
            asdict(replace(one, note="", unverified_live=False))
            | {"headers": [(name, _digest(value)) for name, value in one.headers]}
            for one in plan.sources
        ),
        "rules": _by_id(asdict(one) for one in plan.rules),
        "count_rules": _by_id(asdict(one) | {"id": one.rule.id} for one in plan.count_rules),
        "channels": _by_id(
            asdict(one)
            | {"url": _digest(one.url), "secrets": [_digest(secret) for secret in one.secrets]}
            | {"private": [(name, _digest(text)) for name, text in one.private]}
            for one in plan.channels
        ),
        "aliases": dict(plan.aliases),
        "zone": plan.zone,
        "analyser": plan.analyser,
        "operator_channels": sorted(plan.operator_channels),
        "pacing": asdict(plan.pacing),
        "max_age": plan.max_age.total_seconds() if plan.max_age else 0.0,
        "follow_up": [step.total_seconds() for step in plan.follow_up],
        "routes": [asdict(one) for one in plan.routes],  # the one thing whose order is part of its meaning
    }
    if plan.desk_url:
        meaning["desk_url"] = plan.desk_url
    return _digest(json.dumps(meaning, sort_keys=True, ensure_ascii=False))[:VERSION_DIGITS]


def references(
    items: Section[RulePart] | Section[RoutePart], key: str, known: Mapping[str, Spot], at: tuple[str, ...] = ()
) -> Iterator[ConfigProblem]:
    """Complain of items whose `key` (sources, rules or channels) names what does not exist; faulty ones are checked too.

    `at` is the path at which they are named, where it is not the key itself.
    Names are shown as written: what a variable made of them may be a secret in the wrong place.
    """
    names = [spot.raw for spot in known.values()]
    for name, raw in items.raw.items():
        at = at or (key,)
        listed = _at(raw, at)
        for number, word in enumerate(
            [listed] if isinstance(listed, str) else listed if isinstance(listed, list) else []
        ):
            if isinstance(word, str) and word not in known:
                shown = items.spots[name].find((*at, number))[0].raw
                what = f"there is no {key.removesuffix('s')} {shown!r}"
                hint = suggestion(word, names) or f"define it in {key}.yaml"
                yield items.spots[name].problem((*at, number), what, hint, "CFG031")


def _at(raw: Value, path: tuple[str, ...]) -> Value:
    """Return what stands at a path, None where nothing does."""
    for key in path:
        raw = raw.get(key) if isinstance(raw, dict) else None
    return raw


def fitting(section: Section[SourcePart] | Section[ChannelPart], kinds: Mapping[str, Kind]) -> Iterator[ConfigProblem]:
    """Complain of items that lack what their kind needs, or hold what it cannot use."""
    for part in section.parts:
        settings = kinds[part.kind].settings
        yield from _told(settings.check(written(part, settings)), section.spots[part.id])


def halved(section: Section[ChannelPart]) -> Iterator[ConfigProblem]:
    """Complain of channels that say half of when they are to be told."""
    for part in section.parts:
        yield from halves(part, section.spots[part.id])


def advice(section: Section[SourcePart] | Section[ChannelPart], kinds: Mapping[str, Kind]) -> Iterator[ConfigProblem]:
    """Yield what is allowed for a kind, and probably not meant."""
    for part in section.parts:
        settings = kinds[part.kind].settings
        yield from _told(settings.advise(written(part, settings)), section.spots[part.id])


def exclusive(
    section: Section[SourcePart] | Section[ChannelPart], kinds: Mapping[str, Kind]
) -> Iterator[ConfigProblem]:
    """Complain of items with two keys of which their kind takes one; faulty items are checked too."""
    for name, raw in section.raw.items():
        kind = raw.get("kind")
        for one, other, hint in kinds[kind].settings.exclusive if isinstance(kind, str) and kind in kinds else ():
            if raw.get(one) and raw.get(other):
                message = f"`{one}` and `{other}` exclude each other"
                yield section.spots[name].key_problem((other,), message, hint, "CFG033")


def _told(complaints: Iterable[Complaint], spot: Spot) -> Iterator[ConfigProblem]:
    """Yield complaints with their places."""
    for one in complaints:
        if one.name:
            yield spot.key_problem((one.key, one.name), one.message, one.hint, one.code)
        else:
            yield spot.problem((one.key,) if one.key else (), one.message, one.hint, one.code)


def bounded(sources: Section[SourcePart], monitor: MonitorPart) -> Iterator[ConfigProblem]:
    """Complain of adaptive bounds that stand the wrong way round, or where nothing is adaptive."""
    for part in sources.parts:
        given = part.adaptive.min is not None or part.adaptive.max is not None
        spot, every = sources.spots[part.id], _every(part, monitor)
        if isinstance(every, Adaptive):
            if every.least > every.most:
                what = f"the shortest wait is {every.least:g}s, and the longest {every.most:g}s"
                yield spot.problem(("adaptive",) if given else ("every",), what, "min must not be above max", "CFG035")
        elif given:
            hint = "write `every: adaptive`, or leave it out"
            yield spot.key_problem(("adaptive",), "only `every: adaptive` takes `adaptive`", hint, "CFG034")


def operators(value: Value, spot: Spot, known: Mapping[str, Spot]) -> Iterator[ConfigProblem]:
    """Complain where `operator_channels` in monitor.yaml names a channel that does not exist."""
    listed = value.get("operator_channels") if isinstance(value, dict) else None
    for number, word in enumerate([listed] if isinstance(listed, str) else listed if isinstance(listed, list) else []):
        if isinstance(word, str) and word not in known:
            what = f"there is no channel {spot.find(('operator_channels', number))[0].raw!r}"
            hint = suggestion(word, [one.raw for one in known.values()]) or "define it in channels.yaml"
            yield spot.problem(("operator_channels", number), what, hint, "CFG031")


def warnings(plan: Plan, root: Spot) -> Iterator[ConfigProblem]:
    """Return what is allowed and probably not meant."""
    for name, there, what in (
        ("rules", plan.rules, "there are no rules: nothing is looked for, and no article can hit"),
        ("channels", plan.channels, "there are no channels: hits are stored, and nobody is told"),
    ):
        if not there:
            yield root.problem((name,), what, "docs/configuration.md shows how to write one", "CFG104")


def _by_id(items: Iterator[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(items, key=lambda item: str(item["id"]))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
