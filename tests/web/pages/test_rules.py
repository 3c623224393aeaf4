"""The list of rules, and what was changed in them."""

from __future__ import annotations

from monitor.model.feedback import NewFeedback, Relevance
from monitor.service.clock import utc_now
from tests.contracts.invented import NOW
from tests.web.pages.shown import Browser, found


async def test_each_rule_has_its_figures(browser: Browser) -> None:
    at = (utc_now() - NOW).total_seconds()
    await found(browser.site.url, "k1", "openai", at=at)
    hit = await browser.site.desk.queries.last_hit()
    said = NewFeedback(relevance=Relevance.MEANT, author="lee", at=utc_now())
    await browser.site.desk.app.triage.add_feedback(hit, said)
    openai, seoul = (await browser.look("/rules")).all("tbody tr")
    assert openai.one("th a").attr("href") == "/rules/openai"
    assert openai.one("code").text == "@openai"
    assert "100 %" in openai.text
    assert "긴급" in openai.text
    assert openai.has("svg path")
    assert "–" in seoul.text
    assert not seoul.has("svg path")


async def test_a_rule_that_is_probably_not_meant_has_a_sign(browser: Browser) -> None:
    file = browser.site.desk.app.folder / "rules.yaml"
    file.write_text(file.read_text("utf-8").replace("match: 서울", "match: '서울 AND NOT 서울'"), "utf-8")
    openai, seoul = (await browser.look("/rules")).all("tbody tr")
    assert "▲" in seoul.text
    assert "▲" not in openai.text


async def test_nothing_was_changed_yet(browser: Browser) -> None:
    assert "아직" in (await browser.look("/settings/history")).one(".note").text
