"""Rules over counts through the real step, store and words, over weeks of a clock that is moved."""

from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, text

from monitor.model.counting import HOUR, CountType
from monitor.model.event import CountTold
from monitor.model.plan import CountRule, Plan, Rule
from monitor.model.task import Deliver, Evaluate, Poll
from monitor.store.tables.schema import article, entry, hit, story, watched_hour
from tests.bench.trend import START, SeriesKind, moments
from tests.pipeline.app import App, build, plan

WEEK = timedelta(days=7)
QUARTER = timedelta(minutes=15)


def counting(kind: CountType, least: int = 1, window: timedelta = HOUR) -> CountRule:
    rule = Rule("surge", "급증", "", channels=("desk",), severity="warning")
    return CountRule(rule, "openai", kind, "stories", least, window.total_seconds())


def planned(rule: CountRule) -> Plan:
    return plan(count_rules=(rule,))


@pytest.fixture
async def quiet(tmp_path: Path) -> AsyncIterator[App]:
    """An app whose press is still; what is counted is put into its store."""
    made = await build(tmp_path, plan())
    yield made
    await made.database.aclose()


def lived(weeks: int, seed: int, rate: float = 3) -> list[datetime]:
    """Return when stories come to a newsroom that keeps Korean days of rest, so many an hour."""
    return moments(SeriesKind("Poisson", rate), random.Random(seed), weeks * 168)


async def put(
    app: App, found: Sequence[datetime], text_of: dict[datetime, tuple[str, str]] | None = None, first: int = 1
) -> None:
    """Store a story with an article that met the rule for each moment; `text_of` has the outlet and headline of some."""
    said = text_of or {}

    def write(connection: Connection) -> None:
        for number, at in enumerate(found, start=first):
            outlet, title = said.get(at, ("paper", f"제목 {number}"))
            key = f"k{number}"
            lists: dict[str, list[str]] = {"captions": [], "authors": []}
            common = {"source_id": outlet, "key": key, "url": f"https://n.example/{key}", "first_seen_at": at}
            connection.execute(insert(story).values(id=key, title=title, first_seen_at=at))
            connection.execute(
                insert(article).values(
                    id=number, **common, **lists, title=title, stored_at=at, field_sources={}, story_id=key
                )
            )
            connection.execute(
                insert(entry).values(
                    id=number, **common, state="done", baseline=False, next_attempt_at=at, article_id=number
                )
            )
            met = {"article_id": number, "source_id": outlet, "rule_id": "openai", "rule_name": "OpenAI"}
            connection.execute(insert(hit).values(**met, plan_version="v", spans=[], mentions=1, created_at=at))

    await app.database.write(write)


