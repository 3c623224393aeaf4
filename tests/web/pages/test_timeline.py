"""How often rules are met: day by day, and at which hours."""

from __future__ import annotations

from monitor.service.clock import utc_now
from tests.contracts.invented import NOW
from tests.web.pages.shown import Browser, found


async def test_all_rules_have_their_days(browser: Browser) -> None:
    at = (utc_now() - NOW).total_seconds()
    for number in range(3):
        await found(browser.site.url, f"k{number}", "openai", at=at - number)
    page = await browser.look("/timeline")
    openai, seoul = page.all("tbody tr")
    assert openai.all("td")[-1].text == "3"
    assert seoul.all("td")[-1].text == "0"
    assert openai.has("svg path")
    assert not seoul.has("svg path")


async def test_one_rule_is_drawn_with_a_table_beside_it(browser: Browser) -> None:
    at = (utc_now() - NOW).total_seconds()
    await found(browser.site.url, "k1", "openai", at=at)
    page = await browser.look("/timeline?rule=openai")
    first = page.one("aside tbody tr")
    assert first.one("td").text == "1"
    assert page.one("main svg a").attr("href") == first.one("a").attr("href"), "a bar leads where its row leads"
    assert len(await browser.rows(first.one("a").attr("href"))) == 1
    assert page.one("svg.wk path").attr("d").startswith("M")


async def test_an_unknown_rule_has_no_days(browser: Browser) -> None:
    assert (await browser.get("/timeline?rule=none")).status == 404
