"""What may stand in each file: the keys, their types and their defaults."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from monitor.config import kinds
from monitor.config.settings import AnalyserKind, DeliverSettings, FetchSettings, Retention, Settings, WebSettings
from monitor.config.trees import tree_text
from monitor.model.plan import Adaptive, FirstRun, Pacing

_FETCH, _DELIVER, _RETENTION, _WEB, _SETTINGS = (
    FetchSettings(),
    DeliverSettings(),
    Retention(),
    WebSettings(),
    Settings(),
)
RENAMED: Final = {"keep": "retention", "operator": "operator_channels"}
"""Keys of earlier versions, and what they are called now."""

_ADAPTIVE, _PACING = Adaptive(), Pacing()


class Part(BaseModel):
    """Root of all file parts: no unknown keys, no silent conversions, no input in error texts."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True)


class FetchPart(Part):
    """monitor.yaml, `fetch`."""

    user_agent: kinds.Agent = _FETCH.user_agent
    timeout: kinds.Timeout = _FETCH.timeout
    max_bytes: kinds.Bytes = _FETCH.max_bytes
    per_host_interval: kinds.Pace = _FETCH.per_host_interval
    allow_networks: list[kinds.Cidr] = Field(default_factory=list)


class DeliverPart(Part):
    """monitor.yaml, `deliver`."""

    timeout: kinds.Timeout = _DELIVER.timeout
    allow_networks: list[kinds.Cidr] = Field(default_factory=list)


class RetentionPart(Part):
    """monitor.yaml, `retention`."""

    articles: kinds.Age = _RETENTION.articles


class WebPart(Part):
    """monitor.yaml, `web`."""

    listen: kinds.Listen = (_WEB.host, _WEB.port)


class PacingPart(Part):
    """monitor.yaml, `adaptive`: bounds of each adaptive source, and what all of them share."""

    min: kinds.Wait = _ADAPTIVE.least
    max: kinds.Wait = _ADAPTIVE.most
    target_delay: kinds.Wait = _PACING.target_delay
    requests_per_day: kinds.Count = _PACING.requests_per_day
    host_requests_per_hour: kinds.Count = _PACING.host_requests_per_hour


class BoundsPart(Part):
    """`adaptive` of a source: its own bounds."""

    min: kinds.Wait | None = None
    max: kinds.Wait | None = None


class MonitorPart(Part):
    """monitor.yaml. Without `database` it lies in the data folder."""

    database: kinds.DatabaseUrl | None = Field(default=None, repr=False)
    data_dir: kinds.Text = str(_SETTINGS.data_dir)
    timezone: kinds.Zone = _SETTINGS.zone
    first_run: FirstRun = _SETTINGS.first_run
    analyser: AnalyserKind = _SETTINGS.analyser
    operator_channels: Annotated[list[str], BeforeValidator(kinds.listed)] = Field(default_factory=list)
    adaptive: PacingPart = PacingPart()
    fetch: FetchPart = FetchPart()
    deliver: DeliverPart = DeliverPart()
    retention: RetentionPart = RetentionPart()
    web: WebPart = WebPart()


class SourcePart(Part):
    """What every item of sources.yaml may hold. Without `timezone` and `first_run` those of monitor.yaml hold."""

    id: kinds.Identifier
    name: kinds.Text | None = None
    kind: str
    url: Annotated[list[kinds.WebUrl], BeforeValidator(kinds.listed)] = Field(default_factory=list, min_length=1)
    every: kinds.Every
    adaptive: BoundsPart = BoundsPart()
    site: str = ""
    timezone: kinds.Zone | None = None
    first_run: FirstRun | None = None
    enabled: kinds.Switch = True
    note: str = ""
    unverified_live: kinds.Switch = False


class TestsPart(Part):
    """`tests` of a rule."""

    __test__ = False  # not for pytest to collect

    match: Annotated[list[kinds.Text], BeforeValidator(kinds.listed)] = Field(default_factory=list)
    no_match: Annotated[list[kinds.Text], BeforeValidator(kinds.listed)] = Field(default_factory=list)


class RulePart(Part):
    """One item of rules.yaml, `rules`."""

    id: kinds.Identifier
    name: kinds.Text | None = None
    match: Annotated[kinds.Text, BeforeValidator(tree_text)]
    sources: Annotated[list[str], BeforeValidator(kinds.listed)] = Field(default_factory=list)
    channels: Annotated[list[str], BeforeValidator(kinds.listed)] = Field(default_factory=list)
    tests: TestsPart = TestsPart()


class AliasPart(Part):
    """One item of rules.yaml, `aliases`: a name and the spellings it stands for."""

    name: kinds.AliasName
    spellings: Annotated[list[kinds.Text], Field(min_length=1)]


class ChannelPart(Part):
    """What every item of channels.yaml may hold. `url` is confidential; `*_file` are read before this is filled."""

    id: kinds.Identifier
    kind: str
    url: kinds.ChannelUrl = Field(default="", repr=False)
    url_file: str = ""
    enabled: kinds.Switch = True


SECTIONS: Final[dict[str, tuple[str, ...]]] = {
    "sources": ("sources",),
    "rules": ("aliases", "rules"),
    "channels": ("channels",),
    "sites": ("sites",),
}
