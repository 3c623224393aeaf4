"""Notifications against a model of them: any order of hits, events, held groups, clocks, crashes and replays.

Each notification ends in exactly one message or in one reason; what is held is told, with those of its group, once it is
due; and a decision sees of the past what the model knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Row, select

from monitor.model.delivery import MessageDraft
from monitor.model.escalation import NEW
from monitor.model.health import Alarm, Bilingual, Day, HealthWrite, Notice, SourceProblem
from monitor.model.notification import History, Notification, OpenGroup, Situation, Suppression, Told
from monitor.model.operator import OperatorNotice
from monitor.model.story import Member, Signature, Story, StoryChoice
from monitor.store.db.database import Database
from monitor.store.tables.schema import delivery, notification
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from monitor.store.write.health_store import HealthStore
from monitor.store.write.notification_store import NotificationStore
from monitor.store.write.outbox import Outbox
from tests.contracts.databases import PostgresFactory, SqliteFactory
from tests.contracts.invented import NOW, article, hit

CHANNELS = ("a", "b")
GROUPS = ("g", "h")
RULES = ("openai", "stargate")
FATES = st.sampled_from(["now", "suppressed", "held g", "held h"])
HOURS = timedelta(hours=1)

MOST = 8


@dataclass
class Expected:
    """A notification as it should stand. `told` is what a message says of it, `made_at` when the message was made."""

    channel: str
    told: str
    state: str
    at: datetime
    rule: str = ""
    article: str = ""
    group: str = ""
    not_before: datetime | None = None
    made_at: datetime | None = None


class LostError(Exception):
    """The process ended in the middle of a transaction."""


def say(item: object) -> str:
    """Return what a message says of an item."""
    return f"event {item.at.isoformat()}" if isinstance(item, Notice) else f"{item.article.key} {item.hit.rule_id}"  # type: ignore[attr-defined] # the only other item


def compose(message: MessageDraft) -> bytes:
    """Compose what the test can read."""
    return "\n".join([f"{message.seq} {message.type}", *map(say, message.items)]).encode()


def first_story(_signature: Signature, members: Iterable[Member], _seen: datetime) -> StoryChoice:
    """Join whatever story is near: all articles tell one matter, until it is too old."""
    return StoryChoice(next((member.story_id for member in members), None))


class NotificationMachine(RuleBasedStateMachine):
    """Decides at random whom to tell and when, and compares."""

    def __init__(self, make_url: Callable[[], str]) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.url = make_url()
        self.now = NOW
        self.articles = self.events = 0
        self.expected: list[Expected] = []
        self.made: dict[str, list[datetime]] = {name: [] for name in CHANNELS}
        self.stories: dict[str, str] = {}
        self.alerts: dict[tuple[str, str, str], datetime] = {}  # story, channel, rule: when it was decided to tell it
        self.open()

    def open(self) -> None:
        """Open the database as a fresh process does."""
        self.db = Database(self.url)
        self.article_store = ArticleStore(self.db, first_story, timedelta(days=2))
        self.health_store = HealthStore(self.db)
        self.notification_store = NotificationStore(self.db)
        self.outbox = Outbox(self.db)

    def teardown(self) -> None:
        """Let all the time in the world pass: then nothing is held any more."""
        self.now += 1000 * HOURS
        self.tick()
        self.each_ends_in_one_message_or_one_reason()
        states = [one.state for one in self.expected]
        assert "held" not in states
        event(f"notifications: {len(states) // 10 * 10} to {len(states) // 10 * 10 + 9}")
        event(f"messages of several: {any(len(told) > 1 for told in self.messages().values())}")
        self.runner.run(self.db.aclose())
        self.runner.close()

    # --- what happens

    @initialize()
    def start(self) -> None:
        """Begin with something told."""
        self.store(RULES[:1], ["now", "now"], HOURS)

    @rule(
        rules=st.sampled_from([RULES[:1], RULES[1:], RULES]),
        fates=st.lists(FATES, min_size=4, max_size=4),
        hours=st.integers(0, 3),
    )
    def insert(self, rules: tuple[str, ...], fates: list[str], hours: int) -> None:
        """Store an article with hits."""
        self.store(rules, fates, hours * HOURS)

    @rule(data=st.data(), fates=st.lists(FATES, min_size=4, max_size=4))
    def insert_again(self, data: st.DataObject, fates: list[str]) -> None:
        """Store the same article as another source brings it: what was suppressed may be decided otherwise."""
        key = f"k{data.draw(st.integers(1, self.articles))}"
        hits = tuple(dict.fromkeys(one.rule for one in self.expected if one.article == key))
        decided = self.fated(hits, fates, HOURS)
        write = ArticleWrite(None, article(key, source_id="twin"), Signature(), tuple(hit(name) for name in hits))

        def decide(situation: Situation) -> Sequence[Notification]:
            assert not any(stored.new for stored in situation.hits)
            for stored in situation.hits:
                known = {
                    one.channel: "baseline" if one.state == "suppressed" else ""
                    for one in self.expected
                    if (one.article, one.rule) == (key, stored.hit.rule_id)
                }
                assert stored.notified == known
            return decided

        self.runner.run(self.article_store.commit(write, decide, compose, self.now))
        for told in decided:
            (one,) = (
                one
                for one in self.expected
                if (one.article, one.rule, one.channel) == (key, told.rule_id, told.channel_id)
            )
            if one.state == "suppressed" and told.suppressed is None:
                self.become(one, told)

    @rule(fates=st.lists(FATES, min_size=2, max_size=2))
    def tell_an_event(self, fates: list[str]) -> None:
        """A source breaks."""
        self.events += 1
        at = self.now + timedelta(microseconds=self.events)
        alarm = Alarm(SourceProblem.EMPTY, at, Bilingual("s", "요약"), Bilingual("a", "조치"))
        notice = Notice(True, alarm, at, "herald", "한빛")  # noqa: FBT003 - first in Notice
        judged = HealthWrite({}, None, at, at, (notice,), Day("", 0, 0))
        decided = [replace(told, rule_id="") for told in self.fated(("",), fates, HOURS)]

        def decide(told: Notice | OperatorNotice, history: History, _now: datetime) -> Sequence[Notification]:
            assert told == notice
            self.check(history)
            return decided

        self.runner.run(self.health_store.examine("herald", lambda *_: judged, decide, compose))
        for told in decided:
            one = Expected(told.channel_id, say(notice), "", at)
            self.expected.append(one)
            self.become(one, told)

    @rule(hours=st.sampled_from([0.25, 1, 2, 5]))
    def wait(self, hours: float) -> None:
        """Let time pass."""
        self.now += hours * HOURS

    @rule(hours=st.sampled_from([1, 3]))
    def set_the_clock_back(self, hours: float) -> None:
        """The wall clock jumps."""
        self.now -= hours * HOURS

    @rule()
    def tick(self) -> None:
        """Make messages of all that is due, as the daemon does each second."""
        while due := self.runner.run(self.notification_store.due_groups(self.now, 100)):
            assert set(due) == self.due()
            for channel, group in due:
                self.flush(channel, group)
        assert self.due() == set()

    @rule(channel=st.sampled_from(CHANNELS), group=st.sampled_from(GROUPS))
    def flush(self, channel: str, group: str) -> None:
        """Do the task Flush, perhaps a second time or too early."""
        made = self.runner.run(self.notification_store.flush(channel, group, MOST, compose, self.now))
        waiting = self.held(channel, group) if (channel, group) in self.due() else []
        assert len(made) == -(-len(waiting) // MOST)
        for one in waiting:
            self.queue(one)
        self.made[channel] += [self.now] * len(made)

    @rule()
    def crash(self) -> None:
        """Another process goes on where this one ended."""
        self.runner.run(self.db.aclose())
        self.open()

    @rule(fates=st.lists(FATES, min_size=4, max_size=4))
    def crash_while_storing(self, fates: list[str]) -> None:
        """End in the middle of the transaction: nothing of it is there."""

        def lose(situation: Situation) -> Sequence[Notification]:
            assert situation.hits
            return self.fated(RULES, ["now", *fates[1:]], HOURS)

        def fail(message: MessageDraft) -> bytes:
            raise LostError(str(message.seq))

        write = ArticleWrite(None, article("lost"), Signature(), tuple(hit(name) for name in RULES))
        with pytest.raises(LostError):
            self.runner.run(self.article_store.commit(write, lose, fail, self.now))
        for channel, group in self.due():
            with pytest.raises(LostError):
                self.runner.run(self.notification_store.flush(channel, group, MOST, fail, self.now))

    @rule(data=st.data())
    def replay(self, data: st.DataObject) -> None:
        """Ask for a notification, or the message it became: what was kept back is told."""
        row = data.draw(st.sampled_from(sorted(self.rows(), key=lambda row: str(row.id))))
        ((_, outcome),) = self.runner.run(self.outbox.replay([row.id], compose, self.now))
        if row.state == "queued":
            assert outcome in {"hurried", "behind"}
            return
        assert outcome == "released"
        (told,) = self.messages()[row.id]
        (one,) = (one for one in self.expected if (one.channel, one.told) == (row.channel_id, told))
        self.queue(one)
        self.made[one.channel].append(self.now)
        if one.article:
            self.alerts.setdefault((self.stories[one.article], one.channel, one.rule), one.at)

    # --- what is expected

    def store(self, rules: tuple[str, ...], fates: list[str], wait: timedelta) -> None:
        self.articles += 1
        key = f"k{self.articles}"
        decided = self.fated(rules, fates, wait)

        def decide(situation: Situation) -> Sequence[Notification]:
            assert [stored.hit.rule_id for stored in situation.hits] == list(rules)
            assert all(stored.new and not stored.notified for stored in situation.hits)
            self.check(situation.history, situation.story)
            self.stories[key] = situation.story.id
            return decided

        found = tuple(hit(name) for name in rules)
        write = ArticleWrite(None, article(key, first_seen_at=self.now), Signature(headline=7, packed=b"x"), found)
        written = self.runner.run(self.article_store.commit(write, decide, compose, self.now))
        assert written.notifications == tuple(decided)
        for told in decided:
            one = Expected(told.channel_id, f"{key} {told.rule_id}", "", self.now, told.rule_id, key)
            self.expected.append(one)
            self.become(one, told)

    def fated(self, rules: Sequence[str], fates: Sequence[str], wait: timedelta) -> list[Notification]:
        """Return decisions; one may join an open group and want to go sooner, or later."""
        decided = []
        pairs = [(name, channel) for name in rules for channel in CHANNELS]
        for (name, channel), fate in zip(pairs, fates, strict=False):
            if fate == "now":
                decided.append(Notification(channel, name, levels=(NEW,)))
            elif fate == "suppressed":
                decided.append(Notification(channel, name, Suppression.BASELINE))
            else:
                decided.append(
                    Notification(
                        channel, name, group_key=fate.removeprefix("held "), not_before=self.now + wait, levels=(NEW,)
                    )
                )
        return decided

    def become(self, one: Expected, told: Notification) -> None:
        one.state, one.group, one.not_before = told.state.value, told.group_key, told.not_before
        if one.state != "suppressed" and one.article:
            self.alerts[self.stories[one.article], one.channel, one.rule] = self.now
        if one.state == "queued":
            self.queue(one)
            self.made[one.channel].append(self.now if one.article else one.at)

    def queue(self, one: Expected) -> None:
        one.state, one.not_before, one.made_at = "queued", None, self.now

    def held(self, channel: str, group: str) -> list[Expected]:
        return [one for one in self.expected if (one.state, one.channel, one.group) == ("held", channel, group)]

    def due(self) -> set[tuple[str, str]]:
        return {
            (one.channel, one.group)
            for one in self.expected
            if one.not_before is not None and one.not_before <= self.now
        }

    def check(self, history: History, story: Story | None = None) -> None:
        """Compare what a decision sees of the past."""
        if story is not None:
            others = [key for key, known in self.stories.items() if known == story.id]
            assert story.articles == len(others) + 1
            assert list(history.outlets()) == ["herald"]
        for channel in CHANNELS:
            groups = [(group, self.held(channel, group)) for group in GROUPS]
            wanted = [
                OpenGroup(
                    group,
                    min(one.at for one in waiting),
                    min(one.not_before for one in waiting if one.not_before),
                    len(waiting),
                )
                for group, waiting in groups
                if waiting
            ]
            assert list(history.open_groups(channel)) == sorted(wanted, key=lambda group: (group.flush_at, group.key))
            for most in (1, 5):
                assert list(history.latest_messages(channel, most)) == self.made[channel][-most:][::-1]
            for rule_id in RULES if story is not None else ():
                at = self.alerts.get((story.id, channel, rule_id)) if story else None
                assert history.told_of_story(rule_id, channel) == Told(frozenset({NEW} if at else ()), at)
        assert history.silences() == ()

    def rows(self) -> list[Row[Any]]:
        return list(self.runner.run(self.db.read(lambda connection: connection.execute(select(notification)).all())))

    def deliveries(self) -> list[Row[Any]]:
        query = select(delivery).order_by(delivery.c.channel_id, delivery.c.seq)
        return list(self.runner.run(self.db.read(lambda connection: connection.execute(query).all())))

    def messages(self) -> dict[str, list[str]]:
        """Return what each message says."""
        return {row.id: bytes(row.body).decode().split("\n")[1:] for row in self.deliveries()}

    @invariant()
    def each_ends_in_one_message_or_one_reason(self) -> None:
        """Nothing is lost, nothing is told twice, and each message says what its notifications are about."""
        rows, messages = self.rows(), self.messages()
        stored = sorted((row.channel_id, row.state, row.reason, row.group_key, str(row.not_before)) for row in rows)
        assert stored == sorted(
            (
                one.channel,
                one.state,
                "baseline" if one.state == "suppressed" else "",
                one.group,
                str(one.not_before),
            )
            for one in self.expected
        )
        assert {row.delivery_id for row in rows if row.delivery_id} == set(messages)
        for identity, lines in messages.items():
            assert len([row for row in rows if row.delivery_id == identity]) == len(lines)
        told = sorted((row.channel_id, line) for row in self.deliveries() for line in messages[row.id])
        assert told == sorted((one.channel, one.told) for one in self.expected if one.state == "queued")

    @invariant()
    def no_seq_is_missing(self) -> None:
        """What was held leaves no gap."""
        for channel in CHANNELS:
            found = [row.seq for row in self.deliveries() if row.channel_id == channel]
            assert found == list(range(1, len(self.made[channel]) + 1))


def run(factory: SqliteFactory | PostgresFactory, examples: int) -> None:
    """Let the machine play."""
    rules = settings(max_examples=examples, stateful_step_count=40)
    make = cast("type[RuleBasedStateMachine]", lambda: NotificationMachine(factory.migrated))  # it is only called
    run_state_machine_as_test(make, settings=rules)


@pytest.mark.long
@pytest.mark.slow
def test_sqlite_behaves_as_the_model(sqlite_factory: SqliteFactory) -> None:
    run(sqlite_factory, 30)


@pytest.mark.long
@pytest.mark.postgres
def test_postgres_behaves_as_the_model(postgres_factory: PostgresFactory) -> None:
    run(postgres_factory, 8)
