"""The page of the morning: what needs a person, what is new by rule since the last visit, what is held."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from monitor.model.errors import ConfigProblem
from monitor.model.plan import Plan, Rule
from monitor.present.story_rows import story_rows
from monitor.service.clock import utc_now
from monitor.store.db.database import Database
from monitor.store.tables.schema import source_state
from monitor.web.pages.today import groups, held
from tests.contracts.databases import SqliteFactory
from tests.contracts.invented import NOW
from tests.present.test_story_rows import hit
from tests.web import desk
from tests.web.pages.delivered import waiting
from tests.web.pages.shown import HOSTILE, Browser, browsing, found


async def test_what_is_new_stands_by_rule_the_critical_first(browser: Browser) -> None:
    at = (utc_now() - NOW).total_seconds() - 3_600
    await found(browser.site.url, "k1", "seoul", at=at)
    await found(browser.site.url, "k2", "openai", at=at)
    page = await browser.look("/")
    assert [one.text for one in page.all("section.rows h2 a")] == ["OpenAI", "서울"]
    assert page.one("section.need li span").text == "긴급"
    await browser.post("/handling", {"do": "handled", "id": 2})
    page = await browser.look("/")
    assert [one.text for one in page.all("section.rows h2 a")] == ["서울"]
    assert [one.text for one in (await browser.look("/?done=1")).all("section.rows h2 a")] == ["OpenAI", "서울"]


async def test_a_second_visit_shows_what_came_since(browser: Browser) -> None:
    now = utc_now()
    await found(browser.site.url, "k1", "seoul", at=(now - NOW).total_seconds() - 7_200)
    browser.cookies["monitor_visit"] = f"0.{int((now - timedelta(hours=1)).timestamp())}"
    assert (await browser.look("/")).all("li.row") == []
    await found(browser.site.url, "k2", "seoul", at=(now - NOW).total_seconds() - 60)
    assert len((await browser.look("/")).all("li.row")) == 1
    assert browser.cookies["monitor_visit"].startswith(str(int((now - timedelta(hours=1)).timestamp())))


async def test_a_configuration_that_is_wrong_is_told(browser: Browser) -> None:
    file = browser.site.desk.app.folder / "rules.yaml"
    hostile = json.dumps(HOSTILE.replace("{{7*7}}", ""))
    file.write_text(file.read_text("utf-8").replace("{id: seoul,", f"{{id: seoul, {hostile}: 1,"), "utf-8")
    browser.site.desk.files.forget()
    entry = (await browser.look("/")).one("section.need li")
    assert entry.one("span").text == "설정"
    assert "rules.yaml 4째 줄" in entry.text
    assert "alert(1)" in entry.one("[lang=en]").text
    assert not entry.has("script")


async def test_a_reload_that_would_lose_a_file_is_told(browser: Browser) -> None:
    desk = browser.site.desk
    (desk.app.folder / "rules.yaml").unlink()
    desk.plans.refused = (ConfigProblem("rules.yaml", 0, 0, "it is gone", "put it back", "PLN001"),)
    assert "put it back" in (await browser.look("/")).one("section.need li").text


async def test_an_empty_morning_says_that_it_is_quiet(browser: Browser) -> None:
    assert (await browser.look("/")).one("#list .note").text


def test_a_line_stands_with_the_first_rule_it_met_and_long_lists_are_cut() -> None:
    rules = (Rule("seoul", "서울", "x"), Rule("openai", "OpenAI", "x", severity="critical"))
    rows = list(
        story_rows(
            [hit(9, 9, "a", "seoul"), hit(8, 9, "a"), *(hit(n, n, f"s{n}", "gone") for n in range(5, 0, -1))], {}
        )
    )
    first, last = groups([*rows, *(replace(rows[-1]) for _ in range(12))], Plan("v", rules=rules))
    assert (first.rule_id, first.more) == ("openai", 0)
    assert (last.name, len(last.rows), last.more) == ("Gone", 12, 5)


def test_what_is_held_is_counted_by_channel_and_policy() -> None:
    one, other = held((waiting("mail", "digest", 5), waiting("mail", "digest", 3), waiting("desk", "quiet", 4)))
    assert ((one.channel, one.count), (other.channel, other.count)) == (("mail", 2), ("desk", 1))
    assert one.due_at == NOW + timedelta(minutes=3)


async def look_after(browser: Browser, **failing: object) -> None:
    """Have one source read and the others failing like this."""
    database, sources = Database(browser.site.url), update(source_state)
    await database.write(lambda one: one.execute(sources.values(last_success_at=utc_now())))
    if failing:
        others = sources.where(source_state.c.id != "daily")
        await database.write(lambda one: one.execute(others.values(**failing)))
    await database.aclose()
    browser.site.desk.line.forget()


async def test_quiet_is_not_said_while_a_source_is_ill(browser: Browser) -> None:
    await look_after(browser)
    for place in ("/", "/stories"):
        assert "조용한 것" in (await browser.look(place)).one("p.note").text
    await look_after(browser, last_error="status: 503 <https://news.example/list>", failures=3)
    for place in ("/", "/stories"):
        note = (await browser.look(place)).one("p.note").text
        assert "매체 1곳" in note, place
        assert "조용한 것" not in note, place


async def test_where_no_server_answers_the_network_is_looked_at_first(
    tmp_path: Path, sqlite_factory: SqliteFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = "".join(f"  - {{id: s{n}, kind: feed, url: ['https://s{n}.example/feed'], every: 5m}}\n" for n in range(4))
    monkeypatch.setattr(desk, "SOURCES", desk.SOURCES + more)
    with sqlite_factory.lent() as database:
        async with browsing(tmp_path, database) as one:
            await look_after(one, last_error="dns: no name <https://news.example/list>", failures=1)
            for place in ("/", "/sources"):
                (need,) = (await one.look(place)).all("section.need[aria-labelledby=need] li")
                assert "매체 서버에 닿지 못함" in need.text, place
                assert "이 컴퓨터의 네트워크를 먼저" in need.text, place
                assert "브라우저로 주소를" not in need.text, place
                ids = [
                    need.one("form").attr("action").split("/")[2],
                    *(one.attr("value") for one in need.all("[name=also]")),
                ]
                assert sorted(ids) == ["herald", "s0", "s1", "s2", "s3"], "one button looks at all of them"
