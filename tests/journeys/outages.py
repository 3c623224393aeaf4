"""Receivers that are away for hours or days, on a clock that is moved: everything but the passing of time is real.

Store, outbox, steps, client and sockets are the product's own. The clock jumps to the next second at which the daemon would
find anything due, so that three days of waiting are as many posts as a daemon would make, and no more.
"""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from monitor.channels.carrier import Carrier
from monitor.channels.sender import ChannelSender
from monitor.channels.words.compose import compose
from monitor.cluster.choice import WINDOW, choose
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.config.settings import DeliverSettings, Settings
from monitor.model.hit import Hit, Match
from monitor.model.plan import Channel, Rule
from monitor.model.task import Deliver
from monitor.notify.policy import decide_hits
from monitor.schedule.calendar import CALENDAR
from monitor.service.clients import apprise_client, mail_client, webhook_client
from monitor.store.tables.schema import channel_state, delivery
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from tests.contracts.reports import told
from tests.net.raw_server import LOOPBACK
from tests.pipeline.app import START, App, Clock, build, plan
from tests.replica.mood import Mood, Reply
from tests.replica.receiver import Post, Receiver

SECRET = "whsec_" + "bW9uaXRvci1vdXRhZ2Utc2VjcmV0LTMyLWJ5dGVzISE="
PATIENCE = 0.3  # seconds of the real clock for which a silent receiver is waited for
MATCH = Match("OpenAI", "오픈AI", "title", 0, 4, "오픈AI", "bare")
_head = delivery.alias()
_NEXT_DUE = (
    select(func.min(delivery.c.due_at))
    .join(channel_state, channel_state.c.id == delivery.c.channel_id)
    .where(
        channel_state.c.disabled_at.is_(None),
        delivery.c.state == "pending",
        delivery.c.seq
        == select(func.min(_head.c.seq))
        .where(_head.c.channel_id == delivery.c.channel_id, _head.c.state.in_(("pending", "leased")))
        .scalar_subquery(),
    )
)


class Weather(Mood):
    """Replies as the time says: `spell` returns the reply at a moment, None for a usual one."""

    def __init__(self, clock: Callable[[], datetime], spell: Callable[[timedelta], Reply | None]) -> None:
        super().__init__()
        self._clock = clock
        self._spell = spell

    def next(self) -> Reply:
        """Return the reply of this moment."""
        return self._spell(self._clock() - START) or self.usual


@dataclass(frozen=True, slots=True)
class Seen:
    """A post, and how long after the start it came."""

    at: timedelta
    post: Post

    @property
    def channel(self) -> str:
        """Return the channel it came through."""
        return self.post.path.strip("/")

    @property
    def taken(self) -> bool:
        """Return whether the receiver took it."""
        return self.post.answered == "200"


@dataclass
class Street:
    """Channels that lead to real receivers, and everything that these have seen."""

    app: App
    store: ArticleStore
    seen: list[Seen] = field(default_factory=list)
    stored: dict[str, timedelta] = field(default_factory=dict)
    count: int = 0

    @property
    def at(self) -> timedelta:
        """Return how long ago the start was."""
        return self.app.clock() - START

    async def live(self, until: timedelta, every: timedelta | None = None) -> None:
        """Let time pass; with `every` an article that concerns all channels is stored so often."""
        arrival = self.at if every else until
        while True:
            due = await self._next_due()
            self.app.clock.now = START + max(self.at, min(due, arrival, until))
            if every and self.at >= arrival:
                await self._publish()
                arrival += every
            if self.at >= until:
                return
            await self.app.tick()

    async def _next_due(self) -> timedelta:
        found = await self.app.database.read(lambda connection: connection.execute(_NEXT_DUE).scalar())
        if found is None:
            return timedelta.max
        moment = found.replace(tzinfo=UTC) if found.tzinfo is None else found
        return timedelta(seconds=math.ceil((moment - START).total_seconds()))  # a daemon looks once a second

    async def _publish(self) -> None:
        self.count += 1
        current = self.app.current_plan.plan
        article = told(self.count, f"k{self.count}", self.app.clock())
        hits = tuple(Hit(rule.id, rule.name, "v1", (MATCH,), "오픈AI가 …") for rule in current.rules)
        write = ArticleWrite(None, article, sign(article, shipped()), hits)
        result = await self.store.commit(
            write, partial(decide_hits, plan=current, calendar=CALENDAR), compose, self.app.clock()
        )
        self.stored |= dict.fromkeys(result.deliveries, self.at)
        await self.app.run(*(Deliver(one) for one in result.deliveries))

    def first_taken(self, channel: str) -> dict[str, Seen]:
        """Return of each message of a channel the first post that was taken, in the order in which they were."""
        found: dict[str, Seen] = {}
        for one in self.seen:
            if one.taken and one.channel == channel:
                found.setdefault(one.post.id, one)
        return found

    def tries(self, channel: str) -> list[Seen]:
        """Return every post through a channel."""
        return [one for one in self.seen if one.channel == channel]

    async def states(self, channel: str) -> list[str]:
        """Return where the messages of a channel stand, in their order."""
        wanted = select(delivery.c.state).where(delivery.c.channel_id == channel).order_by(delivery.c.seq)
        return await self.app.database.read(lambda connection: list(connection.execute(wanted).scalars()))

    async def attempts(self, channel: str) -> list[int]:
        """Return how often each message of a channel was tried, in their order."""
        wanted = select(delivery.c.attempts).where(delivery.c.channel_id == channel).order_by(delivery.c.seq)
        return await self.app.database.read(lambda connection: list(connection.execute(wanted).scalars()))


@asynccontextmanager
async def street(folder: Path, urls: Mapping[str, str]) -> AsyncIterator[Street]:
    """Open a street of channels, each with a rule of its own, that lead to `urls`."""
    channels = tuple(Channel(name, "webhook", url, (SECRET,)) for name, url in urls.items())
    rules = tuple(Rule(f"r-{one.id}", one.id, "오픈AI", (), (one.id,)) for one in channels)
    app = await build(folder, plan(sources=(), rules=rules, channels=channels))
    settings = Settings(deliver=DeliverSettings(timeout=PATIENCE, allow_networks=LOOPBACK))
    client, mail = webhook_client(settings), mail_client(settings)
    sender = ChannelSender(Carrier(client, mail, apprise_client(settings), PATIENCE))
    app.steps = replace(app.steps, deliver=replace(app.steps.deliver, sender=sender))
    try:
        yield Street(app, ArticleStore(app.database, choose, WINDOW))
    finally:
        await client.aclose()
        await mail.aclose()
        await app.database.aclose()


def receiver_for(made: Street, mood: Mood | None = None, port: int = 0) -> Receiver:
    """Return a receiver that notes in the street what it sees; its own clock does not pass, so it asks for no age."""
    return Receiver(
        mood, secrets=(SECRET,), port=port, check_age=False, on_post=lambda post: made.seen.append(Seen(made.at, post))
    )


__all__ = ["SECRET", "START", "Clock", "Reply", "Seen", "Street", "Weather", "receiver_for", "street"]
