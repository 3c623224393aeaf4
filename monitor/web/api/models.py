"""What answers look like: hits, articles, stories. Documentation for programs; a test holds real answers against it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class AnswerShape(BaseModel):
    """An object that has these keys and no others."""

    model_config = ConfigDict(extra="forbid")


class RuleName(AnswerShape):
    """The rule that was met, under the name that it had then."""

    id: str = Field(examples=["openai"])
    name: str = Field(examples=["OpenAI"])


class ArticleShape(AnswerShape):
    """An article. `confidence`, 0 to 1, is there only where the text was found by a general reader."""

    id: int = Field(examples=[4711])
    url: str = Field(examples=["https://news.example/4711"])
    title: str = Field(examples=["오픈AI, 서울에 사무소"])
    source: str = Field(examples=["mediapen"])
    source_name: str = Field(examples=["미디어펜"])
    author: str = Field(examples=["김기자"])
    published_at: datetime | None
    first_seen_at: datetime
    confidence: float | None = None


class MatchShape(AnswerShape):
    """One mention: `start` and `end` count characters in the original text of its field."""

    term: str = Field(examples=["OpenAI"])
    alias: str = Field(examples=["openai"])
    field: str = Field(examples=["title"])
    start: int
    end: int
    surface: str = Field(examples=["오픈AI"])
    reason: str


class StoryName(AnswerShape):
    """The story that an article belongs to."""

    id: str


class HandlingShape(AnswerShape):
    """What people have made of a hit or a story; `at` is null while nobody has said anything."""

    state: str = Field(examples=["new"])
    owner: str
    note: str
    author: str
    at: datetime | None
    of: str = Field(examples=["hit"])


class FeedbackShape(AnswerShape):
    """What somebody said of a hit: whether it was meant; `none`: what was said is taken back."""

    feedback: Literal["meant", "not_meant", "none"] = Field(examples=["not_meant"])
    note: str = Field(examples=["the football club"])
    author: str = Field(examples=["kim"])
    at: datetime


class LostHitShape(AnswerShape):
    """A hit that would not be found, and of which nobody said that it was not meant."""

    id: int
    title: str
    url: str


class SuggestionShape(AnswerShape):
    """What a rule could refuse: `match` is its expression then, `yaml` the line to write.

    Of the hits that were looked at `removed` would go: those `refused`, which were not meant, and `lost` others, of which `samples`
    are the latest.
    """

    phrase: str = Field(examples=['EXCEPT "한화 이글스"'])
    match: str = Field(examples=['한화 EXCEPT "한화 이글스"'])
    yaml: str = Field(examples=["match: '한화 EXCEPT \"한화 이글스\"'"])
    added: int = Field(examples=[0])
    removed: int = Field(examples=[4])
    refused: list[int] = Field(examples=[[1201, 1187, 1102]])
    lost: int = Field(examples=[1])
    samples: list[LostHitShape]


class SuggestionsShape(AnswerShape):
    """What the rule of a hit could refuse, the best first; `none` says why there is nothing.

    It was held against `wrong` hits that were not meant, and `others` stored from `since` on.
    """

    hit: int
    rule: str
    match: str
    place: str = Field(examples=["config/rules.yaml:12"])
    since: datetime
    wrong: int
    others: int
    suggestions: list[SuggestionShape]
    none: str | None


class HitShape(AnswerShape):
    """A hit: a rule that an article met. `alerted` is the worst of what became of its messages.

    `feedback` says whether it was meant, null while nobody does.
    """

    id: int = Field(examples=[1201])
    created_at: datetime
    rule: RuleName
    article: ArticleShape
    matches: list[MatchShape]
    excerpt: str
    alerted: str = Field(examples=["sent"])
    channels: int
    reached: int
    story: StoryName
    handling: HandlingShape
    feedback: Literal["meant", "not_meant"] | None


class HitsShape(AnswerShape):
    """A page of hits, the newest articles first; `next` is the cursor of the next page, null on the last.

    `count` is there when it was asked for: how many there are, "10000+" for more than that.
    """

    hits: list[HitShape]
    next: str | None
    count: str | None = Field(None, examples=["127"])


class VersionShape(AnswerShape):
    """What an article said from `since` on; `removed` and `added` are sentences, against the version before."""

    version: int
    since: datetime
    title: str
    title_before: str | None
    removed: list[str]
    added: list[str]
    subtitle: str
    body: str
    captions: list[str]
    outcome: str | None
    looked_at: datetime | None
    next_look_at: datetime | None
    gone_at: datetime | None


class OneHitShape(AnswerShape):
    """A hit, and what its article has said, oldest first."""

    hit: HitShape
    versions: list[VersionShape]


class PointShape(AnswerShape):
    """How many hits of a rule came in the day or hour that begins then, in the configured zone: its date, or with its offset."""

    begins: str = Field(examples=["2026-11-05", "2026-11-05T09:00+09:00"])
    rule_id: str
    hits: int


class TimelineShape(AnswerShape):
    """Counts by hour or day of the configured zone, oldest first."""

    timeline: list[PointShape]


class ActShape(AnswerShape):
    """One act of a story."""

    id: str
    title: str
    first_seen_at: datetime
    last_seen_at: datetime
    articles: int
    outlets: int
    related: str | None


class OutletShape(AnswerShape):
    """An outlet of a story, with how far behind the first one it was."""

    source: str
    source_name: str
    first_seen_at: datetime
    lag_seconds: int
    articles: int
    title: str
    url: str


class StoryShape(AnswerShape):
    """A story with its acts, oldest first, and its outlets in the order in which they told it."""

    id: str
    title: str
    first_seen_at: datetime
    last_seen_at: datetime
    articles: int
    hits: int
    outlets_last_hour: int
    rules: list[str]
    handling: HandlingShape
    outlets: list[OutletShape]
    acts: list[ActShape]


class StoriesShape(AnswerShape):
    """A page of stories with hits; `next` is the cursor of the next page, null on the last and in any order but newest."""

    stories: list[StoryShape]
    next: str | None


class OneStoryShape(AnswerShape):
    """A story."""

    story: StoryShape


class ProblemShape(BaseModel):
    """An error (RFC 9457). `detail` says what is wrong and how to mend it; `errors` names the places of several."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["Unprocessable Entity"])
    status: int = Field(examples=[422])
    detail: str | None = Field(None, examples=["no parameter 'ruel'; did you mean 'rule'?"])


