"""The list of stories, and one of them: who was first, how it spread, what was told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import update

from monitor.channels.words.compose import compose
from monitor.cluster.choice import choose
from monitor.model.story_records import OutletRecord, StoryRecord
from monitor.notify.policy import decide_hits
from monitor.schedule.calendar import CALENDAR
from monitor.store.db.database import Database
from monitor.store.tables.schema import story
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from monitor.web.pages.stories import strip
from tests.contracts.invented import hit
from tests.contracts.reports import signed, told
from tests.web.pages.shown import HOSTILE, Browser, found

AT = datetime(2026, 11, 27, tzinfo=UTC)


async def the_story(browser: Browser) -> str:
    """Return the id of the story that was told last."""
    return (await browser.rows("/stories"))[0].attr("id").removeprefix("s-")


async def test_stories_are_listed_and_handled(browser: Browser) -> None:
    await found(browser.site.url, "k1", "openai", title="첫 이슈")
    await found(browser.site.url, "k2", "seoul", at=60, title="둘째 이슈")
    rows = await browser.rows("/stories")
    assert [row.one(".hd").text for row in rows] == ["둘째 이슈", "첫 이슈"]
    assert [row.one(".hd").text for row in await browser.rows("/stories?rule=openai&order=outlets")] == ["첫 이슈"]
    await browser.post("/handling", {"do": "handled", "story": await the_story(browser), "back": "/stories"})
    assert ["is-handled" in row.classes for row in await browser.rows("/stories")] == [True, False]
    assert ["is-handled" in row.classes for row in await browser.rows("/hits")] == [True, False], "its hits as well"
    await browser.post("/handling", {"do": "undo"})
    assert not any("is-handled" in row.classes for row in await browser.rows("/stories"))


async def test_a_story_shows_who_was_first(browser: Browser) -> None:
    await found(browser.site.url, "k1", "openai", title="첫 이슈")
    page = await browser.look(f"/stories/{await the_story(browser)}")
    (row,) = page.all("table.spread tbody tr")
    assert "한빛일보" in row.text
    assert "첫 보도" in row.text
    assert page.one("svg[role=img]").attr("aria-label")
    assert page.one("aside").text.count("OpenAI") == 1
    (strip,) = row.all("svg")
    assert strip.attr("aria-label"), "what its dots say is said"
    assert len(strip.all("circle")) == 1
    assert "알린 것이 없습니다" in page.one("aside").text
    assert "다음" not in page.one("aside").text, "a rule that told nobody yet waits for no level"


async def test_every_level_that_was_told_is_listed_and_the_next_one_is_named(browser: Browser) -> None:
    plan, database = browser.site.desk.plans.current()[0], Database(browser.site.url)
    store, decide = (
        ArticleStore(database, choose, timedelta(days=3)),
        partial(decide_hits, plan=plan, calendar=CALENDAR),
    )
    for number in range(33):
        seen = AT + timedelta(minutes=number)
        report = told(7, f"k{number}", seen, f"o{number % 4 if number < 32 else 4}", cut=number % 5)
        write = ArticleWrite(None, report, signed(report).signature, (hit("openai"),))
        await store.commit(write, partial(decide, baseline=False), compose, seen)
    await database.aclose()
    page = await browser.look(f"/stories/{await the_story(browser)}")
    aside = page.one("aside").text
    assert "첫 기사" in aside
    assert "매체 5곳" in aside, "it was told by the last of many hits"
    assert "매체 15곳이 되면 (10곳 남음)" in aside
    assert "30분 안에 새 매체가 5곳 늘면" in aside
    first = page.all("table.spread tbody tr")[0]
    assert len(first.all("circle")) == 8, "each of its articles"
    assert "+1" not in first.one("svg").attr("aria-label")


async def test_how_far_behind_an_outlet_was_is_told_in_minutes_for_some_hours(browser: Browser) -> None:
    database = Database(browser.site.url)
    store = ArticleStore(database, choose, timedelta(days=3))
    for number, minutes in enumerate((0, 61, 240)):
        seen = AT + timedelta(minutes=minutes)
        report = told(7, f"k{number}", seen, f"o{number}", cut=number)
        write = ArticleWrite(None, report, signed(report).signature, (hit("openai"),))
        await store.commit(write, lambda _: (), lambda _: b"", seen)
    await database.aclose()
    page = await browser.look(f"/stories/{await the_story(browser)}")
    lags = [one.all("td")[1].text for one in page.all("table.spread tbody tr")]
    assert lags == ["첫 보도", "+61분", "+4시간"]


async def test_a_story_that_is_nearly_like_it_is_linked(browser: Browser) -> None:
    await found(browser.site.url, "k1", "openai", title="첫 이슈")
    other = await the_story(browser)
    await found(browser.site.url, "k2", "seoul", at=60, title="둘째 이슈")
    newest, database = await the_story(browser), Database(browser.site.url)
    await database.write(
        lambda connection: connection.execute(update(story).where(story.c.id == newest).values(related=other))
    )
    await database.aclose()
    links = [one.attr("href") for one in (await browser.look(f"/stories/{newest}")).all("aside a")]
    assert f"/stories/{other}" in links
    assert "다르게 본 이슈" not in (await browser.look(f"/stories/{other}")).text


async def test_hostile_headlines_are_text(browser: Browser) -> None:
    await found(browser.site.url, "k1", "openai", title=HOSTILE)
    for path in ("/stories", f"/stories/{await the_story(browser)}"):
        page = (await browser.get(path)).text
        assert page.count("<script") == page.count("<script src="), path
        assert "<b>오픈AI" not in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/stories/none", 404),
        ("/stories?order=best", 422),
        ("/stories?since=gestern-abend", 400),
        ("/stories?rul=a", 422),
    ],
)
async def test_what_makes_no_sense_is_told(browser: Browser, path: str, status: int) -> None:
    assert (await browser.get(path)).status == status


def test_a_strip_spans_from_the_first_to_the_last() -> None:
    outlets = tuple(OutletRecord(str(n), str(n), AT + timedelta(minutes=n), 60 * n, 1, "", "") for n in (0, 5, 10))
    told = StoryRecord("s", "t", AT, AT + timedelta(minutes=10), 3, 3, 0, (), outlets, ())
    assert strip(told) == (0.0, 50.0, 100.0)
