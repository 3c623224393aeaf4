"""Settings: colours, language and name in the browser; files without secrets, tokens and silences for who may."""

from __future__ import annotations

import pytest

from monitor.model.access import Scope
from monitor.service.clock import utc_now
from monitor.service.configuration import read
from monitor.service.current_plan import prepare
from tests.web.pages.shown import HOSTILE, Browser


async def test_what_a_viewer_chooses_is_remembered(browser: Browser) -> None:
    answer = await browser.post("/settings/view", {"theme": "dark", "lang": "en", "back": "/hits"})
    assert (answer.status, answer.headers["location"]) == (303, "/hits")
    browser.cookies["monitor_theme"], browser.cookies["monitor_lang"] = "dark", "en"
    page = (await browser.get("/hits")).text
    assert '<html lang="en" data-theme="dark">' in page
    await browser.post("/settings/view", {"name": "김솔빛"})
    assert "monitor_name" in browser.cookies
    await browser.post("/settings/view", {"name": ""})
    assert "monitor_name" not in browser.cookies, "who empties the field has no name any more"
    assert (await browser.post("/settings/view", {"theme": "pink"})).status == 422


async def test_files_are_shown_to_operators_without_their_secrets(browser: Browser) -> None:
    browser.scope = Scope.ADMIN
    page = await browser.look("/settings")
    names = [one.text.split()[0] for one in page.all("summary")]
    assert {"monitor.yaml", "rules.yaml", "channels.yaml"} <= set(names)
    assert "verysecret" not in page.text
    assert "whsec_bW9u" not in page.text
    assert "own words" not in page.text
    browser.scope = Scope.WRITE
    assert not (await browser.look("/settings")).has("details")


async def test_a_token_is_shown_once_and_ended(browser: Browser) -> None:
    browser.scope = Scope.ADMIN
    answer = await browser.post("/settings/tokens", {"name": "grafana", "scope": "read", "days": 30})
    assert answer.status == 200
    assert "mon_" in answer.text
    page = await browser.look("/settings")
    assert "mon_" not in page.text
    assert "grafana" in page.text
    taken = await browser.post("/settings/tokens", {"name": "grafana"})
    assert taken.status == 409
    for blank in (" ", "a\nb", "\0"):
        assert (await browser.post("/settings/tokens", {"name": blank})).status == 409, (
            "nobody could revoke it by its name"
        )
    assert 'value="grafana"' in taken.text, "what was typed stays"
    assert (await browser.post("/settings/tokens/revoke", {"name": "grafana"})).status == 303
    assert not any(one.in_force(utc_now()) for one in await browser.site.desk.queries.tokens() if one.name == "grafana")
    assert (await browser.post("/settings/tokens/revoke", {"name": "none"})).status == 404


async def test_a_reload_says_what_came_of_it(browser: Browser) -> None:
    browser.scope = Scope.ADMIN
    rules = browser.site.desk.app.folder / "rules.yaml"
    rules.write_text(
        rules.read_text("utf-8").replace("서울]", "서울").replace("severity: critical", "severty: critical"), "utf-8"
    )
    answer = await browser.post("/settings/reload")
    assert answer.status == 409
    assert "rules.yaml:" in answer.text
    entry = (await browser.look("/")).one("section.need li")
    assert entry.one("span").text == "설정", "who comes next is told too"


async def test_silences_are_made_and_ended(browser: Browser) -> None:
    wish = {"rule": "openai", "until": "2h", "why": HOSTILE}
    assert (await browser.post("/settings/silences", wish)).status == 303
    (one,) = await browser.site.desk.queries.silences()
    assert (one.rule_id, one.why) == ("openai", HOSTILE)
    page = (await browser.get("/settings/silences")).text
    assert page.count("<script") == page.count("<script src=")
    assert HOSTILE[:20] not in page
    answer = await browser.post(f"/settings/silences/{one.id}/end", {"back": "/"})
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert not (await browser.site.desk.queries.silences())[0].in_force(utc_now())
    assert (await browser.post("/settings/silences/99/end")).status == 404


