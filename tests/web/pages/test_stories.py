"""The list of stories, and one of them: who was first, how it spread, what was told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.story_records import OutletRecord, StoryRecord
from monitor.web.pages.stories import strip
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
