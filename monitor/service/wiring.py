"""Builds what the daemon runs: the one place that names every concrete part."""

from __future__ import annotations

import os
import random
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from monitor.channels.carrier import Carrier
from monitor.channels.sender import ChannelSender
from monitor.cluster.choice import WINDOW, choose
from monitor.config.settings import Settings
from monitor.engine.local import LocalEngine
from monitor.extract.sandbox.parsers import GuardedParser
from monitor.fetch.fetcher import PoliteFetcher
from monitor.model.task import Deliver, Evaluate, Flush, FollowUp, Maintain, Poll, Refresh, Rematch, Task
from monitor.net.apprise_client import AppriseClient
from monitor.net.client import HttpClient
from monitor.net.mail_client import MailClient
from monitor.pipeline.articles import ArticleReader, ArticleStep, ArticleWriter
from monitor.pipeline.count_history import CountHistories
from monitor.pipeline.deliver import Deliverer, DeliveryLeases
from monitor.pipeline.evaluate import CountTicks, Evaluator
from monitor.pipeline.finish import PollFinish
from monitor.pipeline.flush import Flusher
from monitor.pipeline.follow_up import FollowUpStep, Looker
from monitor.pipeline.health_report import HealthReporter
from monitor.pipeline.lease import SourceLeases
from monitor.pipeline.lists import ListPoller, ListReader
from monitor.pipeline.maintain import Maintainer
from monitor.pipeline.new_words import WordMemory
from monitor.pipeline.pacing import Pacer
from monitor.pipeline.page_reader import PageReader
from monitor.pipeline.poll import Backlog, Poller
from monitor.pipeline.ports import Clock, Fetcher, Observer, Parser, Plans, Sender
from monitor.pipeline.refresh import INTERVAL, EditPace, Refresher
from monitor.pipeline.rematch import Rematcher
from monitor.pipeline.steps import Chores, Due, Steps
from monitor.pipeline.unwritten import Unwritten
from monitor.service import lock
from monitor.service.clients import apprise_client, mail_client, page_client, webhook_client
from monitor.service.clock import utc_now
from monitor.service.current_plan import CurrentPlan
from monitor.service.line_chores import LineParts, make_chores
from monitor.store.db.database import Database
from monitor.store.db.sessions import session_name
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.count_alerts import CountAlerts
from monitor.store.write.count_store import CountStore
from monitor.store.write.follow_up_store import FollowUpStore
from monitor.store.write.health_store import HealthStore
from monitor.store.write.line_store import LineStore
from monitor.store.write.maintenance import Maintenance
from monitor.store.write.notification_store import NotificationStore
from monitor.store.write.outbox import Outbox
from monitor.store.write.refresh_store import RefreshStore
from monitor.store.write.repeat_store import RepeatStore
from monitor.store.write.rule_store import RuleStore
from monitor.store.write.source_store import SourceStore
from monitor.store.write.watch_store import WatchStore

# A channel has one message under way at a time, so that this many receivers may be silent before one waits for another.
# A chore that walks through a large database must not keep the line from looking after itself.
LANES: Mapping[type[Task], int] = {
    Poll: 128,
    Deliver: 1_000,
    Flush: 4,
    Evaluate: 4,
    FollowUp: 16,
    Refresh: 8,
    Rematch: 1,
    Maintain: 4,
}
OPTIMIZE_EVERY = 6 * 3600.0
FORGET_EVERY = 3600.0
EXPIRE_EVERY = 3600.0
RECALL_EVERY = 600.0


@dataclass(slots=True)
class ShutdownFlag:
    """Whether the program is shutting down; long steps look at it between two articles."""

    asked: bool = False

    def __call__(self) -> bool:
        """Return whether to stop at the next good place."""
        return self.asked


