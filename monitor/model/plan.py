"""What this installation watches: sources, rules and channels, frozen under one version."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Literal, TypeAlias

from monitor.model.counting import CountType, CountUnit
from monitor.model.policy import AT_ONCE, ESCALATE, NotifyPolicy, Severity, StoryPolicy

FOLLOW_UP: Final = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
"""How long after it was told an article is looked at again."""

FirstRun: TypeAlias = Literal["baseline", "alert", "ignore"]
Lang: TypeAlias = Literal["ko", "en"]
Rights: TypeAlias = Literal["full", "excerpt", "link"]

TIER: Final = 2
"""That of a source which does not say how much it weighs."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Poll every so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Cron:
    """Poll when a five-field crontab expression says so, in the source's time zone."""

    expression: str


@dataclass(frozen=True, slots=True)
class Adaptive:
    """Poll as often as the source's own history asks for: every `least` to `most` seconds."""

    least: float = 30.0
    most: float = 7200.0


Cadence: TypeAlias = Interval | Cron | Adaptive


@dataclass(frozen=True, slots=True)
class Pacing:
    """What all adaptive sources share.

    Articles are to be seen `target_delay` seconds after they stand in a list, on average, unless that takes more than
    `requests_per_day` (0: no limit). No host gets more than `host_requests_per_hour` (0: no limit).
    """

    target_delay: float = 150.0
    requests_per_day: int = 0
    host_requests_per_hour: int = 240


@dataclass(frozen=True, slots=True)
class Source:
    """One outlet, or one part of it, that is polled as a whole.

    `site` names the page definition in extract/sites; "" means the generic reader.
    `zone` is the IANA zone of dates that state none. `note` is for people: why a source is off, what its terms ask.
    `unverified_live`: nobody has seen it work against the real site yet. `headers` go with requests for its `urls`, and
    may be confidential. `definition` is the page definition itself, as extract/definitions/catalog seals it, where the
    installation has added it; "" where it ships. `tier`, 1 to 3, is how much the outlet weighs, 1 the most. `rights` say how much
    of its articles may be kept and shown: `full`, an `excerpt` is shown, or a `link` with one is all that is kept.
    """

    id: str
    name: str
    kind: str
    urls: tuple[str, ...]
    every: Cadence
    site: str = ""
    zone: str = "Asia/Seoul"
    enabled: bool = True
    first_run: FirstRun = "baseline"
    note: str = ""
    unverified_live: bool = False
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    definition: str = field(default="", repr=False)
    tier: int = TIER
    rights: Rights = "full"


@dataclass(frozen=True, slots=True)
class RuleTests:
    """Sentences that a rule must and must not match, checked whenever the plan is loaded."""

    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What to look for (`expression`, the query language), where, and whom to tell.

    Empty `sources` means every source. `channels` holds channel ids; without any the plan's routes say who hears, by
    `tags` and `severity`. `stories` says what is told of a story after its first article.
    """

    id: str
    name: str
    expression: str
    sources: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    tests: RuleTests = RuleTests()
    tags: tuple[str, ...] = ()
    severity: Severity = "info"
    stories: StoryPolicy = ESCALATE


@dataclass(frozen=True, slots=True)
class CountRule:
    """A rule over how many hits another one has. `rule` says whom to tell, as of any rule; it has no expression.

    `of` is the id of the rule whose hits are counted, as `unit`. There is something to tell of `least` or more (a flatline: of
    fewer) within `seconds`; 0: since the last one.
    """

    rule: Rule
    of: str
    type: CountType
    unit: CountUnit
    least: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Route:
    """Who hears of hits whose rule names no channel: `channels`, where every condition holds.

    A condition holds when it names nothing, or one of what the hit has: a tag or the severity of its rule, its rule, its
    source, the tier of that. Without `channels` nobody hears. `goes_on`: the routes behind it are asked as well.
    """

    channels: tuple[str, ...]
    tags: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    rules: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    goes_on: bool = False
    tiers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Channel:
    """Where alerts go. An empty `url` means that the channel is named but not set up yet.

    `url` and `secrets` are confidential: they are left out of repr and must never be logged.
    `secrets` holds signing keys in Standard Webhooks form (`whsec_` + base64); each of them signs, so that a receiver
    may hold the old or the new one while a key is exchanged. `options` hold what else the kind asks for, by key, and
    `private` what of that is confidential.
    `zone` is the IANA zone of the times that people are shown, `lang` the language that they read: ko or en. `policy` says
    when and in how many messages it is told.
    """

    id: str
    kind: str
    url: str = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    enabled: bool = True
    options: tuple[tuple[str, str], ...] = ()
    zone: str = "Asia/Seoul"
    private: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    lang: Lang = "ko"
    policy: NotifyPolicy = AT_ONCE

    def option(self, key: str) -> str:
        """Return what one of the kind's own keys says; "" where it is not given."""
        return next(iter(self.given(key)), "")

    def given(self, key: str) -> tuple[str, ...]:
        """Return all that one of the kind's own keys says, confidential or not; of a mapping each entry, as `name: text`."""
        return tuple(text for name, text in (*self.options, *self.private) if name == key)


@dataclass(frozen=True, slots=True)
class Plan:
    """One consistent reading of all the files. `version` is a hash of their meaning.

    `operator_channels` holds the ids of channels that are told when a source breaks or recovers. `files` are those that it
    was read from, relative to their folder. An article that says it was published more than `max_age` before it was seen
    is stored and told to nobody; None: all are told. An article that was told is looked at again `follow_up` later; (): it is not,
    and nobody hears what becomes of it. `routes` are asked in their order, of rules that name no channel. `rules` are held
    against articles, `count_rules` against what those have met. `desk_url` is where people reach the pages, "" where nobody says.
    """

    version: str
    sources: tuple[Source, ...] = ()
    rules: tuple[Rule, ...] = ()
    channels: tuple[Channel, ...] = ()
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    zone: str = "Asia/Seoul"
    analyser: str = "none"
    operator_channels: tuple[str, ...] = ()
    pacing: Pacing = Pacing()
    max_age: timedelta | None = timedelta(days=7)
    follow_up: tuple[timedelta, ...] = FOLLOW_UP
    files: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    count_rules: tuple[CountRule, ...] = ()
    desk_url: str = ""

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """Return all that somebody can be told of: the rules that articles meet, then those over counts."""
        return (*self.rules, *(count.rule for count in self.count_rules))

    def source(self, source_id: str) -> Source | None:
        """Return the source of that id, or None when the plan has none."""
        return next((source for source in self.sources if source.id == source_id), None)

    def rights(self, source_id: str) -> Rights:
        """Return how much of a source's articles may be kept and shown; all of one that the plan does not have."""
        source = self.source(source_id)
        return "full" if source is None else source.rights

    def count_rule(self, rule_id: str) -> CountRule | None:
        """Return the rule over counts of that id, or None when the plan has none."""
        return next((count for count in self.count_rules if count.rule.id == rule_id), None)

    def rule(self, rule_id: str) -> Rule | None:
        """Return the rule of that id, over counts or not, or None when the plan has none."""
        counts = (count.rule for count in self.count_rules)
        return next((rule for rule in itertools.chain(self.rules, counts) if rule.id == rule_id), None)

    def channel(self, channel_id: str) -> Channel | None:
        """Return the channel of that id, or None when the plan has none."""
        return next((channel for channel in self.channels if channel.id == channel_id), None)
