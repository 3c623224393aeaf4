"""The steps on a real SQLite store, with a scripted fetcher and sender at the edge of the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from monitor.extract.sandbox.parsers import InlineParser
from monitor.match.ruleset import RuleSet, compile_rules
from monitor.model.delivery import Delivery, Outcome, Verdict
from monitor.model.errors import FetchError, FetchReason
from monitor.model.event import Event
from monitor.model.page import Page, Validators
from monitor.model.plan import Channel, Interval, Plan, Rule, Source
from monitor.model.policy import StoryPolicy
from monitor.model.task import Task
from monitor.pipeline.deliver import DeliveryLeases
from monitor.pipeline.ports import Fetcher
from monitor.pipeline.steps import Due, Steps
from monitor.service.wiring import Conduct, Stores, Surroundings, make_due, make_leases, make_steps
from monitor.store.db.database import Database
from monitor.store.db.migrate import upgrade
from monitor.store.read.queries import SqlReader
from monitor.store.write.source_store import SourceStore

START = datetime(2025, 2, 5, 6, 0, tzinfo=UTC)
LIST = "https://paper.example/list"
DESK = Channel("desk", "webhook", "https://hooks.example/x")
OPENAI = Rule("openai", "OpenAI", "@openai", (), ("desk",), stories=StoryPolicy("all"))  # invented articles are alike
ALIASES = {"openai": ("OpenAI", "오픈AI"), "deepseek": ("DeepSeek", "딥시크")}


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


class Press:
    """What the world's pages say: text by URL, or the error that a fetch of it ends in."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.pages: dict[str, str | Exception] = {}
        self.asked: list[str] = []
        self.headers: dict[str, dict[str, str]] = {}
        self.ends: dict[str, str] = {}
        """Where an address ends that sends on."""

    def listing(self, *numbers: int, url: str = LIST) -> None:
        links = "".join(
            f'<li><a href="/news/view/{1000 + n}">기사 번호 {n} 의 충분히 긴 제목입니다</a></li>' for n in numbers
        )
        self.pages[url] = f"<html lang=ko><body><ul>{links}</ul></body></html>"

    def article(self, number: int, body: str, title: str = "") -> str:
        url = f"https://paper.example/news/view/{1000 + number}"
        title = title or f"기사 번호 {number} 의 충분히 긴 제목입니다"
        text = f"<p>{body}</p>" + "<p>이 기사는 시험을 위하여 지어낸 것이다. 아무 뜻이 없는 문장이 이어진다.</p>" * 6
        head = f"<title>{title}</title><meta property='og:title' content='{title}'>"
        self.pages[url] = (
            f"<html lang=ko><head>{head}</head><body><article><h1>{title}</h1>{text}</article></body></html>"
        )
        return url

    async def fetch(self, url: str, known: Validators | None = None, headers: Mapping[str, str] | None = None) -> Page:
        self.asked.append(url)
        self.headers[url] = dict(headers or {})
        found = self.pages.get(url)
        if found is None:
            raise FetchError(url, FetchReason.STATUS, "404", transient=False, status=404)
        if isinstance(found, Exception):
            raise found
        validators = Validators(body_hash=sha256(found.encode()).hexdigest())
        same = known is not None and known.body_hash == validators.body_hash
        return Page(
            url,
            self.ends.get(url, url),
            200,
            "" if same else found,
            "text/html",
            "utf-8",
            "header",
            validators,
            self._clock(),
            1.0,
            same,
        )


class Post:
    """A receiver that answers as told, 200 by default."""

    def __init__(self) -> None:
        self.sent: list[Delivery] = []
        self.answers: list[Outcome] = []
        self.receipt = ""
        self.edited: list[Delivery] = []
        self.verdicts: list[Outcome] = []

    async def send(self, delivery: Delivery, channel: Channel, now: datetime) -> Outcome:
        assert channel.id == delivery.channel_id
        assert now.tzinfo is UTC
        self.sent.append(delivery)
        return self.answers.pop(0) if self.answers else Outcome(Verdict.DELIVERED, 200, "", 1.0, receipt=self.receipt)

    async def edit(self, delivery: Delivery, channel: Channel, now: datetime, receipt: str) -> Outcome:
        assert channel.id == delivery.channel_id
        assert now.tzinfo is UTC
        assert receipt
        self.edited.append(delivery)
        return self.verdicts.pop(0) if self.verdicts else Outcome(Verdict.DELIVERED, 200, "", 1.0)


class Witness:
    """Remembers every event."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def report(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


class Book:
    """The plan in force, changed by tests."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rules: RuleSet = compile_rules(plan.rules, plan.aliases)

    def current(self) -> tuple[Plan, RuleSet]:
        return self.plan, self.rules

    def set(self, plan: Plan) -> None:
        self.plan, self.rules = plan, compile_rules(plan.rules, plan.aliases)


@dataclass
class App:
    """All steps, wired by hand."""

    url: str
    database: Database
    current_plan: Book
    clock: Clock
    press: Press
    post: Post
    witness: Witness
    steps: Steps
    due: Due
    source_store: SourceStore
    leases: DeliveryLeases
    stopping: list[bool] = field(default_factory=list)

    async def run(self, *tasks: Task) -> list[Task]:
        """Do the tasks and everything that follows from them; return all that followed."""
        queue, followed = list(tasks), []
        while queue:
            async for following in self.steps(queue.pop(0)):
                queue.append(following)
                followed.append(following)
        return followed

    async def tick(self) -> None:
        """Do everything that is due now."""
        await self.run(*await self.due())

    async def put(self, plan: Plan) -> None:
        """Put a plan in force."""
        self.current_plan.set(plan)
        await self.source_store.sync_plan(plan, self.clock())

    def reader(self) -> SqlReader:
        return SqlReader(self.url)


def plan(*, version: str = "v1", **changes: object) -> Plan:
    """Return the plan of one list, one rule and one channel, with changes."""
    source = Source("paper", "신문", "list", (LIST,), Interval(300.0))
    base = Plan(version, (source,), (OPENAI,), (DESK,), ALIASES)
    return replace(base, **changes)  # type: ignore[arg-type]  # the fields are checked by the dataclass's own users


def half() -> float:
    """Draw the middle of all chances."""
    return 0.5


def conduct(stopping: Callable[[], bool] = lambda: False) -> Conduct:
    """Return how the steps work here: by no chance at all."""
    return Conduct(
        owner="me", chance=half, stopping=stopping, lease=timedelta(seconds=30), keep_articles=timedelta(days=90)
    )


async def build(folder: Path, wanted: Plan, fetching: Callable[[Clock], Fetcher] | None = None) -> App:
    """Build an app in a folder; `fetching` makes another fetcher than the scripted press."""
    url = f"sqlite:///{folder}/app.db"
    upgrade(url)
    database, clock, witness, current_plan = Database(url), Clock(), Witness(), Book(wanted)
    press, post, stopping = Press(clock), Post(), [False]
    stores = Stores.on(database)
    world = Surroundings(
        plans=current_plan,
        fetcher=fetching(clock) if fetching else press,
        parser=InlineParser(),
        sender=post,
        observer=witness,
        clock=clock,
    )
    leases = make_leases(stores, world, conduct(lambda: stopping[0]))
    app = App(
        url,
        database,
        current_plan,
        clock,
        press,
        post,
        witness,
        make_steps(stores, world, conduct(lambda: stopping[0]), leases),
        make_due(stores, current_plan, clock),
        stores.source_store,
        leases,
        stopping,
    )
    await stores.source_store.sync_plan(wanted, clock())
    return app
