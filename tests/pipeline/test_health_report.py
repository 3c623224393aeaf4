"""From a poll to the operator's message, on a real store."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from monitor.model.errors import EmptyError, ExtractError, FetchError, FetchReason
from monitor.model.event import SourceBroken, SourceRecovered
from monitor.model.health import SourceProblem
from monitor.model.plan import Channel, Interval, Source
from monitor.model.task import Deliver, Poll
from monitor.pipeline.lists import alike, problem_of
from tests.pipeline.app import DESK, LIST, App, plan

POLL = Poll("paper", at_once=True)
WATCHED = plan(operator_channels=("desk",))


async def report(app: App, times: int = 1, minutes: float = 5) -> None:
    """PollReport so many times, with all that follows."""
    for _ in range(times):
        app.clock.pass_(minutes=minutes)
        await app.run(POLL)


def told(app: App) -> list[tuple[str, str]]:
    bodies = [json.loads(sent.body) for sent in app.post.sent]
    return [(body["type"], body["data"].get("problem", "")) for body in bodies]


async def begun(app: App) -> App:
    """Take the source past its first run, without hits."""
    await app.put(WATCHED)
    app.press.listing(1)
    app.press.article(1, "아무 말도 걸리지 않는다.")
    await app.run(POLL)
    return app


async def test_a_list_without_articles_is_told_to_the_operator_once(app: App) -> None:
    await begun(app)
    app.press.pages[LIST] = "<html><body><p>" + "점검 중입니다. " * 60 + "</p></body></html>"
    await report(app, 10)
    assert told(app) == [("source.broken", "no_entries")]
    app.press.listing(1)
    await report(app, 3)
    assert told(app) == [("source.broken", "no_entries"), ("source.recovered", "no_entries")]
    assert [sent.seq for sent in app.post.sent] == [1, 2]
    body = json.loads(app.post.sent[0].body)
    assert body["data"]["source"] == {"id": "paper", "name": "신문"}
    assert LIST in body["data"]["summary"]["en"]
    assert len(app.witness.of(SourceBroken)) == len(app.witness.of(SourceRecovered)) == 1


async def test_an_empty_answer_is_told_apart(app: App) -> None:
    await begun(app)
    app.press.pages[LIST] = "<html></html>"
    await report(app, 2)
    assert told(app) == [("source.broken", "empty")]


async def test_hits_and_alarms_share_one_line_without_gaps(app: App) -> None:
    await begun(app)
    app.press.listing(2, 1)
    app.press.article(2, "오픈AI가 나온다.")
    await report(app)
    app.press.pages[LIST] = FetchError(LIST, FetchReason.ROBOTS, "disallowed", transient=False)
    await report(app, 2)
    app.press.listing(3, 2, 1)
    app.press.article(3, "오픈AI가 또 나온다.")
    await report(app, 2)
    assert [name for name, _ in told(app)] == [
        "hit.created",
        "source.broken",
        "hit.created",
        "source.recovered",
    ]
    assert [sent.seq for sent in app.post.sent] == [1, 2, 3, 4]


async def test_without_an_operator_the_log_and_the_list_of_sources_know(app: App) -> None:
    app.press.pages[LIST] = FetchError(LIST, FetchReason.TIMEOUT, "no answer")
    await report(app, 4)
    assert app.post.sent == []
    (event,) = app.witness.of(SourceBroken)
    assert isinstance(event, SourceBroken)
    assert (event.source_id, event.problem) == ("paper", "unreachable")
    with app.reader() as reader:
        (row,) = reader.sources(app.clock())
        assert row.problem == "unreachable"
        assert row.action


@pytest.mark.parametrize("lost", [Channel("desk", "webhook", ""), replace(DESK, enabled=False)])
async def test_a_channel_that_cannot_be_told_gets_nothing_later_either(app: App, lost: Channel) -> None:
    await app.put(replace(WATCHED, channels=(lost,)))
    app.press.pages[LIST] = FetchError(LIST, FetchReason.TIMEOUT, "no answer")
    await report(app, 4)
    with app.reader() as reader:
        (row,) = reader.deliveries()
    assert (row.state, row.reason) == ("suppressed", "not_configured" if lost.enabled else "disabled")
    assert row.title == "source.broken: 신문: unreachable"
    await app.put(WATCHED)
    await app.tick()
    assert told(app) == []
    assert len(app.witness.of(SourceBroken)) == 1


async def test_many_sources_that_fail_at_once_are_one_message(app: App) -> None:
    urls = [f"https://paper{n}.example/list" for n in range(6)]
    sources = tuple(Source(f"paper{n}", f"신문 {n}", "list", (url,), Interval(300.0)) for n, url in enumerate(urls))
    await app.put(replace(WATCHED, sources=sources))
    for n, url in enumerate(urls):
        app.press.listing(10 * n, url=url)

    async def everywhere() -> None:
        app.clock.pass_(minutes=5)
        await app.run(*(Poll(source.id, at_once=True) for source in sources))

    await everywhere()
    pages = dict(app.press.pages)
    app.press.pages.update({url: FetchError(url, FetchReason.DNS, "no such name") for url in urls})
    for _ in range(8):
        await everywhere()
    assert told(app) == [("source.broken", "network")]
    app.press.pages.update(pages)
    for _ in range(3):
        await everywhere()
    assert told(app) == [("source.broken", "network"), ("source.recovered", "network")]


async def test_a_message_that_was_not_sent_before_a_crash_is_found_again(app: App) -> None:
    await begun(app)
    app.press.pages[LIST] = "<html></html>"
    app.clock.pass_(minutes=5)
    await app.run(POLL)
    app.clock.pass_(minutes=5)
    async for following in app.steps(POLL):  # the process ends here: what follows is never done
        assert isinstance(following, Deliver)
    assert app.post.sent == []
    await app.tick()
    assert told(app) == [("source.broken", "empty")]


@pytest.mark.parametrize(
    ("error", "problem", "common"),
    [
        (FetchError(LIST, FetchReason.ROBOTS), SourceProblem.ROBOTS, "robots"),
        (FetchError(LIST, FetchReason.STATUS, status=503), SourceProblem.UNREACHABLE, "status 503"),
        (FetchError(LIST, FetchReason.TIMEOUT), SourceProblem.UNREACHABLE, "timeout"),
        (FetchError(LIST, FetchReason.THROTTLED, status=429), SourceProblem.UNREACHABLE, "status 429"),
        (ExtractError(LIST, "no links"), SourceProblem.NO_ENTRIES, "content"),
        (EmptyError(LIST, "no content"), SourceProblem.EMPTY, "content"),
        (ExtractError(LIST, "the reader was busy", transient=True), SourceProblem.UNREACHABLE, "content"),
        (RuntimeError("a fault of ours"), SourceProblem.UNREACHABLE, "fault"),
    ],
)
def test_what_a_failure_says(error: Exception, problem: SourceProblem, common: str) -> None:
    assert (problem_of(error), alike(error)) == (problem, common)