class PrecisionShape(AnswerShape):
    """Of how many hits of 30 days people said that they were meant, and were not; null where they said nothing.

    `low` and `high` bound the share of a rule's hits that are meant, 19 times of 20.
    """

    said: int = Field(examples=[20])
    meant: int = Field(examples=[17])
    not_meant: int = Field(examples=[3])
    share: float | None = Field(examples=[0.85])
    low: float | None = Field(examples=[0.6396])
    high: float | None = Field(examples=[0.9476])


class RuleShape(AnswerShape):
    """A rule in force, and how much it found; `match` is "" for a rule over counts."""

    id: str = Field(examples=["openai"])
    name: str = Field(examples=["OpenAI"])
    match: str = Field(examples=["@openai"])
    sources: list[str]
    channels: list[str]
    tags: list[str]
    severity: str = Field(examples=["info"])
    hits_24h: int
    hits_30d: int
    precision: PrecisionShape


class RulesShape(AnswerShape):
    """The rules of the plan in force."""

    plan: str
    rules: list[RuleShape]


class CheckShape(AnswerShape):
    """One thing that was inspected; `action` says what to do when it is not ok."""

    name: str
    ok: bool
    detail: str
    action: str


class HealthShape(AnswerShape):
    """Whether all is well."""

    ok: bool
    checks: list[CheckShape]


class ExplainedShape(BaseModel):
    """Why something was told, or not: what does not apply is null or empty."""

    url: str
    key: str
    asked_at: datetime
    fate: str = Field(examples=["sent"])
    why: list[dict[str, Any]]
    listed: list[dict[str, Any]]
    lists: list[str]
    sources: list[str]
    read: dict[str, Any] | None
    rules: list[dict[str, Any]]
    other_rules: int
    story: dict[str, Any] | None
    notifications: list[dict[str, Any]]
    hearing: list[dict[str, Any]]
    live: bool
    steps: list[dict[str, Any]]


class AddedShape(AnswerShape):
    """The number of what was stored."""

    id: int = Field(examples=[3])


class EndedShape(AnswerShape):
    """Whether it was in force until now."""

    ended: bool


class OpenedShape(AnswerShape):
    """Whether it was shut until now."""

    opened: bool


class FetchedShape(AnswerShape):
    """Whether it was asked for, or is under way already."""

    asked: bool


class ReloadedShape(AnswerShape):
    """What came of it."""

    lines: list[str]


class OutcomeShape(AnswerShape):
    """What became of the wish to send a delivery again."""

    id: str
    outcome: str = Field(examples=["replayed"])


class ReplayedShape(AnswerShape):
    """What became of each, in the order in which they were named."""

    outcomes: list[OutcomeShape]


class OneArticleShape(AnswerShape):
    """An article, and what it has said, oldest first."""

    article: ArticleShape
    versions: list[VersionShape]


class SpanShape(AnswerShape):
    """What was looked at; `cut`: it took too long, and `until` is how far it came."""

    since: datetime
    until: datetime
    stored_since: datetime | None
    days: float
    articles: int
    without_body: int
    cut: bool


class TriedRuleShape(BaseModel):
    """What one rule would have found and told, in all and day by day."""

    rule: RuleName
    hits: int
    messages: int
    hits_per_day: float | None
    messages_per_day: float | None
    unheard: int
    days: list[dict[str, Any]]
    channels: list[dict[str, Any]]
    samples: list[dict[str, Any]]


class BacktestShape(AnswerShape):
    """What rules would have found and told."""

    span: SpanShape
    rules: list[TriedRuleShape]
