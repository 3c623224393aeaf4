"""What may stand in each file: the keys, their types and their defaults."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from monitor.config import values
from monitor.config.settings import (
    AnalyserKind,
    DeliverSettings,
    FetchSettings,
    Retention,
    Settings,
    WatchdogSettings,
    WebSettings,
)
from monitor.config.trees import tree_text
from monitor.model.counting import CountType, CountUnit
from monitor.model.plan import FOLLOW_UP, TIER, Adaptive, FirstRun, Lang, Pacing, Rights
from monitor.model.policy import ESCALATE, By, Per, Severity, Stories, StoryBurst

_FETCH, _DELIVER, _RETENTION, _WEB, _WATCHDOG, _SETTINGS = (
    FetchSettings(),
    DeliverSettings(),
    Retention(),
    WebSettings(),
    WatchdogSettings(),
    Settings(),
)
RENAMED: Final = {"keep": "retention", "operator": "operator_channels"}
"""Keys of earlier versions, and what they are called now."""

_ADAPTIVE, _PACING, _STORY, _BURST = Adaptive(), Pacing(), ESCALATE, StoryBurst()


Tier = Annotated[values.Count, Field(ge=1, le=3)]


class Part(BaseModel):
    """Root of all file parts: no unknown keys, no silent conversions, no input in error texts."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class FetchPart(Part):
    """monitor.yaml, `fetch`."""

    user_agent: values.Agent = _FETCH.user_agent
    timeout: values.Timeout = _FETCH.timeout
    max_bytes: values.Bytes = _FETCH.max_bytes
    per_host_interval: values.Pace = _FETCH.per_host_interval
    allow_networks: list[values.Cidr] = Field(default_factory=list)
    proxy: values.ProxyAddress | None = Field(default=None, repr=False)
    ca_file: str = ""


class DeliverPart(Part):
    """monitor.yaml, `deliver`."""

    timeout: values.Timeout = _DELIVER.timeout
    late: values.Wait = _DELIVER.late
    allow_networks: list[values.Cidr] = Field(default_factory=list)
    proxy: values.ProxyAddress | None = Field(default=None, repr=False)
    ca_file: str = ""


class RetentionPart(Part):
    """monitor.yaml, `retention`."""

    articles: values.Age = _RETENTION.articles


class WebPart(Part):
    """monitor.yaml, `web`; `off` switches it off. The files of `*_file` are read by monitor.config.web_access."""

    enabled: values.Switch = _WEB.enabled
    listen: values.Listen = (_WEB.host, _WEB.port)
    url: values.ChannelUrl = ""
    hosts: Annotated[list[values.HostName], BeforeValidator(values.listed)] = Field(default_factory=list)
    password: str = Field(default="", repr=False)
    password_file: str = ""
    reader_password: str = Field(default="", repr=False)
    reader_password_file: str = ""
    trusted_proxies: list[values.Cidr] = Field(default_factory=list)


class WatchdogPart(Part):
    """monitor.yaml, `watchdog`. `url` is confidential, and may be empty: not set up yet."""

    url: values.ChannelUrl = Field(default=_WATCHDOG.url, repr=False)
    every: values.Wait = _WATCHDOG.every


class PacingPart(Part):
    """monitor.yaml, `adaptive`: bounds of each adaptive source, and what all of them share."""

    min: values.Wait = _ADAPTIVE.least
    max: values.Wait = _ADAPTIVE.most
    target_delay: values.Wait = _PACING.target_delay
    requests_per_day: values.Count = _PACING.requests_per_day
    host_requests_per_hour: values.Count = _PACING.host_requests_per_hour


class BoundsPart(Part):
    """`adaptive` of a source: its own bounds."""

    min: values.Wait | None = None
    max: values.Wait | None = None


class MonitorPart(Part):
    """monitor.yaml. Without `database` it lies in the data folder."""

    database: values.DatabaseUrl | None = Field(default=None, repr=False)
    data_dir: values.Text = str(_SETTINGS.data_dir)
    timezone: values.Zone = _SETTINGS.zone
    first_run: FirstRun = _SETTINGS.first_run
    analyser: AnalyserKind = _SETTINGS.analyser
    operator_channels: Annotated[list[str], BeforeValidator(values.listed)] | None = None
    max_age: values.Age = 7 * 86_400.0
    follow_up: values.FollowUp = FOLLOW_UP
    adaptive: PacingPart = PacingPart()
    fetch: FetchPart = FetchPart()
    deliver: DeliverPart = DeliverPart()
    retention: RetentionPart = RetentionPart()
    web: Annotated[WebPart, BeforeValidator(values.web_part)] = WebPart()
    heartbeat: values.CronExpression | None = None
    watchdog: WatchdogPart = WatchdogPart()


