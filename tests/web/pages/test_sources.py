"""The sources: what needs a look first, each in a line, all of one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from monitor.model.access import Scope
from monitor.model.rhythm import SLOTS, Arrivals
from monitor.service.clock import utc_now
from monitor.store.db.database import Database
from monitor.store.tables.rows import arrivals_values
from monitor.store.tables.schema import alarm, source_state
from tests.web.pages.shown import FORM, HOSTILE, Browser, found


async def change(browser: Browser, source_id: str, **values: object) -> None:
    """Have it stored of a source."""
    database = Database(browser.site.url)
    await database.write(
        lambda connection: connection.execute(
            update(source_state).where(source_state.c.id == source_id).values(**values)
        )
    )
    await database.aclose()
    browser.site.desk.line.forget()


async def test_the_ill_stand_first_with_what_to_do(browser: Browser) -> None:
    now = utc_now()
    await change(
        browser, "herald", last_error="status: 503 <https://news.example/list>", failures=3, last_success_at=now
    )
    await change(browser, "daily", last_success_at=now, next_poll_at=now + timedelta(minutes=3))
    page = await browser.look("/sources")
    (need,) = page.all("section.need li")
    assert "한빛일보" in need.text
    assert "읽지 못함 (3번 잇달아)" in need.text
    assert need.one("form").attr("action") == "/sources/herald/fetch"
    assert [one.attr("id") for one in page.all("table.srcs tbody tr")] == ["s-herald", "s-daily"]
    first, second = page.all("table.srcs tbody tr")
    assert first.one(".bad").text.split() == ["▲", "실패"]
    assert "3분 뒤" in second.text


async def test_lines_are_ordered_chosen_and_found_by_links(browser: Browser) -> None:
    await change(browser, "daily", last_success_at=utc_now())
    assert [one.attr("id") for one in (await browser.look("/sources?sort=name")).all("tbody tr")] == [
        "s-daily",
        "s-herald",
    ]
    only = await browser.look("/sources?text=%ED%95%9C%EB%B9%9B&sort=name")
    assert [one.attr("id") for one in only.all("tbody tr")] == ["s-herald"]
    assert only.one("th[aria-sort] a").attr("href").endswith("sort=name")
    assert (await browser.look("/sources?state=off")).one("main .note a").attr("href") == "/sources"
    for query in ("sort=x", "state=x", "x=1", f"text={'a' * 201}"):
        assert (await browser.get(f"/sources?{query}")).status == 422, query


async def test_all_of_one_with_how_its_last_article_was_read(browser: Browser) -> None:
    at = 60.0
    for number in range(3):
        await found(browser.site.url, f"k{number}", "openai", at=at * number, body="첫 문단이다.\n둘째 문단이다.")
    page = await browser.look("/sources/herald")
    assert page.one("h1").text == "한빛일보"
    assert len(page.all("table.stack tbody tr")) == 3
    assert "첫 문단이다." in page.one("blockquote").text
    assert "5분 — 설정에 정한 간격" in page.one("aside").text
    assert "https://news.example/list" in page.one("aside").text
    assert page.one(".head form").attr("action") == "/sources/herald/fetch"
    assert (await browser.get("/sources/herld")).status == 404
    assert "herald" in (await browser.get("/sources/herld")).text


async def test_a_look_is_asked_for_and_leads_back(browser: Browser) -> None:
    answer = await browser.post("/sources/herald/fetch", {"back": "/sources?state=ill#s-herald"})
    assert (answer.status, answer.headers["location"]) == (303, "/sources?state=ill#s-herald")
    abroad = await browser.post("/sources/herald/fetch", {"back": "https://evil.example/"})
    assert abroad.headers["location"] == "/sources"
    assert (await browser.post("/sources/none/fetch")).status == 404
    foreign = await browser.post("/sources/herald/fetch", {}, {**FORM, "sec-fetch-site": "cross-site"})
    assert foreign.status == 403


async def test_those_that_fail_alike_are_looked_at_together(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    actions = browser.site.desk.actions
    poll_now = actions.poll_now

    def noted(source_id: str) -> bool | None:
        asked.append(source_id)
        return poll_now(source_id)

    monkeypatch.setattr(actions, "poll_now", noted)
    answer = await browser.post("/sources/herald/fetch", {"back": "/", "also": ["daily", "left-meanwhile"]})
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert asked == ["herald", "daily", "left-meanwhile"]
    assert (await browser.post("/sources/herald/fetch", {"also": ["daily"] * 101})).status == 422


async def test_who_may_only_read_is_offered_no_look(browser: Browser) -> None:
    browser.scope = Scope.READ
    for path in ("/sources", "/sources/herald"):
        assert (await browser.look(path)).all("form[method=post]") == []
    assert (await browser.post("/sources/herald/fetch")).status == 403


@pytest.mark.parametrize("path", ["/sources", "/sources/herald"])
async def test_whatever_strangers_wrote_stays_text(browser: Browser, path: str) -> None:
    await found(browser.site.url, "k1", "openai", title=HOSTILE, body=HOSTILE)
    await change(browser, "herald", last_error=f"parse: {HOSTILE}", failures=2)
    text = (await browser.get(path)).text
    assert text.count("<script") == text.count("<script src=")
    assert "<b>오픈AI" not in text


async def test_pages_are_in_english_as_well(browser: Browser) -> None:
    await change(browser, "herald", last_error="x", failures=1)
    assert "It could not be read" in (await browser.look("/sources?ui=en")).one("section.need").text
    assert "set in the configuration" in (await browser.look("/sources/herald?ui=en")).text


async def test_what_is_usual_stands_beside_the_last_day(browser: Browser) -> None:
    now = utc_now()
    arrivals = arrivals_values(Arrivals(now, (1.0,) * SLOTS, (2.0,) * SLOTS))
    await change(browser, "daily", arrivals=arrivals, last_success_at=now)
    page = await browser.look("/sources")
    assert [page.one(f"#s-{one} td:nth-of-type(4)").text for one in ("daily", "herald")] == ["0 / 12", "0 / –"]
    assert "하루 12건" in (await browser.look("/sources/daily")).one("aside").text


async def test_one_that_answers_again_is_told_so_while_its_alarm_is_up(browser: Browser) -> None:
    now, database = utc_now(), Database(browser.site.url)
    raised = {"source_id": "herald", "problem": "empty", "since": now, "raised_at": now}
    await database.write(lambda one: one.execute(insert(alarm).values(**raised)))
    await database.aclose()
    error = "content: no body <https://news.example/list>"
    for told, values in (
        ("빈 답이 옴 (4번 잇달아)", {"last_error": error, "failures": 4}),
        ("빈 답이 옴", {"last_error": error, "failures": 0}),
        ("빈 답이 옴 (지금은 읽힘", {"last_error": "", "failures": 0}),
    ):
        await change(browser, "herald", last_success_at=now, **values)
        (need,) = (await browser.look("/sources")).all("section.need li")
        assert told in need.text
        assert ("지금은 읽힘" in need.text) == ("지금은" in told)


async def test_an_alarm_is_told_in_the_language_of_the_page(browser: Browser) -> None:
    now, database = utc_now(), Database(browser.site.url)
    words = {
        "summary_ko": "목록이 비었음",
        "summary_en": "the list is empty",
        "action_ko": "쪽을 보십시오",
        "action_en": "see the page",
    }
    raised = {"source_id": "herald", "problem": "empty", "since": now, "raised_at": now} | words
    await database.write(lambda one: one.execute(insert(alarm).values(**raised)))
    await database.aclose()
    korean = (await browser.look("/sources/herald")).one(".alarm").text
    english = (await browser.look("/sources/herald?ui=en")).one(".alarm").text
    assert "목록이 비었음 → 쪽을 보십시오" in korean
    assert "the list is empty → see the page" in english
    assert "list is empty" not in korean
    assert "비었음" not in english
