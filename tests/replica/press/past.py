"""Two days of invented news in seconds: through the real fetcher, extraction, rules, stories, policy and outbox, on a moved clock."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from monitor.extract.sandbox.parsers import InlineParser
from monitor.model.delivery import Delivery, Outcome, Verdict
from monitor.model.feedback import NewFeedback, Relevance
from monitor.model.handling import HandlingState, HandlingSubject, NewHandling
from monitor.model.notification import NewSilence
from monitor.model.plan import Channel
from monitor.model.records import HitQuery
from monitor.model.task import Task
from monitor.pipeline.steps import Steps
from monitor.service.app import App as Installation
from monitor.service.configuration import read
from monitor.service.current_plan import CurrentPlan, ready
from monitor.service.wiring import Conduct, Stores, Surroundings, make_due, make_leases, make_steps
from monitor.store.db.database import Database
from monitor.store.db.migrate import upgrade
from tests.journeys.hall import Fetching, Hall
from tests.pipeline.app import Clock, Witness
from tests.replica.newsroom import Failing, Newsroom
from tests.replica.press.news import BEFORE, Print
from tests.replica.press.outlets import FORBIDDEN, ILL, OUTLETS, REFUSING
from tests.replica.press.settings import SHUT

STEP: Final = (240.0, 900.0)
"""By how many seconds the clock is moved at a time, at least and at most."""
_SHUT_FOR: Final = timedelta(hours=4)
_ILL_FOR: Final = timedelta(hours=3)
_REFUSED_FOR: Final = timedelta(hours=39)
_RETRIED_AT: Final = 40  # of so many messages one is refused at first


class Receivers:
    """What the receivers of the channels answered: most took it at once, now and then one was busy, one wanted no more."""

    def __init__(self, shut_from: datetime) -> None:
        """Take from when on one channel is shut."""
        self._shut_from, self._sent = shut_from, 0

    async def send(self, delivery: Delivery, channel: Channel, now: datetime) -> Outcome:
        """Return what the receiver of that channel said then."""
        self._sent += 1
        if channel.id == SHUT and now >= self._shut_from:
            return Outcome(Verdict.CHANNEL_GONE, 404, "404: Unknown Webhook", 31.0)
        if delivery.attempt == 1 and self._sent % _RETRIED_AT == 0:
            return Outcome(Verdict.RETRY, 503, "service unavailable", 212.0)
        return Outcome(Verdict.DELIVERED, 200, "", 24.0)

    async def edit(self, delivery: Delivery, channel: Channel, now: datetime, receipt: str) -> Outcome:
        """Return that a message was edited, which none of these channels asks for."""
        del delivery, channel, now, receipt
        return Outcome(Verdict.DELIVERED, 200, "", 24.0)


@dataclass(frozen=True, slots=True)
class Past:
    """The two days before `now`: where the configuration is, and what is printed where."""

    folder: Path
    environ: Mapping[str, str]
    now: datetime
    rooms: Sequence[Newsroom]
    printed: Sequence[Print]

    async def live(self) -> None:
        """Let the two days pass, then what people made of them."""
        clock, database = Clock(), self.environ["MONITOR_DATABASE_URL"]
        clock.now = self.now - BEFORE
        upgrade(database)
        hall = Hall(*self.rooms)
        opened = Database(database)
        try:
            await self._days(clock, opened, hall)
        finally:
            await opened.aclose()
            await hall.aclose()
        await self._people()

    async def _days(self, clock: Clock, database: Database, hall: Hall) -> None:
        prepared = ready(read(self.folder, self.environ))
        plans, stores = CurrentPlan(prepared), Stores.on(database)
        world = Surroundings(
            plans=plans,
            fetcher=Fetching(hall)(clock),
            parser=InlineParser(),
            sender=Receivers(self.now - _SHUT_FOR),
            observer=Witness(),
            clock=clock,
        )
        conduct = Conduct(
            owner="past",
            chance=random.Random(1).random,
            stopping=lambda: False,
            lease=timedelta(minutes=1),
            keep_articles=None,
        )
        steps = make_steps(stores, world, conduct, make_leases(stores, world, conduct))
        due = make_due(stores, plans, clock)
        await stores.source_store.sync_plan(prepared.plan, clock())
        ahead = list(self.printed)
        chance = random.Random(2)
        while clock.now <= self.now:
            ahead = self._turn_on(clock.now, ahead)
            tasks: Sequence[Task] = await due()
            while tasks:  # side by side, as the daemon does it: they share the commits of the database
                followed = await asyncio.gather(*(_done(steps, task) for task in tasks))
                tasks = [following for some in followed for following in some]
            clock.now += timedelta(seconds=chance.uniform(*STEP))

    def _turn_on(self, at: datetime, ahead: list[Print]) -> list[Print]:
        """Print what is due and let two outlets become ill; return what is still to be printed."""
        rooms = {outlet.id: room for outlet, room in zip(OUTLETS, self.rooms, strict=True)}
        for room in self.rooms:
            room.shelf.clock = at.timestamp
        while ahead and ahead[0].piece.published_at <= at:
            rooms[ahead[0].outlet].publish(ahead[0].piece)
            ahead = ahead[1:]
        if at >= self.now - _ILL_FOR and not isinstance(rooms[ILL].mode, Failing):
            rooms[ILL].mode = Failing(503, retry_after=None)
        if at >= self.now - _REFUSED_FOR and rooms[REFUSING].robots is None:
            rooms[REFUSING].robots = FORBIDDEN
        return ahead

    async def _people(self) -> None:
        """Let the desk handle, keep, judge, silence and send again."""
        app = Installation(folder=self.folder, environ=self.environ)
        hits = (await app.hit_page(HitQuery(until=self.now - timedelta(hours=9), limit=500))).hits
        states = (HandlingState.HANDLED, HandlingState.HANDLED, HandlingState.KEPT, HandlingState.IGNORED)
        for number, hit in enumerate(hits):
            if number % 3 == 0:
                continue
            said_at = min(hit.created_at + timedelta(minutes=20), self.now - timedelta(minutes=5))
            state = states[number % len(states)]
            owner = "이두레" if state is HandlingState.KEPT else None
            said = NewHandling(state=state, author="최마루", at=said_at, owner=owner)
            await app.triage.handle(HandlingSubject(hit_id=hit.id), said)
            if state is not HandlingState.HANDLED:
                meant = Relevance.NOT_MEANT if state is HandlingState.IGNORED else Relevance.MEANT
                await app.triage.add_feedback(hit.id, NewFeedback(relevance=meant, author="최마루", at=said_at))
        await app.triage.add_silence(
            NewSilence(
                created_at=self.now - timedelta(hours=3),
                ends_at=self.now + timedelta(hours=9),
                author="이두레",
                why="공채 시즌",
                rule_id="rivals",
                word="채용",
            )
        )
        taken = [one for one in await app.deliveries("done", 50) if one.channel_id == "our-team"]
        await app.sending.replay([one.id for one in taken[:2]])


async def _done(steps: Steps, task: Task) -> list[Task]:
    """Do a task; return what follows from it."""
    return [following async for following in steps(task)]