def owner_prefix(settings: Settings) -> str:
    """Return what the names of all processes that ever held this data folder's lock begin with.

    Whoever holds the lock knows that none of the others runs: their leases are its to free, and nobody else's are.
    """
    return f"{lock.folder_id(settings.data_dir)}:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Every store of one database, and what it refused to write."""

    source_store: SourceStore
    article_store: ArticleStore
    health_store: HealthStore
    follow_up_store: FollowUpStore
    refresh_store: RefreshStore
    notification_store: NotificationStore
    outbox: Outbox
    rule_store: RuleStore
    maintenance: Maintenance
    line_store: LineStore
    unwritten: Unwritten
    count_store: CountStore
    count_alerts: CountAlerts
    watch_store: WatchStore
    repeat_store: RepeatStore

    @classmethod
    def on(cls, database: Database) -> Stores:
        """Return the stores of that database."""
        maintenance = Maintenance(database)
        return cls(
            source_store=SourceStore(database),
            article_store=ArticleStore(database, choose, WINDOW),
            health_store=HealthStore(database),
            follow_up_store=FollowUpStore(database),
            refresh_store=RefreshStore(database),
            notification_store=NotificationStore(database),
            outbox=Outbox(database),
            rule_store=RuleStore(database),
            maintenance=maintenance,
            line_store=LineStore(database),
            unwritten=Unwritten(maintenance),
            count_store=CountStore(database),
            count_alerts=CountAlerts(database),
            watch_store=WatchStore(database),
            repeat_store=RepeatStore(database),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the steps meet of the world: each may be another one (monitor.pipeline.ports)."""

    plans: Plans
    fetcher: Fetcher
    parser: Parser
    sender: Sender
    observer: Observer
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Conduct:
    """How this process works: under which name, by which chances, until when. `lease` is of a message that is sent.

    `keep_articles` is how long articles without a hit stay; None keeps them for ever. `edit_interval` lies between two edits of one
    message at least.
    """

    owner: str
    chance: Callable[[], float]
    stopping: Callable[[], bool]
    lease: timedelta
    keep_articles: timedelta | None
    edit_interval: timedelta = INTERVAL


def make_steps(
    stores: Stores, world: Surroundings, conduct: Conduct, leases: DeliveryLeases, chores: Chores | None = None
) -> Steps:
    """Put every step together; `chores` are those of the line itself."""
    plans, observer, clock = world.plans, world.observer, world.clock
    return Steps(
        make_poller(stores, world, conduct, leases),
        Deliverer(
            plans=plans, leases=leases, sender=world.sender, observer=observer, clock=clock, chance=conduct.chance
        ),
        Flusher(stores.notification_store, plans, clock),
        Rematcher(
            plans=plans,
            article_store=stores.article_store,
            rule_store=stores.rule_store,
            observer=observer,
            clock=clock,
            stopping=conduct.stopping,
        ),
        Maintainer(
            stores.maintenance,
            observer,
            clock,
            plans,
            stores.source_store,
            conduct.keep_articles,
            stores.follow_up_store,
        ),
        FollowUpStep(
            plans=plans,
            look=Looker(PageReader(world.fetcher, world.parser, clock)),
            store=stores.follow_up_store,
            writer=ArticleWriter(stores.article_store, leases, clock),
            observer=observer,
            owner=conduct.owner,
        ),
        Evaluator(
            plans=plans,
            histories=CountHistories(stores.count_store, stores.watch_store, stores.count_alerts),
            words=WordMemory(stores.count_store),
            alerts=stores.count_alerts,
            observer=observer,
            clock=clock,
        ),
        Refresher(
            plans=plans,
            store=stores.refresh_store,
            sender=world.sender,
            observer=observer,
            clock=clock,
            pace=EditPace(conduct.lease, conduct.chance, conduct.edit_interval),
        ),
        chores or {},
    )


def make_leases(stores: Stores, world: Surroundings, conduct: Conduct) -> DeliveryLeases:
    """Return what takes messages for this process."""
    return DeliveryLeases(
        outbox=stores.outbox,
        clock=world.clock,
        owner=conduct.owner,
        unwritten=stores.unwritten,
        lease=conduct.lease,
        stopping=conduct.stopping,
    )


def make_poller(stores: Stores, world: Surroundings, conduct: Conduct, leases: DeliveryLeases) -> Poller:
    """Put the step behind Poll together."""
    source_store, article_store, observer, clock = (
        stores.source_store,
        stores.article_store,
        world.observer,
        world.clock,
    )
    pacer = Pacer(source_store=source_store)
    return Poller(
        plans=world.plans,
        leases=SourceLeases(source_store=source_store, clock=clock, owner=conduct.owner, unwritten=stores.unwritten),
        lists=ListPoller(
            reader=ListReader(world.fetcher, world.parser, clock),
            source_store=source_store,
            pacer=pacer,
            observer=observer,
            clock=clock,
        ),
        backlog=Backlog(source_store=source_store, clock=clock, stopping=conduct.stopping),
        articles=ArticleStep(
            plans=world.plans,
            reader=ArticleReader(
                pages=PageReader(world.fetcher, world.parser, clock),
                article_store=article_store,
                clock=clock,
                chance=conduct.chance,
            ),
            source_store=source_store,
            writer=ArticleWriter(article_store, leases, clock),
            observer=observer,
            clock=clock,
        ),
        finish=PollFinish(
            source_store=source_store,
            pacer=pacer,
            reporter=HealthReporter(stores.health_store, observer, clock),
            observer=observer,
            clock=clock,
            chance=conduct.chance,
        ),
    )


def make_due(stores: Stores, plans: Plans, clock: Clock) -> Due:
    """Return what finds in the stores what is due."""
    return Due(
        stores.source_store,
        stores.outbox,
        stores.notification_store,
        stores.rule_store,
        stores.follow_up_store,
        stores.refresh_store,
        clock,
        stores.unwritten,
        CountTicks(plans),
    )


@dataclass(frozen=True, slots=True)
class Parts:
    """The running parts that the daemon starts, asks and stops."""

    engine: LocalEngine
    database: Database
    stores: Stores
    leases: DeliveryLeases
    due: Due
    pages: HttpClient
    webhooks: HttpClient
    mail: MailClient
    relay: AppriseClient
    parser: GuardedParser

    async def aclose(self) -> None:
        """Close connections; committed work stays."""
        await self.pages.aclose()
        await self.webhooks.aclose()
        await self.mail.aclose()
        await self.relay.aclose()
        await self.parser.aclose()
        await self.database.aclose()


def build(
    settings: Settings, current_plan: CurrentPlan, observer: Observer, shutdown: ShutdownFlag, clock: Clock = utc_now
) -> Parts:
    """Wire all rooms together. Must be called on the event loop that will run them."""
    folder, host, pid = lock.folder_id(settings.data_dir), socket.gethostname(), os.getpid()
    database = Database(settings.database, session=session_name(folder, pid, host))
    stores = Stores.on(database)
    pages, webhooks, mail, relay, parser = (
        page_client(settings),
        webhook_client(settings),
        mail_client(settings),
        apprise_client(settings),
        GuardedParser(),
    )
    world = Surroundings(
        plans=current_plan,
        fetcher=PoliteFetcher(pages, clock, per_host_interval=settings.fetch.per_host_interval),
        parser=parser,
        sender=ChannelSender(Carrier(webhooks, mail, relay, settings.deliver.timeout)),
        observer=observer,
        clock=clock,
    )
    conduct = Conduct(
        owner=f"{owner_prefix(settings)}{host}:{pid}:{random.getrandbits(32):08x}",
        chance=random.random,
        stopping=shutdown,
        lease=timedelta(seconds=2 * settings.deliver.timeout),
        keep_articles=timedelta(seconds=settings.retention.articles) if settings.retention.articles else None,
    )
    due = make_due(stores, current_plan, clock)
    line = LineParts(
        line_store=stores.line_store,
        notification_store=stores.notification_store,
        maintenance=stores.maintenance,
        plans=current_plan,
        observer=observer,
        clock=clock,
        client=webhooks,
        watch_store=stores.watch_store,
        repeat_store=stores.repeat_store,
    )
    chores = make_chores(settings, line)
    leases = make_leases(stores, world, conduct)
    engine = LocalEngine(make_steps(stores, world, conduct, leases, chores), due, observer.report, lanes=LANES)
    return Parts(engine, database, stores, leases, due, pages, webhooks, mail, relay, parser)
