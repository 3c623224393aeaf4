# ruff: noqa: ANN401 - a default may be replaced by any field of its value
"""Invented values for the store's tests, with defaults for all that a test does not care about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.model.article import Article, Entry, ListWrite
from monitor.model.delivery import AttemptResult, Compose, DeliveryState, MessageContext, MessageDraft
from monitor.model.hit import Hit, Match
from monitor.model.notification import Notification, Situation, Suppression
from monitor.model.page import Validators
from monitor.model.plan import Channel, Interval, Plan, Rule, Source
from monitor.model.story import Signature
from monitor.store.write.article_store import ArticleStore, ArticleWrite, WriteResult
from monitor.store.write.messages import Announcement

NOW = datetime(2026, 11, 5, 2, 32, 16, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = timedelta(seconds=30)
LIST = "https://news.example/list"


def later(seconds: float) -> datetime:
    """Return the moment that many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def source(source_id: str = "herald", **changes: Any) -> Source:
    """Return a source that is polled each minute."""
    values: dict[str, Any] = {"name": "한빛일보", "kind": "list", "urls": (LIST,), "every": Interval(60)}
    return Source(id=source_id, **(values | changes))


def channel(channel_id: str = "desk", **changes: Any) -> Channel:
    """Return a channel that is set up."""
    values: dict[str, Any] = {"kind": "webhook", "url": "https://hooks.example/in", "secrets": ("whsec_Y2FuYXJ5",)}
    return Channel(id=channel_id, **(values | changes))


def plan(*sources: Source, channels: tuple[Channel, ...] = (), version: str = "v1") -> Plan:
    """Return a plan of those sources (one by default) and channels."""
    return Plan(
        version=version,
        sources=sources or (source(),),
        rules=(Rule("openai", "OpenAI", "오픈AI", channels=("desk",)),),
        channels=channels,
    )


def entry(key: str = "k1", **changes: Any) -> Entry:
    """Return an entry of that key."""
    return Entry(key=key, url=f"https://news.example/{key}", **({"title": f"제목 {key}"} | changes))


def listing(*entries: Entry, source_id: str = "herald", url: str = LIST, etag: str = '"1"') -> ListWrite:
    """Return a first reading that showed those entries."""
    return ListWrite(source_id, url, entries, Validators(etag=etag), first=True)


def article(key: str = "k1", **changes: Any) -> Article:
    """Return an article of that key."""
    values: dict[str, Any] = {
        "url": f"https://news.example/{key}",
        "source_id": "herald",
        "title": f"오픈AI, 서울에 사무소 ({key})",
        "first_seen_at": NOW,
        "body": "오픈AI는 5일 서울 사무소를 연다고 밝혔다.",
    }
    return Article(key=key, **(values | changes))


def hit(rule_id: str = "openai", **changes: Any) -> Hit:
    """Return a hit of one mention."""
    match = Match("OpenAI", "오픈AI", "body", 0, 4, "오픈AI", "particle 는")
    values: dict[str, Any] = {"rule_name": rule_id.upper(), "plan_version": "v1", "matches": (match,), "excerpt": "…"}
    return Hit(rule_id=rule_id, **(values | changes))


@dataclass(frozen=True)
class Finding:
    """A hit together with the decisions about whom to tell, as a test wants them."""

    hit: Hit
    notifications: tuple[Notification, ...]


@dataclass(frozen=True)
class Reading:
    """What is to be stored of an article, with the decisions about its hits."""

    entry_id: int | None
    article: Article
    signature: Signature
    findings: tuple[Finding, ...]

    def decide(self, situation: Situation) -> tuple[Notification, ...]:
        """Return the decisions; of a hit that was there before only what a first run held back is decided again."""
        found = {finding.hit.rule_id: dict.fromkeys(finding.notifications) for finding in self.findings}
        return tuple(
            told
            for stored in situation.hits
            for told in found[stored.hit.rule_id]
            if stored.new or stored.notified.get(told.channel_id) == Suppression.BASELINE
        )


async def keep(
    article_store: ArticleStore, reading: Reading, render: Callable[[MessageContext, int], bytes], now: datetime
) -> WriteResult:
    """Store a reading; `render` makes the body of a message about one hit."""
    hits = tuple(finding.hit for finding in reading.findings)
    write = ArticleWrite(reading.entry_id, reading.article, reading.signature, hits)
    return await article_store.commit(write, reading.decide, composed(render), now)


def composed(render: Callable[[MessageContext, int], bytes]) -> Compose:
    """Return what makes the body of a message from what makes it for one hit: one line for each."""

    def compose(message: MessageDraft) -> bytes:
        return b"\n".join(
            f"{message.type} {message.seq}".encode()
            if not isinstance(item, MessageContext)
            else render(item, message.seq)
            for item in message.items
        )

    return compose


def finding(rule_id: str = "openai", *channels: str, suppressed: Suppression | None = None) -> Finding:
    """Return a hit with an alert for each channel (desk by default)."""
    return Finding(hit(rule_id), tuple(Notification(name, rule_id, suppressed) for name in channels or ("desk",)))


def reading(key: str = "k1", *findings: Finding, entry_id: int | None = None) -> Reading:
    """Return a reading of the article of that key (with one finding by default), which joins no story."""
    return Reading(entry_id, article(key), Signature(), findings or (finding(),))


def render(context: MessageContext, seq: int) -> bytes:
    """Render what a test can recognise."""
    return f"{seq} {context.article.key} {context.hit.rule_id}".encode()


UNTOLD = Announcement(lambda *_: (), lambda _: b"{}")
"""Tells nobody of anything."""


def result(state: DeliveryState = DeliveryState.DONE, **changes: Any) -> AttemptResult:
    """Return the meaning of an attempt; done with 200 by default."""
    values: dict[str, Any] = {"status": 200, "detail": "", "elapsed_ms": 12.5}
    return AttemptResult(state=state, **(values | changes))
