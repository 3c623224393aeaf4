"""The first steps of a new installation: shown while something is undone, and from a name to a rule."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from monitor.model.access import Scope
from monitor.service.configuration import read
from monitor.service.current_plan import prepare
from monitor.service.first_files import shipped
from tests.web.pages.shown import HOSTILE, Browser


@pytest.fixture
def undone(browser: Browser) -> Browser:
    """Somebody who may do everything on an installation as it ships."""
    browser.site.desk.plans.replace(prepare(read(shipped(), {}), analyse=False))
    browser.scope = Scope.ADMIN
    return browser


async def test_nothing_is_said_where_all_is_done(browser: Browser) -> None:
    assert not (await browser.look("/")).has("#steps")


async def test_the_steps_stand_on_the_first_page_while_something_is_undone(undone: Browser) -> None:
    page = await undone.look("/")
    steps = page.all("section[aria-labelledby=steps] li")
    assert [one.one("span").text.split()[-1] for one in steps] == ["무엇을", "어디서", "누구에게"]
    assert [one.has(".vh") for one in steps] == [False, True, False]
    assert page.one("#steps small").text == "1/3"
    assert "MONITOR_WEBHOOK_URL" in steps[2].text
    field = page.one("form[action='/start'] input").attr("id")
    assert page.one(f"label[for={field}]").text == "우리 회사 이름"


async def test_a_name_leads_to_its_rule(undone: Browser) -> None:
    answer = await undone.get("/start?name=%20(%EC%A3%BC)%ED%95%B4%EC%86%94%20%EC%86%8C%ED%94%84%ED%8A%B8")
    place = urlsplit(answer.headers["location"])
    assert (answer.status, place.path) == (303, "/rules/new")
    assert parse_qs(place.query) == {"name": ["(주)해솔 소프트"], "match": ["해솔|소프트"]}
    page = await undone.look(answer.headers["location"])
    assert "해솔|소프트" in page.one("[name=match]").text + page.one("[name=match]").attr("value")


@pytest.mark.parametrize("name", ["", "%20", "//evil.example", HOSTILE])
async def test_no_name_leads_out_of_the_desk(undone: Browser, name: str) -> None:
    place = (await undone.get(f"/start?name={name}")).headers["location"]
    assert place == "/" or place.startswith("/rules/new?")


async def test_who_wants_no_steps_sees_none_any_more(undone: Browser) -> None:
    assert (await undone.get("/start?hide=1")).headers["location"] == "/"
    assert not (await undone.look("/")).has("#steps")


async def test_who_may_not_write_rules_is_offered_none(undone: Browser) -> None:
    undone.scope = Scope.READ
    page = await undone.look("/")
    assert page.has("#steps")
    assert not page.has("form[action='/start']")
    assert not page.has("a[href='/sources/new']")