async def watch(app: App, begin: datetime, end: datetime) -> None:
    """Note that the sources were polled from one hour to another."""
    hours = [{"hour": begin + number * HOUR, "slots": 4095} for number in range((end - begin) // HOUR)]
    await app.database.write(lambda connection: connection.execute(insert(watched_hour), hours))


async def live(app: App, begin: datetime, end: datetime, step: timedelta = QUARTER) -> list[datetime]:
    """Look at the rule again and again; return when it was told."""
    app.clock.now = begin
    while app.clock.now < end:
        await app.run(Evaluate("surge"))
        app.clock.now += step
    return [datetime.fromisoformat(message["timestamp"]) for message in told(app)]


def told(app: App) -> list[dict[str, Any]]:
    """Return what the receiver got of counts."""
    found = [json.loads(delivery.body) for delivery in app.post.sent]
    return [message for message in found if message["type"].startswith("count.")]


@pytest.mark.slow
async def test_a_burst_gives_one_spike_and_the_next_one_another_after_calm(quiet: App) -> None:
    await quiet.put(planned(counting("spike", 3)))
    usual = lived(10, 1)
    begin = START + 8 * WEEK
    first = begin + timedelta(days=1, hours=11)
    second = first + timedelta(days=1)
    bursts = [at + number * timedelta(minutes=1) for at in (first, second) for number in range(25)]
    await put(quiet, sorted([*usual, *bursts]))
    await watch(quiet, START, begin + WEEK)
    at = await live(quiet, begin, begin + timedelta(days=4))
    assert len(at) == 2
    assert all(start < one <= start + HOUR for one, start in zip(at, (first, second), strict=True))
    data = told(quiet)[0]["data"]
    assert data["severity"] == "warning"
    assert data["count"] >= data["threshold"] > data["expected"]
    assert data["chance"] < 1e-4
    assert (len(data["series"]["counts"]), data["series"]["counts"][-1] > 0) == (48, True)
    events = [event for event in quiet.witness.events if isinstance(event, CountTold)]
    assert [(event.rule_id, event.suppressed_as) for event in events] == [("surge", ""), ("surge", "")]


async def test_two_weeks_are_learned_before_anything_is_told(quiet: App) -> None:
    await quiet.put(planned(counting("spike", 3)))
    burst = [START + timedelta(days=10, hours=11, minutes=number) for number in range(30)]
    await put(quiet, sorted([*lived(2, 2), *burst]))
    await watch(quiet, START, START + 2 * WEEK)
    assert await live(quiet, burst[0], burst[0] + 6 * HOUR) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["spike", "flatline"])
async def test_neither_downtime_nor_what_comes_at_once_behind_it_is_told(quiet: App, kind: CountType) -> None:
    await quiet.put(planned(counting(kind, 1, HOUR if kind == "spike" else timedelta(0))))
    begin = START + 8 * WEEK + timedelta(days=2)  # a Tuesday
    down, up = begin + 9 * HOUR, begin + 17 * HOUR
    usual = lived(9, 3)
    missed = [at for at in usual if down < at < up]
    late = [up + timedelta(minutes=2, seconds=20 * number) for number in range(len(missed))]
    seen = sorted([*(at for at in usual if not down < at < up), *late])
    assert len(late) > 15
    await put(quiet, seen)
    await watch(quiet, START, down)
    await watch(quiet, up, begin + timedelta(days=1))
    assert await live(quiet, up + timedelta(minutes=5), begin + timedelta(days=1)) == []


@pytest.mark.slow
async def test_a_holiday_is_no_silence_and_a_workday_without_anything_is(quiet: App) -> None:
    await quiet.put(planned(counting("flatline", 1, timedelta(0))))
    holiday = START + timedelta(days=65)  # 어린이날, a Tuesday
    silent = START + timedelta(days=73, hours=9)  # a Wednesday
    rest = holiday.replace(tzinfo=UTC)
    seen = [
        at
        for at in lived(11, 4)
        if not (
            rest + timedelta(hours=1) < at < rest + timedelta(hours=7) or silent < at < silent + timedelta(hours=20)
        )
    ]
    await put(quiet, seen)
    await watch(quiet, START, START + 11 * WEEK)
    at = await live(quiet, holiday - 6 * HOUR, silent + timedelta(days=1, hours=6), 2 * QUARTER)
    assert len(at) == 1
    assert silent < at[0] < silent + timedelta(hours=9)
    data = told(quiet)[0]["data"]
    assert (data["count"], data["threshold"], data["expected"] > 9, data["chance"] < 1e-4) == (0, 1, True, True)


APART = (
    "오픈AI가 서울에 사무소를 연다고 밝혔다. 한국 법인은 강남에 들어선다.",
    "법원은 저작권 소송에서 오픈AI의 손을 들어 주었다. 작가들은 항소한다.",
    "오픈AI는 반도체 공장 투자를 검토한다. 텍사스 주지사가 환영했다.",
    "대학 입시에 오픈AI의 채점기를 쓰자는 제안에 교사들이 반대했다.",
)


async def test_a_frequency_is_told_at_once_by_the_hit_that_reaches_it(tmp_path: Path) -> None:
    app = await build(tmp_path, planned(replace(counting("frequency", 3), unit="articles")))
    app.press.article(9, "다른 소식")
    app.press.listing(9)
    await app.run(Poll("paper", at_once=True))
    for number in range(1, 5):
        app.clock.pass_(minutes=6)
        app.press.listing(9, *range(1, number + 1))
        app.press.article(number, APART[number - 1])
        followed = await app.run(Poll("paper", at_once=True))
        assert Evaluate("surge") in followed
    (message,) = told(app)
    assert (message["type"], message["data"]["count"], message["data"]["threshold"]) == ("count.frequency", 3, 3)
    assert message["data"]["counted"] == {"rule": {"id": "openai", "name": "OpenAI"}, "unit": "articles"}
    await app.database.aclose()


async def test_a_look_is_due_each_minute_and_no_more(tmp_path: Path) -> None:
    app = await build(tmp_path, planned(counting("frequency", 3)))
    assert Evaluate("surge") in await app.due()
    assert Evaluate("surge") not in await app.due()
    app.clock.pass_(seconds=59)
    assert Evaluate("surge") not in await app.due()
    app.clock.pass_(seconds=1)
    assert Evaluate("surge") in await app.due()
    app.clock.pass_(hours=-2)
    assert Evaluate("surge") in await app.due(), "the clock was set back"
    app.current_plan.set(plan())
    app.clock.pass_(hours=1)
    assert Evaluate("surge") not in await app.due()
    assert await app.run(Evaluate("surge")) == [], "a rule that is gone"
    await app.database.aclose()


@pytest.mark.parametrize("seen_late", [timedelta(minutes=30), timedelta(minutes=80)])
async def test_what_is_stored_after_its_moment_is_counted_all_the_same(quiet: App, seen_late: timedelta) -> None:
    await quiet.put(planned(counting("frequency", 3, 3 * HOUR)))
    now = START + timedelta(hours=10, minutes=50)
    await put(quiet, [now - HOUR])
    assert await live(quiet, now, now + timedelta(minutes=1)) == []
    await put(quiet, [now - seen_late, now - seen_late + timedelta(minutes=1)], first=2)
    assert len(await live(quiet, now + timedelta(minutes=1), now + timedelta(minutes=12), timedelta(minutes=1))) == 1


async def test_an_incident_that_nobody_looked_at_for_a_week_is_over(tmp_path: Path) -> None:
    times = []
    for again in (HOUR, 3 * HOUR, WEEK):
        folder = tmp_path / f"{again.total_seconds()}"
        folder.mkdir()
        app = await build(folder, planned(counting("frequency", 3)))
        await put(app, [START - timedelta(minutes=number) for number in (3, 2, 1)])
        await put(app, [START + again - timedelta(minutes=number) for number in (3, 2, 1)], first=4)
        await live(app, START, START + QUARTER)
        times.append(len(await live(app, START + again, START + again + QUARTER)))
        await app.database.aclose()
    assert times == [1, 2, 2]


HEADLINES = ("오픈AI 소라 공개", "소라로 만든 영상, 오픈AI가 내놨다", "오픈AI '소라'에 업계 긴장")


@pytest.mark.slow
async def test_a_term_that_three_outlets_use_for_the_first_time_is_told_once(quiet: App) -> None:
    await quiet.put(planned(counting("new_term", 3, timedelta(days=1))))
    begin = START + 4 * WEEK
    usual = lived(5, 5, 0.2)
    new = {begin + timedelta(hours=10, minutes=number): (f"o{number}", said) for number, said in enumerate(HEADLINES)}
    more = {at + timedelta(days=2): (outlet, said) for at, (outlet, said) in new.items()}
    known = dict.fromkeys(usual, ("paper", "오픈AI 영상 공개에 업계 긴장, 만든 사람이 내놨다"))
    said = {**known, **new, **more}
    await put(quiet, sorted(said), said)
    await watch(quiet, START, begin + WEEK)
    at = await live(quiet, begin, begin + timedelta(days=4), 2 * QUARTER)
    assert at == [begin + timedelta(hours=10, minutes=30)]
    (term,) = told(quiet)[0]["data"]["terms"]
    assert (term["term"], term["outlets"]) == ("소라", 3)
    assert [one["source"] for one in term["articles"]] == ["o0", "o1", "o2"]
    assert [one["title"] for one in term["articles"]] == list(HEADLINES)


async def test_new_terms_after_a_restart_are_remembered_and_nothing_is_new_in_the_first_two_weeks(
    tmp_path: Path,
) -> None:
    found = []
    for name, watched in (("long", 4 * WEEK), ("short", WEEK)):
        folder = tmp_path / name
        folder.mkdir()
        wanted = planned(counting("new_term", 3, timedelta(days=1)))
        app = await build(folder, wanted)
        begin = START + 4 * WEEK
        new = {begin - timedelta(minutes=60 - number): (f"o{number}", said) for number, said in enumerate(HEADLINES)}
        said = {START + timedelta(days=day): ("paper", "오픈AI 영상 공개") for day in range(28)} | new
        await put(app, sorted(said), said)
        await watch(app, begin - watched, begin)
        await live(app, begin, begin + QUARTER)
        await app.database.aclose()
        again = await build(folder, wanted)  # another process on the same database
        found.append((len(told(app)), await live(again, begin + QUARTER, begin + HOUR)))
        await again.database.aclose()
    assert found == [(1, []), (0, [])]


async def test_a_message_that_was_made_before_a_kill_is_sent_after_it(quiet: App) -> None:
    await quiet.put(planned(counting("frequency", 3)))
    await put(quiet, [START - timedelta(minutes=number) for number in (3, 2, 1)])
    quiet.clock.now = START
    async for following in quiet.steps(Evaluate("surge")):  # and the process dies
        assert isinstance(following, Deliver)
    assert told(quiet) == []
    await quiet.tick()
    assert len(told(quiet)) == 1
    await quiet.tick()
    rows = await quiet.database.read(lambda connection: connection.execute(text("SELECT * FROM delivery")).all())
    assert len(rows) == len(told(quiet)) == 1


async def test_history_costs_one_walk_an_hour(quiet: App) -> None:
    """Of twelve weeks no more than the last two hours is asked for, but once an hour."""
    histories = quiet.steps.evaluate.histories
    asked: list[timedelta] = []
    plain = histories.counts.moments

    async def counted(rule_id: str, unit: Any, since: datetime, until: datetime) -> Sequence[datetime]:  # noqa: ANN401 - a wrapper
        asked.append(until - since)
        return await plain(rule_id, unit, since, until)

    histories.counts.moments = counted  # type: ignore[method-assign]  # the real one, counted
    rule = counting("spike", 3)
    for minutes in range(0, 121, 5):
        await histories.of(rule, START + timedelta(minutes=minutes))
    assert sum(one > 2 * HOUR for one in asked) == 3
    await histories.of(replace(rule, of="other"), START + timedelta(minutes=121))
    assert sum(one > 2 * HOUR for one in asked) == 4, "another rule is asked for anew"
