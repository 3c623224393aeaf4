"""Hits, policies, silences, clocks, reloads and crashes at random: each hit is told once on each channel, or says why not.

The real decision, the real store and the real words: what is told is read back from the bodies that were frozen.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from monitor.channels.words.compose import compose
from monitor.channels.words.render import MAX_BODY
from monitor.model.delivery import MessageDraft
from monitor.model.notification import NewSilence, Notification, Situation, Suppression
from monitor.model.plan import Channel, Plan, Rule
from monitor.model.policy import Grouping, NotifyPolicy, QuietHours, Severity, StoryBurst, StoryPolicy, Throttle
from monitor.model.story import Member, Signature, StoryChoice
from monitor.model.task import Flush
from monitor.notify.policy import decide_hits
from monitor.pipeline.flush import Flusher
from monitor.pipeline.ports import Matcher
from monitor.schedule.calendar import CALENDAR
from monitor.store.db.database import Database
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from monitor.store.write.notification_store import NotificationStore
from monitor.store.write.silence_store import SilenceStore
from tests.contracts.databases import SqliteFactory
from tests.contracts.invented import NOW, article, hit

RULES = ("calm", "loud", "grave")
SEVERITIES: dict[str, Severity] = {"calm": "info", "loud": "warning", "grave": "critical"}
STORIES = {
    "calm": StoryPolicy(outlets=(2, 3), burst=StoryBurst(2, 600.0), majors=("weekly",)),
    "loud": StoryPolicy("all"),
    "grave": StoryPolicy("off"),
}
CHANNELS = ("a", "b", "c")
MOST = 8
FOR_EVER = timedelta(days=70)  # longer than quiet hours behind quiet hours

_quiet = st.builds(
    QuietHours,
    st.sampled_from([0, 9 * 60, 22 * 60]),
    st.sampled_from([7 * 60, 12 * 60, 23 * 60]),
    st.sampled_from([(), (5, 6)]),
    st.sampled_from(["", "KR"]),
    st.sampled_from(["", "warning", "critical"]),
)
_policies = st.builds(
    NotifyPolicy,
    st.sampled_from(["hit", "article", "story"]),
    st.none()
    | st.builds(
        Grouping,
        st.sampled_from([0.0, 30.0]),
        st.sampled_from([60.0, 3600.0]),
        st.sampled_from(["all", "rule", "source", "story"]),
    ),
    st.sampled_from(["", "", "0 8,17 * * 1-5", "*/30 * * * *"]),
    st.none() | st.builds(Throttle, st.integers(1, 3), st.sampled_from([60.0, 3600.0])),
    st.none() | _quiet,
    st.sampled_from([0, 0, 1, 3]),
    st.sampled_from([1, 2, 8, 500]),
)
_set_up = st.tuples(*(st.tuples(_policies, st.sampled_from([True, True, True, False])) for _ in CHANNELS))


class CrashError(Exception):
    """The process ended in the middle of a transaction."""


def planned(set_up: Sequence[tuple[NotifyPolicy, bool]]) -> Plan:
    channels = tuple(
        Channel(name, "webhook", f"https://hooks.example/{name}", enabled=enabled, policy=policy)
        for name, (policy, enabled) in zip(CHANNELS, set_up, strict=True)
    )
    rules = tuple(
        Rule(name, name, name, channels=CHANNELS, tags=(name,), severity=SEVERITIES[name], stories=STORIES[name])
        for name in RULES
    )
    return Plan("v1", rules=rules, channels=channels)


def beside(_signature: Signature, members: Iterable[Member], _seen: datetime) -> StoryChoice:
    """Join whatever story is near."""
    return StoryChoice(next((member.story_id for member in members), None))


class AlertMachine(RuleBasedStateMachine):
    """Does at random what newspapers, operators and a failing machine do, and reads what came of it."""

    def __init__(self, make_url: Callable[[], str]) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.url = make_url()
        self.now = NOW
        self.plan = planned(((NotifyPolicy(), True),) * 3)
        self.expected: set[tuple[str, str, str]] = set()  # article key, rule, channel
        self.open()

    def open(self) -> None:
        self.db = Database(self.url)
        self.article_store = ArticleStore(self.db, beside, timedelta(days=3))
        self.notification_store = NotificationStore(self.db)
        self.silence_store = SilenceStore(self.db)

    def current(self) -> tuple[Plan, Matcher]:
        """Return the plan in force."""
        return self.plan, cast("Matcher", None)

    @initialize(set_up=_set_up)
    def start(self, set_up: Sequence[tuple[NotifyPolicy, bool]]) -> None:
        """Begin with some policies."""
        self.plan = planned(set_up)

    @rule(set_up=_set_up)
    def reload(self, set_up: Sequence[tuple[NotifyPolicy, bool]]) -> None:
        """Put other policies in force; what is held stays held until its moment."""
        self.plan = planned(set_up)

    @rule(
        rules=st.lists(st.sampled_from(RULES), min_size=1, unique=True),
        source=st.sampled_from(["herald", "daily", "weekly", "evening"]),
        alone=st.booleans(),
        crash=st.sampled_from([False, False, False, True]),
        before=st.sampled_from([False, False, True]),
    )
    def publish(self, rules: list[str], source: str, alone: bool, crash: bool, before: bool) -> None:  # noqa: FBT001 - drawn
        """An article meets some rules; perhaps the process ends before all of it is stored, and it comes again.

        `before`: a source on its first run has brought it already, as far as the first rule goes.
        """
        key = f"k{len({known for known, _, _ in self.expected}) + 1}"
        found = tuple(hit(name) for name in rules)
        signature = Signature() if alone else Signature(headline=7, packed=b"x")
        write = ArticleWrite(None, article(key, source_id=source, first_seen_at=self.now), signature, found)

        def decide(situation: Situation) -> Sequence[Notification]:
            return decide_hits(situation, self.plan, calendar=CALENDAR)

        if before:
            first = article(key, source_id="early", first_seen_at=self.now)
            silently = partial(decide_hits, plan=self.plan, calendar=CALENDAR, baseline=True)
            known = ArticleWrite(None, first, signature, found[:1])
            self.runner.run(self.article_store.commit(known, silently, compose, self.now))

        def fail(message: MessageDraft) -> bytes:
            raise CrashError(str(message.seq))

        if crash:
            try:
                self.runner.run(self.article_store.commit(write, decide, fail, self.now))
            except CrashError:
                self.runner.run(self.article_store.commit(write, decide, compose, self.now))
        else:
            self.runner.run(self.article_store.commit(write, decide, compose, self.now))
        self.expected |= {(key, name, channel) for name in rules for channel in CHANNELS}

    @rule(seconds=st.sampled_from([1, 29, 31, 61, 599, 601, 3601, 8 * 3600, 86_400, -3600]))
    def wait(self, seconds: int) -> None:
        """Let time pass, or set the clock back."""
        self.now += timedelta(seconds=seconds)

    @rule(crash=st.booleans())
    def tick(self, crash: bool) -> None:  # noqa: FBT001 - drawn
        """Make messages of what is due; perhaps the process ends within."""
        if crash:

            def fail(message: MessageDraft) -> bytes:
                raise CrashError(str(message.seq))

            for channel, key in self.runner.run(self.notification_store.due_groups(self.now, 100)):
                with pytest.raises(CrashError):
                    self.runner.run(self.notification_store.flush(channel, key, 8, fail, self.now))
            return
        self.flush()

    def flush(self) -> None:
        async def all_due() -> int:
            flusher = Flusher(self.notification_store, self, lambda: self.now)
            due = await self.notification_store.due_groups(self.now, 100)
            for channel, key in due:
                async for _ in flusher(Flush(channel, key)):
                    pass
            return len(due)

        for _ in range(20):
            if not self.runner.run(all_due()):
                return
        raise AssertionError("what is due never ends")

    @rule()
    def restart(self) -> None:
        """Begin anew on the same database."""
        self.runner.run(self.db.aclose())
        self.open()

    @rule(
        named=st.sampled_from([{"rule_id": "loud"}, {"source_id": "daily"}, {"tag": "calm"}]),
        hours=st.sampled_from([1, 48]),
    )
    def silence(self, named: dict[str, str], hours: int) -> None:
        """Somebody wants peace."""
        until = self.now + timedelta(hours=hours)
        told = {"rule_id": "", "source_id": "", "tag": "", "word": ""} | named
        wanted = NewSilence(**told, author="kim", why="peace", created_at=self.now, ends_at=until)
        self.runner.run(self.silence_store.add(wanted))

    def rows(self, statement: str) -> list[Any]:
        return list(self.runner.run(self.db.read(lambda connection: connection.execute(text(statement)).all())))

    @invariant()
    def each_hit_is_told_once_on_each_channel_or_says_why_not(self) -> None:
        """Never twice, never neither."""
        rows = self.rows(
            "SELECT a.key, h.rule_id, n.channel_id, n.state, n.reason, n.not_before, a.id, n.delivery_id FROM notification n"
            " JOIN hit h ON h.id = n.hit_id JOIN article a ON a.id = h.article_id"
        )
        assert Counter((row[0], row[1], row[2]) for row in rows) == dict.fromkeys(self.expected, 1)
        told, short = self.told()
        for key, rule_id, channel, state, reason, not_before, number, delivery_id in rows:
            event(state)
            expected = {state == "queued"} | ({False} if delivery_id in short else set())
            assert told[channel, number, rule_id] in expected, (key, rule_id, channel, state)
            assert (not_before is not None) == (state == "held")
            assert (reason in set(Suppression)) == (state == "suppressed")
        assert sum(told.values()) <= sum(row[3] == "queued" for row in rows)

    @invariant()
    def each_story_is_told_once_at_each_level(self) -> None:
        """What is told says what of its story is new; what is not told for its story's sake is of a story that was told."""
        rows = self.rows(
            "SELECT n.channel_id, n.rule_id, a.story_id, n.state, n.reason, n.levels, n.type FROM v_notifications n"
            " JOIN hit h ON h.id = n.hit_id JOIN article a ON a.id = h.article_id"
        )
        levels: dict[tuple[str, str, str], list[str]] = {}
        for channel, rule_id, story, state, _, said, kind in rows:
            if state != "suppressed":
                levels.setdefault((channel, rule_id, story), []).extend(said.split())
                assert said or STORIES[rule_id].mode != "escalate", "told for nothing"
                assert (kind == "story.escalated") == (bool(said) and "new" not in said.split())
            else:
                assert said == ""
        for channel, rule_id, story, _, reason, *_ in rows:
            if reason == Suppression.SAME_STORY:
                assert "new" in levels[channel, rule_id, story]
        for told in levels.values():
            event(f"levels: {len(told)}")
            assert len(told) == len(set(told))
            assert "new" in told

    def told(self) -> tuple[Counter[tuple[str, int, str]], set[str]]:
        """Return how often the bodies of a channel tell of a rule's hit on an article, and messages too large for all of it."""
        found: Counter[tuple[str, int, str]] = Counter()
        short: set[str] = set()
        seqs: dict[str, list[int]] = {}
        for channel, seq, raw, identity in self.rows("SELECT channel_id, seq, body, id FROM delivery ORDER BY seq"):
            seqs.setdefault(channel, []).append(seq)
            body = json.loads(bytes(raw))
            assert body["seq"] == seq
            if body["type"] == "digest" and not all("story" in item["data"] for item in body["data"]["items"]):
                short.add(identity)
                assert len(bytes(raw)) > MAX_BODY // 4 or body["data"]["total"] > MOST, "eight whole ones fit"
            for item in body["data"].get("items", [body]):
                data = item["data"]
                for rule_object in (data["rule"], *(one["rule"] for one in data.get("also", ()))):
                    found[channel, data["article"]["id"], rule_object["id"]] += 1
        assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in seqs.values())
        return found, short

    def teardown(self) -> None:
        """In the end nothing is held."""
        self.now += FOR_EVER
        self.flush()
        self.each_hit_is_told_once_on_each_channel_or_says_why_not()
        assert self.rows("SELECT id FROM notification WHERE state = 'held'") == []
        self.runner.run(self.db.aclose())
        self.runner.close()


def run(factory: SqliteFactory, examples: int) -> None:
    """Let the machine play."""
    rules = settings(max_examples=examples, stateful_step_count=30)
    make = cast("type[RuleBasedStateMachine]", lambda: AlertMachine(factory.migrated))  # it is only called
    run_state_machine_as_test(make, settings=rules)


@pytest.mark.long
@pytest.mark.slow
def test_no_order_of_hits_policies_clocks_and_crashes_tells_twice_or_never(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    run(SqliteFactory(tmp_path_factory.mktemp("alerts")), 40)
