"""Builds what the daemon runs: the one place that names every concrete part."""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from monitor.channels.sender import ChannelSender
from monitor.cluster.choice import WINDOW, choose
from monitor.config.settings import Settings
from monitor.engine.local import LocalEngine
from monitor.extract.sandbox.parsers import GuardedParser
from monitor.fetch.fetcher import PoliteFetcher
from monitor.model.task import Deliver, Flush, Maintain, Poll, Rematch, Task
from monitor.net.client import HttpClient
from monitor.pipeline.articles import ArticleReader, ArticleStep
from monitor.pipeline.deliver import Deliverer, DeliveryLeases
from monitor.pipeline.finish import PollFinish
from monitor.pipeline.flush import Flusher
from monitor.pipeline.health_report import HealthReporter
from monitor.pipeline.lease import SourceLeases
from monitor.pipeline.lists import ListPoller, ListReader
from monitor.pipeline.maintain import Maintainer
from monitor.pipeline.pacing import Pacer
from monitor.pipeline.poll import Backlog, Poller
from monitor.pipeline.ports import Clock, Observer
from monitor.pipeline.rematch import Rematcher
from monitor.pipeline.steps import Due, Steps
from monitor.pipeline.unwritten import Unwritten
from monitor.service import lock
from monitor.service.clients import page_client, webhook_client
from monitor.service.clock import utc_now
from monitor.service.current_plan import CurrentPlan
from monitor.store.db.database import Database
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.health_store import HealthStore
from monitor.store.write.maintenance import Maintenance
from monitor.store.write.notification_store import NotificationStore
from monitor.store.write.outbox import Outbox
from monitor.store.write.rule_store import RuleStore
from monitor.store.write.source_store import SourceStore

LANES: Mapping[type[Task], int] = {Poll: 128, Deliver: 32, Flush: 4, Rematch: 1, Maintain: 1}
OPTIMIZE_EVERY = 6 * 3600.0
FORGET_EVERY = 3600.0
EXPIRE_EVERY = 3600.0
RECALL_EVERY = 600.0


@dataclass(frozen=True, slots=True)
class Parts:
    """The running parts that the daemon starts, asks and stops."""

    engine: LocalEngine
    database: Database
    source_store: SourceStore
    outbox: Outbox
    maintenance: Maintenance
    due: Due
    unwritten: Unwritten
    pages: HttpClient
    webhooks: HttpClient
    parser: GuardedParser

    async def aclose(self) -> None:
        """Close connections; committed work stays."""
        await self.pages.aclose()
        await self.webhooks.aclose()
        await self.parser.aclose()
        await self.database.aclose()


@dataclass(slots=True)
class ShutdownFlag:
    """Whether the program is shutting down; long steps look at it between two articles."""

    asked: bool = False

    def __call__(self) -> bool:
        """Return whether to stop at the next good place."""
        return self.asked


def owners(settings: Settings) -> str:
    """Return what the names of all processes that ever held this data folder's lock begin with.

    Whoever holds the lock knows that none of the others runs: their leases are its to free, and nobody else's are.
    """
    return f"{lock.folder_id(settings.data_dir)}:"


def build(
    settings: Settings, current_plan: CurrentPlan, observer: Observer, shutdown: ShutdownFlag, clock: Clock = utc_now
) -> Parts:
    """Wire all rooms together. Must be called on the event loop that will run them."""
    chance: Callable[[], float] = random.random
    owner = f"{owners(settings)}{socket.gethostname()}:{os.getpid()}:{random.getrandbits(32):08x}"
    database = Database(settings.database)
    source_store, outbox = SourceStore(database), Outbox(database)
    article_store, maintenance = ArticleStore(database, choose, WINDOW), Maintenance(database)
    notification_store = NotificationStore(database)
    unwritten = Unwritten(maintenance)
    pages, webhooks = page_client(settings), webhook_client(settings)
    fetcher = PoliteFetcher(pages, clock, per_host_interval=settings.fetch.per_host_interval)
    parser = GuardedParser()
    keep = timedelta(seconds=settings.retention.articles) if settings.retention.articles else None
    pacer = Pacer(source_store=source_store)
    poller = Poller(
        plans=current_plan,
        leases=SourceLeases(source_store=source_store, clock=clock, owner=owner, unwritten=unwritten),
        lists=ListPoller(
            reader=ListReader(fetcher, parser, clock),
            source_store=source_store,
            pacer=pacer,
            observer=observer,
            clock=clock,
        ),
        backlog=Backlog(source_store=source_store, clock=clock, stopping=shutdown),
        articles=ArticleStep(
            plans=current_plan,
            reader=ArticleReader(
                fetcher=fetcher, parser=parser, article_store=article_store, clock=clock, chance=chance
            ),
            source_store=source_store,
            article_store=article_store,
            observer=observer,
            clock=clock,
        ),
        finish=PollFinish(
            source_store=source_store,
            pacer=pacer,
            reporter=HealthReporter(HealthStore(database), observer, clock),
            observer=observer,
            clock=clock,
            chance=chance,
        ),
    )
    lease = timedelta(seconds=2 * settings.deliver.timeout)
    deliverer = Deliverer(
        plans=current_plan,
        leases=DeliveryLeases(outbox=outbox, clock=clock, owner=owner, unwritten=unwritten, lease=lease),
        sender=ChannelSender(webhooks),
        observer=observer,
        clock=clock,
        chance=chance,
    )
    rule_store = RuleStore(database)
    rematcher = Rematcher(
        plans=current_plan,
        article_store=article_store,
        rule_store=rule_store,
        observer=observer,
        clock=clock,
        stopping=shutdown,
    )
    maintainer = Maintainer(maintenance, observer, clock, current_plan, source_store, keep)
    steps = Steps(poller, deliverer, Flusher(notification_store, clock), rematcher, maintainer)
    due = Due(source_store, outbox, notification_store, rule_store, clock, unwritten)
    engine = LocalEngine(steps, due, observer.report, lanes=LANES)
    return Parts(engine, database, source_store, outbox, maintenance, due, unwritten, pages, webhooks, parser)
