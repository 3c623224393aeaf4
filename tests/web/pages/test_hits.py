"""The list of hits: a line for each story, filters in the address, one of them open."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from monitor.model.access import Scope
from monitor.model.records import HitQuery, SourceRecord
from monitor.service.clock import utc_now
from monitor.service.line_watch import LineSummary
from monitor.web.pages.hits import nothing
from monitor.web.pages.render import CSP
from monitor.web.pages.texts import LANGUAGES, Texts
from monitor.web.pages.times import PageClock
from tests.contracts.invented import NOW as NEWS
from tests.service.test_line_watch import NOW, source
from tests.web.pages.shown import HOSTILE, Browser, found


async def test_a_line_tells_the_story_and_marks_the_words(browser: Browser) -> None:
    await found(browser.site.url, "k1", "openai", "seoul", title="미국 오픈AI 소식")
    (row,) = await browser.rows()
    assert row.one(".hd mark").text == "오픈AI"
    assert row.one(".hd").text == "미국 오픈AI 소식"
    assert row.one(".out").text == "한빛일보"
    assert row.one(".rl").text.split() in (["OpenAI", "+1"], ["서울", "+1"])
    assert "is-crit" in row.attr("class")
    assert row.one("time").attr("datetime").endswith("+09:00")


async def test_filters_stand_in_the_address_and_in_what_the_list_offers(browser: Browser) -> None:
    for number in range(3):
        await found(browser.site.url, f"k{number}", "openai" if number else "seoul", at=number)
    page = await browser.look("/hits?rule=openai&text=%EC%98%A4%ED%94%88AI")
    assert len(page.all("li.row")) == 2
    assert page.one("#f-rule option[selected]").text == "OpenAI"
    offered = [one.attr("href") or "" for one in page.all(".head .as a")]
    assert all("rule=openai" in one for one in offered if one.startswith(("/api", "/hits.csv", "/feeds")))
    assert page.one("#cli pre").text == "monitor hits --rule openai --text '오픈AI'"
    assert page.one("#page").attr("data-stream").startswith("/api/v1/hits/stream?rule=openai")


async def test_one_is_open_where_the_address_says_so(browser: Browser) -> None:
    await found(browser.site.url, "k1", "openai")
    page = await browser.look("/hits?open=1")
    peek = page.one("li.row.on .peek")
    assert peek.one("blockquote mark").text == "오픈AI"
    assert "OpenAI" in peek.text
    assert page.one("li.row.on .hd a").attr("href") == "/hits?through=1#h1", "the same click closes it"


async def test_a_page_of_many_leads_to_the_next(browser: Browser) -> None:
    for number in range(55):
        await found(browser.site.url, f"k{number}", "openai", "seoul", at=number)
    first = await browser.look("/hits")
    following = first.one("nav a[rel=next]").attr("href")
    second = await browser.look(following or "")
    ids = [row.attr("id") for page in (first, second) for row in page.all("li.row")]
    assert (len(ids), len(set(ids))) == (55, 55)
    assert not second.has("nav a[rel=next]")


async def test_a_hit_by_itself_shows_its_text(browser: Browser) -> None:
    await found(browser.site.url, "k1", "openai", body="첫 문단은 오픈AI 이야기다.\n둘째 문단.")
    page = await browser.look("/hits/1")
    assert [one.text for one in page.all(".txt p")][:2] == ["첫 문단은 오픈AI 이야기다.", "둘째 문단."]
    assert page.one("h1 mark").text == "오픈AI"


async def test_whatever_strangers_wrote_stays_text(browser: Browser) -> None:
    await found(browser.site.url, "k1", "openai", title=HOSTILE, body=HOSTILE)
    for path in ("/hits", "/hits?open=1", "/hits/1"):
        answer = await browser.get(path)
        assert answer.headers["content-security-policy"] == CSP
        page = answer.text
        assert page.count("<script") == page.count("<script src="), path
        assert "<b>오픈AI" not in page
        assert "\u202e" not in page
        assert "\x1b" not in page
        assert "49" not in page.partition("<title>")[2].partition("</title>")[0], "no template of theirs is filled in"


async def test_an_empty_list_says_which_emptiness(browser: Browser) -> None:
    assert "아직 한 번도" in (await browser.look("/hits")).one("#list").text


@pytest.mark.parametrize(
    ("sources", "query", "chosen", "any_hit", "kind"),
    [
        ((), HitQuery(), {}, False, "no_source"),
        ((source("a", enabled=False),), HitQuery(), {}, True, "no_source"),
        ((source("a", last_success_at=None),), HitQuery(), {}, False, "first"),
        ((source("a", last_error="dns"),), HitQuery(source="a"), {"source": "a"}, True, "ill"),
        ((source("a", last_error="dns"), source("b")), HitQuery(source="b"), {"source": "b"}, True, "hidden"),
        ((source("a"),), HitQuery(text="x"), {"text": "x"}, True, "hidden"),
        ((source("a"),), HitQuery(text="x"), {"text": "x"}, False, "unmet"),
        ((source("a"),), HitQuery(), {}, False, "unmet"),
    ],
)
def test_each_emptiness_has_its_reason(
    sources: tuple[SourceRecord, ...],
    query: HitQuery,
    chosen: dict[str, str],
    any_hit: bool,  # noqa: FBT001 - one of the cases
    kind: str,
) -> None:
    found = nothing(query, chosen, LineSummary(NOW, sources, ()), any_hit)
    assert found.kind == kind
    for lang in LANGUAGES:
        texts = Texts(lang)
        assert texts(f"nothing.{kind}", **found.told(PageClock(NOW, ZoneInfo("Asia/Seoul"), texts)))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/hits/2", 404),
        ("/hits/0", 422),
        ("/hits/x", 422),
        (f"/hits/{2**63}", 422),
        ("/hits?since=gestern-abend", 400),
        ("/hits?cursor=x", 400),
        ("/hits?rul=openai", 422),
        ("/hits?handling=done", 422),
    ],
)
async def test_what_makes_no_sense_is_told_on_a_page(browser: Browser, path: str, status: int) -> None:
    answer = await browser.get(path)
    assert (answer.status, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert 'id="page"' in answer.text, "a swap finds its place"
    program = await browser.get(path, accept="application/json")
    assert program.headers["content-type"] == "application/problem+json"


async def test_to_look_changes_nothing_and_strangers_see_nothing(browser: Browser) -> None:
    await found(browser.site.url, "k1", "openai")
    await browser.get("/hits/1?do=handled")
    assert "is-new" in (await browser.rows())[0].attr("class")
    browser.scope = None
    answer = await browser.get("/hits?rule=openai")
    assert (answer.status, answer.headers["location"]) == (303, "/login?next=/hits%3Frule%3Dopenai")


async def test_who_may_only_read_is_offered_no_act(browser: Browser) -> None:
    await found(browser.site.url, "k1", "openai")
    browser.scope = Scope.READ
    page = await browser.look("/hits?open=1")
    assert page.all("button[name=do]") == []


async def test_pages_are_in_both_languages(browser: Browser) -> None:
    english = await browser.get("/hits?ui=en")
    assert '<html lang="en"' in english.text
    assert '<html lang="en"' in (await browser.get("/hits")).text, "the choice is remembered"
    browser.cookies.clear()
    assert '<html lang="ko"' in (await browser.get("/hits")).text
    assert '<html lang="en"' in (await browser.get("/hits", **{"accept-language": "en-GB,ko;q=0.5"})).text


async def test_what_was_not_meant_leads_to_what_the_rule_could_refuse(browser: Browser) -> None:
    await found(browser.site.url, "k1", "openai", title="오픈AI 골프대회 개막", body="오픈AI 골프대회가 열렸다.")
    answer = await browser.post("/hits/1/feedback", {"feedback": "not_meant", "note": HOSTILE})
    assert (answer.status, answer.headers["location"]) == (303, "/hits/1?suggest=1#meant")
    page = await browser.look("/hits/1?suggest=1")
    assert page.one("button[value=not_meant]").attr("aria-pressed") == "true"
    links = [one.attr("href") for one in page.all(".note li a")]
    assert links
    assert all(one.startswith("/rules/openai?match=") for one in links)
    assert (await browser.post("/hits/9/feedback", {"feedback": "meant"})).status == 404
    assert (await browser.post("/hits/1/feedback", {"feedback": "maybe"})).status == 422
    browser.scope = Scope.READ
    assert (await browser.post("/hits/1/feedback", {"feedback": "meant"})).status == 403


@pytest.mark.parametrize("place", ["/hits?rule=openai", "/?done=1"])
async def test_nothing_moves_when_a_line_is_opened_after_others_have_come(browser: Browser, place: str) -> None:
    at = (utc_now() - NEWS).total_seconds() - 3_600
    for number in range(3):
        await found(browser.site.url, f"k{number}", "openai", at=at + number)
    page = await browser.look(place)
    stream = page.one("#page").attr("data-stream")
    assert page.has("#fresh[hidden]")
    await found(browser.site.url, "new", "openai", at=at + 9, title="그 뒤에 온 오픈AI 소식")
    await found(browser.site.url, "other", "seoul", at=at + 9)
    opened = await browser.look(page.all("li.row .hd a")[1].attr("href"))
    assert [row.attr("id") for row in opened.all("li.row")] == [row.attr("id") for row in page.all("li.row")]
    assert opened.has("li.row.on .peek")
    assert opened.one("#page").attr("data-stream") == stream, "the same stream goes on"
    fresh = opened.one("#fresh")
    assert not fresh.has("[hidden]")
    assert fresh.text == f"새 기사 {1 if 'rule' in place else 2}건 보기"
    acted = opened.one("#seen input[name=back]").attr("value")
    assert len((await browser.look(acted)).all("li.row")) == 3, "nor when something was done with it"
    assert len((await browser.look(fresh.attr("href"))).all("li.row")) == (4 if "rule" in place else 5)


async def test_all_of_a_filter_are_those_that_were_shown(browser: Browser) -> None:
    await found(browser.site.url, "k1", "openai")
    shown = (await browser.look("/hits?rule=openai")).one("input[name=all]").attr("value")
    await found(browser.site.url, "k2", "openai", at=5)
    await browser.post("/handling", {"do": "handled", "all": shown})
    assert [row.attr("id") for row in (await browser.look("/hits?handling=new")).all("li.row")] == ["h2"]