class SourcePart(Part):
    """What every item of sources.yaml may hold. Without `timezone` and `first_run` those of monitor.yaml hold."""

    id: values.PageId
    name: values.Text | None = None
    kind: str
    url: Annotated[list[values.WebUrl], BeforeValidator(values.listed)] = Field(default_factory=list, min_length=1)
    every: values.Every
    adaptive: BoundsPart = BoundsPart()
    site: str = ""
    timezone: values.Zone | None = None
    first_run: FirstRun | None = None
    enabled: values.Switch = True
    note: str = ""
    unverified_live: values.Switch = False
    tier: Tier = TIER
    rights: Rights = "full"


class TestsPart(Part):
    """`tests` of a rule."""

    __test__ = False  # not for pytest to collect

    match: Annotated[list[values.Text], BeforeValidator(values.listed)] = Field(default_factory=list)
    no_match: Annotated[list[values.Text], BeforeValidator(values.listed)] = Field(default_factory=list)


class CountPart(Part):
    """`count` of a rule: a rule over the hits of another. What its type needs, `counts.py` knows."""

    of: str = ""
    type: CountType | None = None
    unit: CountUnit = "stories"
    at_least: Annotated[values.Count, Field(ge=1, le=100_000)] | None = None
    within: values.CountWindow | None = None


class BurstPart(Part):
    """`burst` of `escalate`: how many outlets more in how short a time; 0 for none."""

    outlets: Annotated[values.Count, Field(ge=0, le=1000)] = _BURST.outlets
    within: values.Window = _BURST.within


class EscalatePart(Part):
    """`escalate` of a rule: when a story is told again."""

    outlets: Annotated[
        list[Annotated[values.Count, Field(ge=2, le=1000)]], BeforeValidator(values.listed), Field(max_length=10)
    ] = Field(default_factory=lambda: list(_STORY.outlets))
    burst: BurstPart = BurstPart()
    majors: Annotated[list[str], BeforeValidator(values.listed)] = Field(default_factory=list)


class RulePart(Part):
    """One item of rules.yaml, `rules`: with `match`, or with `count`."""

    id: values.PageId
    name: values.Text | None = None
    match: Annotated[values.Text, BeforeValidator(tree_text)] = ""
    count: CountPart = CountPart()
    sources: Annotated[list[str], BeforeValidator(values.listed)] = Field(default_factory=list)
    channels: Annotated[list[str], BeforeValidator(values.listed)] = Field(default_factory=list)
    tests: TestsPart = TestsPart()
    tags: Annotated[list[values.Tag], BeforeValidator(values.listed)] = Field(default_factory=list)
    severity: Severity = "info"
    stories: Annotated[Stories, BeforeValidator(values.as_written)] = _STORY.mode
    escalate: EscalatePart = EscalatePart()


class RoutePart(Part):
    """One item of channels.yaml, `routes`. `channels` may be empty: then nobody hears of what the route takes."""

    channels: Annotated[list[str], BeforeValidator(values.listed)]
    tags: Annotated[list[values.Tag], BeforeValidator(values.listed)] = Field(default_factory=list)
    severity: Annotated[list[Severity], BeforeValidator(values.listed)] = Field(default_factory=list)
    rules: Annotated[list[str], BeforeValidator(values.listed)] = Field(default_factory=list)
    sources: Annotated[list[str], BeforeValidator(values.listed)] = Field(default_factory=list)
    tiers: Annotated[list[Tier], BeforeValidator(values.listed)] = Field(default_factory=list)
    goes_on: values.Switch = Field(default=False, alias="continue")


class AliasPart(Part):
    """One item of rules.yaml, `aliases`: a name and the spellings it stands for."""

    name: values.AliasName
    spellings: Annotated[list[values.Text], Field(min_length=1)]


class GroupPart(Part):
    """`group` of a channel: what belongs together goes in one message."""

    wait: values.Window | None = None
    interval: values.Window | None = None
    by: By = "all"


class ThrottlePart(Part):
    """`throttle` of a channel: so many messages at most."""

    most: Annotated[values.Count, Field(ge=1, le=1000)] | None = None
    per: values.Window | None = None


class QuietPart(Part):
    """`quiet_hours` of a channel: when it is told nothing, and what is told all the same."""

    start: values.ClockTime | None = Field(default=None, alias="from")
    end: values.ClockTime | None = Field(default=None, alias="to")
    days: Annotated[list[values.Weekday], BeforeValidator(values.listed)] = Field(default_factory=list)
    holidays: values.Country = ""
    let_through: Severity | None = None


class ChannelPart(Part):
    """What every item of channels.yaml may hold. `url` is confidential; `*_file` are read before this is filled."""

    id: values.Identifier
    kind: str
    url: values.ChannelUrl = Field(default="", repr=False)
    url_file: str = ""
    enabled: values.Switch = True
    lang: Lang = "ko"
    per: Per | None = None
    group: GroupPart = GroupPart()
    digest: values.Crontab = ""
    throttle: ThrottlePart = ThrottlePart()
    quiet_hours: QuietPart = QuietPart()
    storm: values.Count | None = None
    repeat: values.Repeat | None = None


SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "sources": ("sources",),
    "rules": ("aliases", "rules"),
    "channels": ("routes", "channels"),
    "sites": ("sites",),
}
