"""A rule's stories are counted once, when their first article that met it was seen; what was there before is not news."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert

from monitor.model.counting import CountUnit
from monitor.store.db.database import Database
from monitor.store.tables.schema import article, entry, hit, story
from monitor.store.write.count_store import CountStore
from tests.contracts.invented import NOW, later

HOUR = 3600.0


@dataclass(frozen=True)
class Seen:
    """An article of a story, seen at so many seconds from NOW, with the rules that it met; found so much later by rematching."""

    story: str
    at: float
    rules: tuple[str, ...] = ("openai",)
    baseline: bool = False
    found_after: float = 1.0


def write(connection: Connection, articles: Iterable[Seen]) -> None:
    """Store the articles in place of what there is."""
    for table in (hit, entry, article, story):
        connection.execute(delete(table))
    articles = list(articles)
    for name in {one.story for one in articles}:
        connection.execute(insert(story).values(id=name, title=name, first_seen_at=NOW))
    for number, one in enumerate(articles, start=1):
        at, key = later(one.at), f"k{number}"
        common = {"source_id": "herald", "key": key, "url": f"https://n.example/{key}", "first_seen_at": at}
        lists: dict[str, list[str]] = {"captions": [], "authors": []}
        connection.execute(
            insert(article).values(id=number, **common, **lists, stored_at=at, field_sources={}, story_id=one.story)
        )
        connection.execute(
            insert(entry).values(
                id=number, **common, state="done", baseline=one.baseline, next_attempt_at=at, article_id=number
            )
        )
        for rule in one.rules:
            said = {"article_id": number, "source_id": "herald", "rule_id": rule, "rule_name": rule}
            found = at + timedelta(seconds=one.found_after)
            connection.execute(insert(hit).values(**said, plan_version="v", spans=[], mentions=1, created_at=found))


async def counted(
    db: Database, articles: Iterable[Seen], since: float, until: float, unit: CountUnit = "stories"
) -> list[float]:
    """Return when they are counted, in seconds from NOW."""
    await db.write(lambda connection: write(connection, articles))
    found = await CountStore(db).moments("openai", unit, later(since), later(until))
    assert all(moment.utcoffset() == timedelta() for moment in found)
    return [(moment - NOW).total_seconds() for moment in found]


@pytest.mark.parametrize(
    ("articles", "stories", "each"),
    [
        ((), [], []),
        ((Seen("s", -10), Seen("s", -20), Seen("t", -5)), [-20, -5], [-20, -10, -5]),
        ((Seen("s", -10), Seen("s", -HOUR - 10)), [], [-10]),  # it began before
        ((Seen("s", -10), Seen("s", -HOUR)), [], [-10]),  # a window is half-open
        ((Seen("s", 0), Seen("t", 1)), [0], [0]),
        ((Seen("s", -10), Seen("s", -HOUR - 10, ("other",))), [-10], [-10]),  # that one met another rule
        ((Seen("s", -10), Seen("s", -20, ())), [-10], [-10]),  # a first report that met no rule
        ((Seen("s", -20, baseline=True), Seen("s", -10)), [-10], [-10]),
        ((Seen("s", -2 * HOUR, baseline=True), Seen("s", -10)), [-10], [-10]),
        ((Seen("s", -10, found_after=-HOUR - 60),), [-10], [-10]),  # the clock was set back in between
        ((Seen("s", -20, baseline=True), Seen("t", -2 * HOUR, found_after=2 * HOUR)), [], []),  # found late, not new
    ],
)
async def test_moments(db: Database, articles: tuple[Seen, ...], stories: list[float], each: list[float]) -> None:
    assert await counted(db, articles, -HOUR, 0) == stories
    assert await counted(db, articles, -HOUR, 0, "articles") == each


SEEN = st.builds(
    Seen,
    st.sampled_from("abcd"),
    st.integers(-100, 20).map(float),
    st.sampled_from([("openai",), ("openai", "other"), ("other",), ()]),
    st.booleans(),
    st.sampled_from([0.0, 1.0, 90.0]),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(articles=st.lists(SEEN, max_size=12), since=st.integers(-90, 0), middle=st.integers(-90, 0))
async def test_windows_that_meet_count_each_story_once(
    db: Database, articles: list[Seen], since: int, middle: int
) -> None:
    since, middle = min(since, middle), max(since, middle)
    whole = await counted(db, articles, since, 0)
    parts = await counted(db, articles, since, middle) + await counted(db, articles, middle, 0)
    assert whole == parts == sorted(whole)
    met = [one for one in articles if "openai" in one.rules]
    begun = {one.story for one in met if one.at <= since and not one.baseline}
    fresh = [one for one in met if since < one.at <= 0 and not one.baseline]
    assert len(whole) == len({one.story for one in fresh} - begun)
    assert await counted(db, articles, since, 0, "articles") == sorted(one.at for one in fresh)


async def test_a_moment_is_kept_to_the_microsecond(db: Database) -> None:
    assert await counted(db, [Seen("s", -0.000001)], -1, 0) == [-0.000001]
    assert isinstance((await CountStore(db).moments("openai", "stories", later(-1), NOW))[0], datetime)
