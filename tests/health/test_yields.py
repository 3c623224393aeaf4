"""Fields against their own past."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.health.memory import FieldMemory
from monitor.health.yields import MOST_WAYS, NEVER_READ, RECENT, accept, adopt, falls, forget, remember, tail, well


def read(**ways: str) -> dict[str, str]:
    return {"page": "read", "check": "passed"} | ways


def past(count: int, **ways: str) -> dict[str, FieldMemory]:
    return remember({}, [read(**ways)] * count, frozen=False)


def test_the_tail_is_that_of_the_binomial() -> None:
    assert isclose(tail(0, 3, 0.9), 0.001)
    assert isclose(tail(3, 3, 0.9), 1.0)
    assert isclose(tail(1, 2, 0.5), 0.75)


@pytest.mark.parametrize(("known", "needed"), [(12, 5), (100, 3)])
def test_the_more_is_known_the_fewer_articles_tell(known: int, needed: int) -> None:
    fields = past(known, body="site")
    for count in range(1, needed + 1):
        fields = remember(fields, [read(body="generic")], frozen=False)
        assert bool(falls(fields)) == (count == needed)


def test_nothing_is_judged_on_a_handful() -> None:
    assert falls(remember(past(5, body="site"), [read(body="generic")] * 2, frozen=False)) == ()


def test_a_field_that_never_was_does_not_fall() -> None:
    fields = past(60, body="site")
    assert falls(remember(fields, [read(body="site")] * 12, frozen=False)) == ()


def test_two_usual_ways_may_take_turns() -> None:
    fields: dict[str, FieldMemory] = {}
    for number in range(100):
        fields = remember(fields, [read(title="site" if number % 3 else "meta")], frozen=False)
    assert falls(remember(fields, [read(title="meta")] * 6, frozen=False)) == ()


def test_an_unread_page_says_nothing_of_the_other_fields() -> None:
    fields = remember(past(40, body="site"), [{"page": "!status: 403"}] * 5, frozen=False)
    assert [fall.field for fall in falls(fields)] == ["page"]
    assert fields["body"].recent == ("site",) * RECENT


def test_failures_are_never_usual() -> None:
    fields: dict[str, FieldMemory] = {}
    for number in range(200):
        fields = remember(fields, [read() if number % 3 else {"page": "!status: 404"}], frozen=False)
    assert [fall.field for fall in falls(remember(fields, [{"page": "!status: 404"}] * 12, frozen=False))] == ["page"]


@pytest.mark.parametrize(
    "why", ["bad_redirect: from https down to http", "status: 403", "robots: robots.txt disallows it"]
)
def test_pages_that_could_never_be_read_are_a_fall_until_one_is(why: str) -> None:
    fields: dict[str, FieldMemory] = {}
    for count in range(1, NEVER_READ + 1):
        fields = remember(fields, [{"page": f"!{why}"}], frozen=False)
        assert [fall.now for fall in falls(fields)] == ([f"!{why}"] if count == NEVER_READ else [])
    fields = forget(fields, falls(fields))
    fields = remember(fields, [{"page": f"!{why}"}] * 40, frozen=True)
    assert not well(fields)
    assert well(remember(fields, [read()], frozen=True))


@given(st.lists(st.sampled_from(["read", "!status: 403", "!tls: x"]), max_size=40))
def test_a_page_that_was_read_at_any_time_is_no_page_that_never_was(pages: list[str]) -> None:
    fields: dict[str, FieldMemory] = {}
    for page in pages:
        fields = remember(fields, [{"page": page}], frozen=False)
    never = [fall for fall in falls(fields) if not fall.before]
    assert bool(never) == (len(pages) >= NEVER_READ and "read" not in pages)


def test_nobody_is_told_again_of_what_is_taken_for_usual() -> None:
    fields = remember({}, [{"page": "!status: 403"}] * 30, frozen=False)
    fields = adopt(fields)
    assert well(fields)
    assert falls(remember(fields, [{"page": "!status: 403"}] * 100, frozen=False)) == ()


def test_what_fell_is_forgotten_and_may_recover() -> None:
    fields = remember(past(40, body="site"), [read(body="generic")] * 4, frozen=False)
    fallen = falls(fields)
    fields = forget(fields, fallen)
    assert "generic" not in fields["body"].ways
    assert not well(fields)
    fields = remember(fields, [read(body="generic")] * 50, frozen=True)
    assert not well(fields)
    fields = remember(fields, [read(body="site")] * 4, frozen=True)
    assert well(fields)
    assert falls(accept(fields)) == ()


def test_the_present_can_be_adopted() -> None:
    fields = remember(past(40, body="site"), [read(body="generic")] * RECENT, frozen=True)
    fields = adopt(fields)
    assert falls(remember(fields, [read(body="generic")] * 12, frozen=False)) == ()


WAYS = st.sampled_from(["site", "jsonld", "meta", "generic", "entry", "", "!check"])


@given(st.lists(st.tuples(WAYS, WAYS, st.booleans()), max_size=80))
def test_memory_stays_bounded_and_judgements_are_sound(articles: list[tuple[str, str, bool]]) -> None:
    fields: dict[str, FieldMemory] = {}
    for title, body, frozen in articles:
        fields = remember(fields, [read(title=title, body=body)], frozen=frozen)
        for fall in falls(fields):
            assert 0 <= fall.wins < fall.tries <= RECENT
            assert 0 < fall.usual < 1
            assert fields[fall.field].recent
    for one in fields.values():
        assert len(one.recent) <= RECENT
        assert len(one.ways) <= MOST_WAYS


@pytest.mark.parametrize("burst", [2, 4, 12, 30])
def test_a_burst_of_flashes_says_nothing_of_what_flashes_have_not(burst: int) -> None:
    whole = {"subtitle": "jsonld", "captions": "generic", "authors": "site", "body": "site"}
    fields = remember(past(97, **whole), [read(body="site", short="yes")] * burst, frozen=False)
    assert falls(fields) == ()
    assert [fall.field for fall in falls(remember(fields, [read(body="generic", short="yes")] * 3, frozen=False))] == [
        "body"
    ]