async def test_a_wish_that_makes_no_sense_is_told_where_it_was_typed(browser: Browser) -> None:
    answer = await browser.post("/settings/silences", {"word": "공채", "until": "gestern", "why": "공채 시즌"})
    assert answer.status == 422
    assert 'value="공채"' in answer.text
    assert 'role="alert"' in answer.text
    assert await browser.site.desk.queries.silences() == ()


@pytest.mark.parametrize(
    ("path", "least"),
    [
        ("/settings/tokens", Scope.ADMIN),
        ("/settings/tokens/revoke", Scope.ADMIN),
        ("/settings/reload", Scope.ADMIN),
        ("/settings/silences", Scope.WRITE),
        ("/settings/silences/1/end", Scope.WRITE),
    ],
)
async def test_who_may_not_is_refused(browser: Browser, path: str, least: Scope) -> None:
    browser.scope = Scope.WRITE if least is Scope.ADMIN else Scope.READ
    assert (await browser.post(path, {"name": "x"})).status == 403


async def test_the_values_in_force_say_where_they_come_from(browser: Browser) -> None:
    browser.scope = Scope.ADMIN
    page = await browser.look("/settings")
    rows = {one.one("th").text: [cell.text for cell in one.all("td")] for one in page.all("#values + table tbody tr")}
    assert rows["deliver.timeout"] == ["5s", "monitor.yaml:1"]
    assert rows["fetch.timeout"] == ["20s", "기본값"]
    assert rows["web.password"][0] == "********"
    assert "own words" not in page.text
    assert "SQLite" in page.text
    browser.scope = Scope.WRITE
    page = await browser.look("/settings")
    assert not page.has("#values"), "operators alone see them"
    assert "SQLite" not in page.text


async def test_what_takes_effect_at_the_next_start_says_so(browser: Browser) -> None:
    browser.scope = Scope.ADMIN
    file = browser.site.desk.app.folder / "monitor.yaml"
    file.write_text(file.read_text("utf-8").replace("timeout: 5s", "timeout: 6s"), "utf-8")
    desk = browser.site.desk
    desk.plans.replace(prepare(read(desk.app.folder, desk.app.environ), analyse=False))
    (row,) = [one for one in (await browser.look("/settings")).all("tr") if "deliver.timeout" in one.text]
    assert "6s 다시 켜면 적용" in row.text


async def test_files_that_are_not_in_force_are_told_where_people_look(browser: Browser) -> None:
    browser.scope = Scope.ADMIN
    desk = browser.site.desk
    file = desk.app.folder / "rules.yaml"
    written = file.read_text("utf-8")
    for path in ("/", "/settings", "/rules", "/rules/seoul", "/sources/new"):
        assert "설정 파일" not in "".join(one.text for one in (await browser.look(path)).all(".note, .need")), path
    file.write_text(written.replace("severity: critical", "severty: critical"), "utf-8")
    desk.files.forget()
    for path in ("/", "/settings", "/rules", "/sources/new"):
        page = await browser.look(path)
        (note,) = [one for one in page.all(".note, .need") if "severty" in one.text]
        assert "rules.yaml" in note.text
        assert note.one("[lang=en]").text, "the words of a parser are marked"
        assert str(desk.app.folder) not in note.text
    (row,) = [one for one in (await browser.look("/settings")).all("tr") if "severty" in one.text]
    assert "정상" not in row.text
    file.write_text(written.replace("severity: critical", "severity: info"), "utf-8")
    desk.files.forget()
    for path in ("/", "/settings", "/rules", "/rules/seoul", "/sources/new"):
        (note,) = [one for one in (await browser.look(path)).all(".note, .need") if "아직 적용되지" in one.text]
        assert "rules.yaml" in note.text


async def test_what_is_not_well_has_its_mend_in_the_language_of_the_page(browser: Browser) -> None:
    page = await browser.look("/settings")
    (row,) = [one for one in page.all("tr") if one.has("th") and one.one("th").text == "데몬"]
    assert "다시 띄우고" in row.text
    assert "none runs" in row.one("[lang=en]").text
