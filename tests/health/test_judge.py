"""Raise, keep, clear: what polls of one source in a row say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.health.memory import Memory, pack, unpack
from monitor.model.health import Alarm, ListCheck, Notice, Peer, SourceProblem
from tests.health.watched_source import LIST, START, WatchedSource


@pytest.fixture
def source() -> WatchedSource:
    made = WatchedSource()
    made.report(ListCheck(LIST, entries=(f"https://paper.example/news/view/{made.number}",), new=1, first=True))
    return made


def test_three_failures_over_ten_minutes_are_told_once_and_so_is_their_end(source: WatchedSource) -> None:
    source.fail()
    source.fail()
    assert source.says == []
    source.fail()
    assert source.says == [(True, "unreachable")]
    for _ in range(20):
        source.fail()
    assert len(source.told) == 1
    source.well()
    assert len(source.told) == 1
    source.well()
    assert source.says == [(True, "unreachable"), (False, "unreachable")]
    assert source.told[0].alarm.since == START + timedelta(minutes=10)


def test_many_failures_within_moments_wait_for_ten_minutes(source: WatchedSource) -> None:
    for _ in range(19):
        source.fail(minutes=0.5)
    assert source.says == []
    source.fail(minutes=2)
    assert source.says == [(True, "unreachable")]


@pytest.mark.parametrize("problem", [SourceProblem.ROBOTS, SourceProblem.EMPTY, SourceProblem.NO_ENTRIES])
def test_a_list_that_answers_without_articles_is_told_at_the_second_poll(
    source: WatchedSource, problem: SourceProblem
) -> None:
    source.fail(problem)
    assert source.says == []
    source.fail(problem)
    assert source.says == [(True, problem.value)]
    assert LIST in source.told[0].alarm.summary.en
    assert LIST in source.told[0].alarm.summary.ko
    assert source.told[0].alarm.action.en
    assert source.told[0].alarm.action.ko


def test_one_list_of_two_that_dies_is_told(source: WatchedSource) -> None:
    other = ListCheck("https://paper.example/two", SourceProblem.NO_ENTRIES, "nothing")
    for _ in range(2):
        source.report(ListCheck(LIST, unchanged=True), other)
    assert source.says == [(True, "no_entries")]
    source.report(ListCheck(LIST, unchanged=True))  # the dead one was taken out of the plan
    source.report(ListCheck(LIST, unchanged=True))
    assert source.says[-1] == (False, "no_entries")


def test_a_source_that_comes_and_goes_is_told_ever_more_seldom(source: WatchedSource) -> None:
    for _ in range(60):
        for _ in range(3):
            source.fail()
        source.well()
        source.well()
    assert 4 <= len(source.told) <= 12  # not 120
    assert [broken for broken, _ in source.says[:4]] == [True, False, True, False]


def test_most_sources_failing_at_once_is_one_message_about_all_sources() -> None:
    health_store = [WatchedSource() for _ in range(40)]
    told: list[Notice] = []
    outage: Alarm | None = None

    def poll(*, up: bool) -> None:
        nonlocal outage
        for place, source in enumerate(health_store):
            source.outage = outage
            source.peers = [
                Peer(one.now, one.memory.failing_since, one.memory.cause)
                for other, one in enumerate(health_store)
                if other != place
            ]
            found = source.well(1) if up else source.fail()
            outage = found.outage
            told.extend(found.notices)

    poll(up=True)
    for _ in range(12):
        poll(up=False)
    assert [(one.broken, one.alarm.problem, one.source_id, one.sources) for one in told] == [
        (True, SourceProblem.NETWORK, "", 40)
    ]
    for _ in range(4):
        poll(up=True)
    assert [one.broken for one in told] == [True, False]
    assert outage is None


def test_a_few_failing_among_many_are_told_one_by_one(source: WatchedSource) -> None:
    source.peers = [Peer(START + timedelta(hours=1), None)] * 8 + [
        Peer(START, START + timedelta(minutes=8), "connect")
    ] * 3
    for _ in range(3):
        source.fail()
    assert source.says == [(True, "unreachable")]
    assert source.outage is None


@pytest.mark.parametrize(
    ("cause", "alike"),
    [("connect", {"connect", "dns", "timeout"}), ("status 403", {"status 403"}), ("status 500", set())],
)
def test_an_answer_brings_back_those_that_failed_of_the_same(
    source: WatchedSource, cause: str, alike: set[str]
) -> None:
    assert source.well().recovered == set()
    assert source.fail(cause=cause).recovered == set()
    recovered = source.well().recovered
    assert recovered >= alike
    assert bool(recovered) == bool(alike)
    assert source.well().recovered == set(), "once"


def test_those_that_failed_long_before_do_not_make_an_outage(source: WatchedSource) -> None:
    source.peers = [Peer(START, START - timedelta(days=9), "connect")] * 30
    for _ in range(3):
        source.fail()
    assert source.says == [(True, "unreachable")]


def test_another_encoding_is_told_and_becomes_the_usual_one(source: WatchedSource) -> None:
    for _ in range(3):
        source.well(charset="cp949")
    source.well(charset="utf-8")
    before = len(source.told)
    source.well(charset="utf-8")
    assert source.says[before:] == [(True, "encoding")]
    assert "cp949 before, utf-8 now" in source.told[-1].alarm.summary.en
    for _ in range(60):
        source.well(charset="utf-8")
    assert source.says[before:] == [(True, "encoding"), (False, "encoding")]


def test_titles_that_cannot_be_decoded_are_told(source: WatchedSource) -> None:
    broken = ListCheck(LIST, entries=("https://paper.example/news/view/1100001",), charset="utf-8", garbled=0.8)
    for _ in range(100):
        source.report(broken)
    assert source.says == [(True, "encoding")]
    assert "80%" in source.told[0].alarm.summary.en


def article(**ways: str) -> dict[str, str]:
    return {"page": "read", "title": "site", "body": "site", "published_at": "jsonld", "authors": "site"} | ways


def test_a_definition_that_stops_winning_is_told_within_two_polls(source: WatchedSource) -> None:
    for _ in range(30):
        source.report(articles=[article(), article()])
    source.report(articles=[article(body="generic"), article(body="generic")])
    source.report(articles=[article(body="generic"), article(body="generic")])
    assert source.says == [(True, "yield")]
    assert "body" in source.told[0].alarm.summary.en
    assert "generic" in source.told[0].alarm.summary.en
    for _ in range(50):
        source.report(articles=[article(body="generic")])
    assert len(source.told) == 1  # what is wrong does not become the usual
    for _ in range(3):
        source.report(articles=[article()])
    assert source.says == [(True, "yield"), (False, "yield")]
    for _ in range(20):
        source.report(articles=[article()])
    assert len(source.told) == 2


def test_an_odd_article_now_and_then_is_not_a_fall(source: WatchedSource) -> None:
    for number in range(300):
        odd = article(body="", authors="") if number % 20 == 0 else article()
        source.report(articles=[odd])
    assert source.says == []


def test_authors_that_half_of_the_articles_state_may_vanish_for_good_only(source: WatchedSource) -> None:
    for number in range(60):
        source.report(articles=[article(authors="site" if number % 2 else "")])
    assert source.says == []
    for _ in range(20):
        source.report(articles=[article(authors="")])
    assert source.says == [(True, "yield")]
    assert source.told[0].alarm.summary.en.startswith("authors")


def test_pages_that_cannot_be_read_any_more_are_told(source: WatchedSource) -> None:
    for _ in range(10):
        source.report(articles=[article(), article()])
    source.report(articles=[{"page": "status: 403"}] * 5)
    assert source.says == [(True, "yield")]
    assert "403" in source.told[0].alarm.summary.en


def test_pages_that_could_never_be_read_are_told_once_and_recover(source: WatchedSource) -> None:
    refused = {"page": "!bad_redirect: from https down to http at another site"}
    for _ in range(30):
        source.report(articles=[refused])
    assert source.says == [(True, "yield")]
    assert "from https down to http" in source.told[0].alarm.summary.en
    assert "monitor doctor" in source.told[0].alarm.action.en
    source.report(articles=[article()])
    assert source.says == [(True, "yield"), (False, "yield")]


def test_pages_that_can_never_be_read_are_the_usual_after_two_weeks(source: WatchedSource) -> None:
    for _ in range(80):
        source.report(articles=[{"page": "!status: 403"}], minutes=12 * 60)
    assert source.says == [(True, "yield"), (False, "yield")]


def test_what_has_been_so_for_two_weeks_is_the_usual(source: WatchedSource) -> None:
    for _ in range(20):
        source.report(articles=[article()])
    for _ in range(40):
        source.report(articles=[article(title="meta")], minutes=12 * 60)
    assert source.says == [(True, "yield"), (False, "yield")]


def test_a_new_definition_of_the_source_begins_a_new_past(source: WatchedSource) -> None:
    for _ in range(20):
        source.report(articles=[article()])
    for _ in range(20):
        source.report(articles=[article(title="meta", body="generic")], basis="b")
    assert source.says == []


def test_numbers_that_rise_unseen_are_counted_and_told(source: WatchedSource) -> None:
    for _ in range(50):
        source.well(4)
    assert source.says == []
    found = source.well(4, minutes=60, skipped=40)
    assert source.says == [(True, "gaps")]
    assert found.day.missed == pytest.approx(40, abs=3)
    assert found.day.seen == 204
    for _ in range(400):
        source.well(1)
    assert source.says == [(True, "gaps"), (False, "gaps")]


def test_numbers_of_which_only_a_third_are_articles_lose_nothing(source: WatchedSource) -> None:
    for number in range(400):
        source.well(1, skipped=number % 5)
    assert source.says == []


def test_a_list_of_which_nothing_is_known_any_more_has_lost_something(source: WatchedSource) -> None:
    for turn in range(30):
        keys = tuple(f"https://paper.example/story/some-words-{turn * 3 - n}" for n in range(20))
        source.report(ListCheck(LIST, entries=keys, new=3, charset="utf-8"), minutes=20)
    assert source.says == []
    keys = tuple(f"https://paper.example/story/other-words-{n}" for n in range(20))
    found = source.report(ListCheck(LIST, entries=keys, new=20, overrun=True, charset="utf-8"), minutes=6 * 60)
    assert found.day.missed > 10  # nine an hour for six hours, twenty of them seen
    assert source.says == [(True, "gaps")]


def weeks(source: WatchedSource, count: int, per_poll: int = 1) -> None:
    for report in range(count * 7 * 24 * 2):
        busy = 6 <= (source.now.hour + 9) % 24 < 23
        source.well(per_poll if busy and report % 2 == 0 else 0, minutes=30)


def test_silence_beyond_the_sources_rhythm_is_told_and_a_quiet_night_is_not(source: WatchedSource) -> None:
    weeks(source, 3)
    assert source.says == []
    while not source.says:
        source.well(0, minutes=30)
        assert source.now < START + timedelta(weeks=3, hours=30)
    assert source.says == [(True, "stale")]
    source.well(1, minutes=30)
    assert source.says == [(True, "stale"), (False, "stale")]


def test_silence_says_nothing_before_two_weeks_are_known(source: WatchedSource) -> None:
    weeks(source, 1)
    for _ in range(96):
        source.well(0, minutes=30)
    assert source.says == []


ANY = st.sampled_from([None, *SourceProblem])


@given(
    st.lists(st.tuples(ANY, st.integers(0, 30), st.floats(0.1, 3000), st.sampled_from(["utf-8", "cp949"])), max_size=40)
)
def test_alarms_alternate_and_the_memory_stays_small(polls: list[tuple[SourceProblem | None, int, float, str]]) -> None:
    source = WatchedSource()
    for problem, new, minutes, charset in polls:
        if problem in {SourceProblem.UNREACHABLE, SourceProblem.ROBOTS, SourceProblem.EMPTY, SourceProblem.NO_ENTRIES}:
            source.fail(problem, minutes)
        else:
            source.well(new, minutes, charset=charset)
    for problem in SourceProblem:
        said = [notice.broken for notice in source.told if notice.alarm.problem is problem]
        assert said == [place % 2 == 0 for place in range(len(said))]
    assert len(str(pack(source.memory))) < 8000


def test_a_memory_of_other_ideas_is_begun_anew() -> None:
    assert unpack({"urls": 7}) == Memory()
    assert unpack(None) == Memory()


def test_lists_and_pages_that_robots_txt_closes_are_one_alarm(source: WatchedSource) -> None:
    for _ in range(10):
        source.well(new=1)
        source.report(articles=[article(), article()])
    for _ in range(4):
        refused = ListCheck(LIST, SourceProblem.ROBOTS, "robots.txt forbids it")
        source.report(refused, articles=[{"page": "!robots: forbidden"}] * 4)
    assert source.says == [(True, "robots")]
