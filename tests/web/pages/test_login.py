"""Logging in on a page: what it was asked for stays text, a refusal says how long to wait."""

from __future__ import annotations

from urllib.parse import quote

from monitor.web.pages.render import BARE_CSP
from tests.web.desk import PASSWORD
from tests.web.pages.shown import HOSTILE, Browser


async def test_the_form_leads_where_somebody_was_going(browser: Browser) -> None:
    browser.scope = None
    page = await browser.look("/login?next=/hits%3Frule%3Dopenai")
    assert page.one("input[name=next]").attr("value") == "/hits?rule=openai"
    answer = await browser.post("/login", {"password": PASSWORD, "next": "/hits?rule=openai"})
    assert (answer.status, answer.headers["location"]) == (303, "/hits?rule=openai")
    assert (await browser.get("/hits")).status == 200
    assert (await browser.look("/login")).has("form[action='/logout']")
    await browser.post("/logout")
    assert (await browser.get("/hits")).status == 303


async def test_whatever_it_is_asked_for_stays_text(browser: Browser) -> None:
    browser.scope = None
    for wanted in (HOSTILE, "//evil.example", "https://evil.example", "javascript:alert(1)"):
        answer = await browser.get(f"/login?next={quote(wanted)}")
        assert "<script" not in answer.text
        assert "evil" not in answer.text
        assert answer.headers["content-security-policy"] == BARE_CSP
        assert "script" not in BARE_CSP
        assert "frame-ancestors 'none'" in BARE_CSP


async def test_a_wrong_password_is_told_and_many_have_to_wait(browser: Browser) -> None:
    browser.scope = None
    answer = await browser.post("/login", {"password": "x", "next": "/rules"})
    assert answer.status == 401
    assert 'value="/rules"' in answer.text, "where they were going is not lost"
    for _ in range(30):
        answer = await browser.post("/login", {"password": "x"})
        if answer.status == 429:
            break
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["retry-after"] in answer.text
