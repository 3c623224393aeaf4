"""What a rule over counts tells is told once for each incident, whoever looks at it, how often, and wherever it dies."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from monitor.channels.words.compose import compose
from monitor.model.count_notice import CountNotice, NewTerm, TermArticle
from monitor.model.counting import HOUR, QUIET, CountType, Incident
from monitor.model.delivery import MessageDraft
from monitor.model.notification import NewSilence, Suppression
from monitor.model.plan import CountRule, Plan, Rule
from monitor.notify.policy import decide_count
from monitor.schedule.calendar import CALENDAR
from monitor.store.db.database import Database
from monitor.store.tables.rows import count_notice_of, event_values
from monitor.store.write.count_alerts import CountAlerts, Counted, CountStanding, CountTopic
from monitor.store.write.silence_store import SilenceStore
from monitor.trend.incident import follow
from monitor.trend.verdict import CountVerdict
from tests.contracts.invented import NOW, channel, later

SURGE = Rule("surge", "급증", "", channels=("desk",), severity="critical")
PLAN = Plan(
    "v1", count_rules=(CountRule(SURGE, "openai", "frequency", "stories", 3, 3600.0),), channels=(channel("desk"),)
)
HOURS = 3600.0


def topic(at: datetime, rule_id: str = "surge", kind: CountType = "frequency") -> CountTopic:
    return CountTopic(rule_id, kind, at, at - timedelta(days=1))


def notice(at: datetime, rule_id: str = "surge", **changes: Any) -> CountNotice:  # noqa: ANN401 - any field
    made = CountNotice(
        kind="frequency",
        at=at,
        rule=(rule_id, "급증"),
        counted=("openai", "OpenAI"),
        unit="stories",
        seconds=3600.0,
        count=3,
        threshold=3,
        begin=NOW.replace(minute=0, second=0),
        series=(0, 1, 3),
        severity="critical",
    )
    return replace(made, **changes)


def judged(at: datetime, rule_id: str, state: str, standing: CountStanding) -> tuple[Incident, CountNotice | None]:
    """Return what a look that sees an alarm (!), something odd (-) or the usual (.) comes to."""
    verdict = CountVerdict("frequency", at, HOUR, 3, 3, alarm=state == "!", calm=state == ".")
    incident, tell = follow(standing.incident, verdict)
    return incident, notice(at, rule_id) if tell else None


async def look(alerts: CountAlerts, at: datetime, state: str = "!", rule_id: str = "surge") -> Counted:
    decide = partial(decide_count, replace(SURGE, id=rule_id), plan=PLAN, calendar=CALENDAR)
    return await alerts.look(topic(at, rule_id), partial(judged, at, rule_id, state), decide, compose)


async def told(db: Database) -> list[dict[str, Any]]:
    """Return the messages of the channel, in their order."""
    query = text("SELECT body FROM delivery ORDER BY seq")
    bodies = await db.read(lambda connection: connection.execute(query).scalars().all())
    return [json.loads(bytes(body)) for body in bodies]


async def rows(db: Database, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await db.read(lambda connection: connection.execute(text(query)).all())]


@pytest.mark.parametrize(
    ("states", "messages"),
    [
        ("....", 0),
        ("!!!!", 1),
        ("-!-!-", 1),
        ("!.!.!", 1),  # it comes and goes
        ("!.....!", 2),  # two hours of calm in between
        ("!.....!.....!!", 3),
        ("!..-..!", 1),  # never calm for two hours
    ],
)
async def test_an_incident_is_told_once_also_by_one_who_just_started(db: Database, states: str, messages: int) -> None:
    for place, state in enumerate(states):
        await look(CountAlerts(db), later(1800.0 * place), state)
    found = await told(db)
    assert [(one["type"], one["seq"]) for one in found] == [
        ("count.frequency", number) for number in range(1, messages + 1)
    ]
    assert len(await rows(db, "SELECT id FROM event")) == messages
    assert len(await rows(db, "SELECT id FROM count_incident")) == messages


async def test_nothing_is_written_while_nothing_changes(db: Database) -> None:
    alerts = CountAlerts(db)
    assert (await look(alerts, NOW, ".")) == Counted()
    first = await look(alerts, NOW)
    assert (len(first.deliveries), [one.channel_id for one in first.notifications]) == (1, ["desk"])
    stamp = "SELECT seen_at FROM count_incident"
    before = await rows(db, stamp)
    await look(alerts, later(600))
    assert await rows(db, stamp) == before
    await look(alerts, later(1200))
    assert await rows(db, stamp) != before, "when it was last looked at is known to a quarter of an hour"


async def test_many_who_look_at_once_tell_once(db: Database, url: str) -> None:
    others = [Database(url) for _ in range(3)]
    try:
        for number in range(20):
            await asyncio.gather(*(look(CountAlerts(one), NOW, rule_id=f"r{number}") for one in (db, *others)))
    finally:
        for one in others:
            await one.aclose()
    found = await told(db)
    assert [one["data"]["rule"]["id"] for one in found] == [f"r{number}" for number in range(20)]
    assert [one["seq"] for one in found] == list(range(1, 21))


def _looking(url: str) -> None:
    """Look at forty rules, one behind the other."""

    async def work() -> None:
        db = Database(url)
        for number in range(40):
            await look(CountAlerts(db), NOW, rule_id=f"r{number}")
        await db.aclose()

    asyncio.run(work())


@pytest.mark.slow
@pytest.mark.parametrize("killed_at", [1, 4, 15])
async def test_two_processes_of_which_one_is_killed_tell_each_once(db: Database, url: str, killed_at: int) -> None:
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_looking, args=(url,), daemon=True) for _ in range(2)]
    for one in both:
        one.start()
    while len(await rows(db, "SELECT id FROM event")) < killed_at and both[0].is_alive():
        await asyncio.sleep(0.001)
    both[0].kill()
    for one in both:
        await asyncio.to_thread(one.join, 120)
    assert both[1].exitcode == 0
    found = await told(db)
    assert sorted(one["data"]["rule"]["id"] for one in found) == sorted(f"r{number}" for number in range(40))
    assert [one["seq"] for one in found] == list(range(1, 41))


async def test_a_transaction_that_fails_leaves_neither_incident_nor_event_and_the_next_look_tells(db: Database) -> None:
    def broken(message: MessageDraft) -> bytes:
        raise RuntimeError(message.type)

    decide = partial(decide_count, SURGE, plan=PLAN, calendar=CALENDAR)
    with pytest.raises(RuntimeError, match=r"count\.frequency"):
        await CountAlerts(db).look(topic(NOW), partial(judged, NOW, "surge", "!"), decide, broken)
    for table in ("event", "count_incident", "notification", "delivery"):
        assert await rows(db, f"SELECT * FROM {table}") == [], table  # noqa: S608 - ours
    assert len((await look(CountAlerts(db), later(60))).deliveries) == 1


async def test_a_silence_keeps_it_back_and_says_so(db: Database) -> None:
    await SilenceStore(db).add(
        NewSilence(created_at=NOW, ends_at=later(HOURS), author="kim", why="훈련", rule_id="surge")
    )
    found = await look(CountAlerts(db), later(60))
    assert [one.suppressed for one in found.notifications] == [Suppression.SILENCED]
    assert await told(db) == []
    assert await rows(db, "SELECT type, state, reason FROM v_notifications") == [
        ("count.frequency", "suppressed", "silenced")
    ]


async def test_what_was_under_way_is_known_for_the_hours_that_do_not_teach(db: Database) -> None:
    alerts = CountAlerts(db)
    for place, state in enumerate("!......!"):
        await look(alerts, later(1800.0 * place), state)
    first, second = await alerts.incidents("surge", "frequency", later(-HOURS))
    assert first == (NOW, later(1800)), "it was over when its calm began"
    assert second == (later(7 * 1800), None)
    assert list(await alerts.incidents("surge", "frequency", later(HOURS))) == [second]
    assert list(await alerts.incidents("surge", "spike", later(-HOURS))) == []
    assert list(await alerts.incidents("other", "frequency", later(-HOURS))) == []


async def test_what_was_told_of_late_is_known_to_who_decides(db: Database) -> None:
    seen: list[Sequence[CountNotice]] = []
    terms = (NewTerm("소라", 3, (TermArticle(1, "https://n.example/1", "제목", "herald", "한빛일보"),), ("s1", "s2")),)

    def tells(at: datetime, standing: CountStanding) -> tuple[Incident, CountNotice | None]:
        seen.append(standing.told)
        return QUIET, notice(at, kind="new_term", terms=terms) if not standing.told else None

    decide = partial(decide_count, SURGE, plan=PLAN, calendar=CALENDAR)
    for hours in (0, 1, 23, 25):
        at = later(hours * HOURS)
        await CountAlerts(db).look(topic(at, kind="new_term"), partial(tells, at), decide, compose)
    told_at = [[one.at for one in told] for told in seen]
    assert told_at == [[], [], [NOW], [NOW], [], []], "a look decides twice where there is something to tell"
    assert seen[2][0] == notice(NOW, kind="new_term", terms=terms)
    assert len(await told(db)) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"expected": 2.5, "chance": 1e-300, "kind": "spike"},
        {"kind": "flatline", "count": 0, "series": (), "expected": 0.0, "chance": 0.0},
        {"kind": "new_term", "terms": (NewTerm("소라", 2, (), ()), NewTerm("Sora", 3, (), ("s",)))},
    ],
)
def test_a_notice_is_read_as_it_was_stored(changes: dict[str, Any]) -> None:
    said = notice(NOW, **changes)
    assert count_notice_of(json.loads(json.dumps(event_values(said)))) == said
