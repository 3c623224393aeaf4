"""A rule in its form: what is shown of a change, what is written, who may, and what happens when two write."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.model.access import Scope
from monitor.service.clock import utc_now
from tests.contracts.invented import NOW
from tests.web.asgi import Answer
from tests.web.desk import RULES
from tests.web.pages.shown import FORM, HOSTILE, Browser, Part, found


@pytest.fixture
def admin(browser: Browser) -> Browser:
    """Somebody who may write configuration."""
    browser.scope = Scope.ADMIN
    return browser


def rules_file(browser: Browser) -> Path:
    return browser.site.desk.app.folder / "rules.yaml"


def parsed(answer: Answer) -> Part:
    root = LexborHTMLParser(answer.text).root
    assert root is not None
    return Part(root)


def filled(page: Part, **typed: object) -> dict[str, object]:
    """Return what the form of a page would send, some of it typed anew."""
    fields: dict[str, object] = {}
    for one in page.all("#rule input"):
        if one.attr("type") == "checkbox":
            if "checked" in one._node.attributes:
                fields.setdefault(one.attr("name"), []).append(one.attr("value"))  # type: ignore[attr-defined]
        else:
            fields[one.attr("name")] = one.attr("value")
    for one in page.all("#rule textarea"):
        fields[one.attr("name")] = one.text
    chosen = [one.attr("value") for one in page.all("#rule option") if "selected" in one._node.attributes]
    return {**fields, "severity": chosen[0], **typed}


async def preview(browser: Browser, rule_id: str, fields: Mapping[str, object]) -> Part:
    """Return the page that a preview leads to."""
    answer = await browser.post(f"/rules/{rule_id}/preview", fields)
    assert answer.status == 303, answer.text
    return parsed(await browser.get(answer.headers["location"]))


async def test_a_rule_is_shown_as_its_file_has_it(browser: Browser) -> None:
    fields = filled(await browser.look("/rules/openai"))
    assert fields["match"] == "@openai"
    assert fields["severity"] == "critical"
    assert fields["channels"] == ["desk"]
    assert fields["tags"] == "ai"
    assert (await browser.get("/rules/none")).status == 404


async def test_a_rule_in_force_whose_file_is_wrong_by_now_says_so(browser: Browser) -> None:
    file = rules_file(browser)
    file.write_text(file.read_text("utf-8").replace("severity: critical", "severty: critical"), "utf-8")
    answers = [await browser.get(f"/rules/{one.id}") for one in browser.site.desk.plans.current()[0].rules]
    (wrong,) = [one for one in answers if one.status != 200]
    assert wrong.status == 409
    assert "severty" in wrong.text


async def test_a_change_is_previewed_with_what_it_would_find(browser: Browser) -> None:
    at = (utc_now() - NOW).total_seconds() - 3_600
    await found(browser.site.url, "k1", "openai", at=at)
    before = rules_file(browser).read_text("utf-8")
    page = await browser.look("/rules/openai")
    shown = await preview(browser, "openai", filled(page, match="@openai AND NOT 소식", tests_match="오픈AI가 왔다"))
    assert "−1" in shown.one("#effect .big").text
    assert not shown.has("#effect svg.wk"), "nothing is left to draw"
    same = await preview(browser, "openai", filled(page))
    assert same.one("#effect svg.wk path").attr("d").count("h1v1") == 1
    assert "오픈AI 소식" in shown.one("#effect table").text
    assert "NOT 소식" in shown.one("pre.diff ins").text
    assert shown.one("#match").text == "@openai AND NOT 소식"
    assert rules_file(browser).read_text("utf-8") == before, "nothing is written"


async def test_nothing_is_promised_of_a_rule_before_an_article_was_read(admin: Browser) -> None:
    page = await admin.look("/rules/openai")
    shown = await preview(admin, "openai", filled(page, match="부산"))
    effect = shown.one("#effect")
    assert "아직 읽은 기사가 없어" in effect.text
    assert not shown.has("#effect .big"), "no count of what was tried on nothing"
    assert effect.all("button")[-1].text == "저장"
    await found(admin.site.url, "k1", "openai", at=(utc_now() - NOW).total_seconds() - 3_600)
    assert "하루 약" in (await preview(admin, "openai", filled(page, match="부산"))).one("#effect").text


async def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(admin: Browser) -> None:
    before = rules_file(admin).read_text("utf-8")
    page = await admin.look("/rules/seoul")
    for path in ("/rules/seoul/preview", "/rules/seoul"):
        typed: Mapping[str, object] = filled(page, match="서울 AND (부산", name="바꾼 이름")
        answer = await admin.post(path, typed)
        answer = await admin.get(answer.headers["location"]) if answer.status == 303 else answer
        assert answer.status == 422
        shown = parsed(answer)
        assert shown.one("#match").attr("aria-invalid") == "true"
        assert "rules.yaml:4" in shown.one("#match-said").text
        assert shown.one("#match").text == "서울 AND (부산"
        assert shown.one("#name").attr("value") == "바꾼 이름"
    answer = await admin.post("/rules/seoul", filled(page, tests_match="부산에 비"))
    assert answer.status == 422
    assert parsed(answer).has("#tests_match-said")
    assert rules_file(admin).read_text("utf-8") == before


async def test_a_change_is_written_and_all_else_stays(admin: Browser) -> None:
    rules_file(admin).write_text(RULES.replace("  - {id: seoul", "  # 수도\n  - {id: seoul") + "# 끝\n", "utf-8")
    page = await admin.look("/rules/seoul")
    answer = await admin.post("/rules/seoul", filled(page, match='서울 EXCEPT "서울 우유"', severity="warning"))
    assert answer.status == 303
    assert (
        rules_file(admin).read_text("utf-8")
        == RULES.replace(
            "  - {id: seoul, name: 서울, match: 서울, channels: [desk]}",
            "  # 수도\n  - {id: seoul, name: 서울, match: '서울 EXCEPT \"서울 우유\"', channels: [desk], severity: warning}",
        )
        + "# 끝\n"
    )
    after = await admin.look("/rules/seoul")
    assert "아직 적용되지 않았습니다" in after.one(".note").text, "no daemon runs that could take it"
    assert "서울 우유" in after.one("#effect pre").text, "the history of the rule"
    assert "admin" in (await admin.look("/settings/history")).text


async def test_a_rule_that_says_the_same_is_not_written(admin: Browser) -> None:
    page = await admin.look("/rules/seoul")
    before = rules_file(admin).stat()
    assert (await admin.post("/rules/seoul", filled(page))).status == 303
    assert rules_file(admin).stat().st_mtime_ns == before.st_mtime_ns
    assert "없습니다" in (await admin.look("/rules/seoul")).one(".note").text


async def test_who_comes_second_sees_what_the_first_changed(admin: Browser) -> None:
    first, second = await admin.look("/rules/seoul"), await admin.look("/rules/seoul")
    assert (await admin.post("/rules/seoul", filled(first, name="서울시"))).status == 303
    written = rules_file(admin).read_text("utf-8")
    answer = await admin.post("/rules/seoul", filled(second, match="서울 OR 한양"))
    assert answer.status == 409
    assert rules_file(admin).read_text("utf-8") == written
    shown = parsed(answer)
    assert "name: 서울시" in shown.one("[role=alert] ins").text
    assert shown.one("#match").text == "서울 OR 한양"
    assert shown.one("#name").attr("value") == "서울시", "what only the first touched is as the first has it"
    assert not shown.has("input[name=theirs]")
    again = await admin.post("/rules/seoul", filled(shown))
    assert again.status == 303
    assert "{id: seoul, name: 서울시, match: 서울 OR 한양, channels: [desk]}" in rules_file(admin).read_text("utf-8")


@pytest.mark.parametrize(("choice", "match"), [({}, "서울 OR 한양"), ({"theirs": ["match"]}, "서울 OR 경성")])
async def test_what_both_changed_is_shown_side_by_side_to_choose(
    admin: Browser, choice: Mapping[str, object], match: str
) -> None:
    first, second = await admin.look("/rules/seoul"), await admin.look("/rules/seoul")
    assert (
        await admin.post("/rules/seoul", filled(first, match="서울 OR 경성", tests_match="경성의 밤"))
    ).status == 303
    shown = await admin.show("/rules/seoul", filled(second, match="서울 OR 한양", severity="warning"), 409)
    assert [one.attr("value") for one in shown.all("input[name=theirs]")] == ["match"]
    assert "서울 OR 경성" in shown.one("#match ~ .note pre").text
    assert shown.one("#match").text == "서울 OR 한양"
    assert shown.one("#tests_match").text == "경성의 밤"
    fields = filled(shown, tests_match="서울의 밤") | {"theirs": [], **choice}
    assert (await admin.post("/rules/seoul", fields)).status == 303
    after = filled(await admin.look("/rules/seoul"))
    assert (after["match"], after["severity"], after["tests_match"]) == (match, "warning", "서울의 밤")


async def test_a_choice_of_another_is_shown_in_the_words_of_the_form(admin: Browser) -> None:
    first, second = await admin.look("/rules/seoul"), await admin.look("/rules/seoul")
    await admin.post("/rules/seoul", filled(first, severity="critical", stories="all", channels=[]))
    shown = await admin.show("/rules/seoul", filled(second, severity="warning", stories="off"), 409)
    names = {one.attr("value"): one.text for one in shown.all("#severity option, #stories option")}
    assert shown.one("#severity ~ .note pre").text == names["critical"]
    assert shown.one("#stories ~ .note pre").text == names["all"]


async def test_a_preview_keeps_what_another_has_written_meanwhile(admin: Browser) -> None:
    first, second = await admin.look("/rules/seoul"), await admin.look("/rules/seoul")
    await admin.post("/rules/seoul", filled(first, name="서울시"))
    shown = await preview(admin, "seoul", filled(second, match="서울 OR 한양"))
    assert "그사이" in shown.one("[role=alert]").text
    assert (shown.one("#name").attr("value"), shown.one("#match").text) == ("서울시", "서울 OR 한양")
    assert (await admin.post("/rules/seoul", filled(shown))).status == 303
    assert "name: 서울시, match: 서울 OR 한양" in rules_file(admin).read_text("utf-8")


async def test_a_preview_that_is_loaded_again_is_the_same(browser: Browser) -> None:
    page = await browser.look("/rules/seoul")
    answer = await browser.post("/rules/seoul/preview", filled(page, match="서울 OR 한양", attempt="한양의 봄"))
    assert answer.status == 303
    address = answer.headers["location"]
    for _ in range(2):
        shown = await browser.look(address)
        assert shown.one("#match").text == "서울 OR 한양"
        assert shown.one("#tried mark").text == "한양"
        assert not shown.has("[role=alert]")
    foreign = parsed(await browser.get(address, **{"sec-fetch-site": "cross-site"}))
    assert foreign.one("#match").text == "서울 OR 한양"
    assert not foreign.has("pre.diff"), "another page has nothing worked out here"
    browser.scope = Scope.READ
    assert (await browser.get(address)).headers["location"] == "/rules/seoul"


async def test_what_no_address_can_say_is_answered_at_once(browser: Browser) -> None:
    page = await browser.look("/rules/seoul")
    shown = await browser.show("/rules/seoul/preview", filled(page, tests_match="서울의 봄\n" * 400))
    assert shown.one("#tests_match").text.count("서울의 봄") == 400
    answer = await browser.post("/rules/seoul/preview", filled(page, attempt="http://127.0.0.1:9/a"))
    assert parsed(answer).has("#tried"), "an address is fetched for who asks for it, not for who loads a page"
    again = await browser.look(answer.headers["hx-push-url"])
    assert not again.has("#tried")
    assert again.one("#attempt").attr("value") == "http://127.0.0.1:9/a"


async def test_an_address_leaves_out_what_is_as_in_the_file(admin: Browser) -> None:
    await admin.post("/rules/seoul", filled(await admin.look("/rules/seoul"), tests_match="서울의 봄\n" * 1_400))
    page = await admin.look("/rules/seoul")
    shown = await preview(admin, "seoul", filled(page, match="서울 OR 한양", channels=[]))
    assert shown.one("#tests_match").text == page.one("#tests_match").text
    assert (shown.one("#match").text, shown.has("#channels [checked]")) == ("서울 OR 한양", False)


async def test_a_rule_of_which_nobody_is_told_says_so_before_and_after_it_is_saved(admin: Browser) -> None:
    fields = filled(await admin.look("/rules/seoul")) | {"channels": []}
    shown = await preview(admin, "seoul", fields)
    words = "아무에게도 알리지 않습니다"
    assert words in shown.one(".note.alarm").text
    assert "듣는 곳 없음" in shown.one("button[formaction='/rules/seoul']").text
    assert "nobody is told" not in shown.one("#effect").text, "said once"
    assert (await admin.post("/rules/seoul", fields)).status == 303
    (note,) = [one for one in (await admin.look("/rules/seoul")).all(".note") if words in one.text]
    assert note.one("a").attr("href") == "#channels"
    heard = await preview(admin, "openai", filled(await admin.look("/rules/openai")))
    assert "듣는 곳 없음" not in heard.one("button[formaction='/rules/openai']").text, (
        "a rule that finds nothing is heard"
    )
    file = rules_file(admin).with_name("channels.yaml")
    file.write_text(file.read_text("utf-8").replace("kind: webhook", "kind: webhook, enabled: false"), "utf-8")
    assert words in (await admin.look("/rules/openai")).one(".note.alarm").text


@pytest.mark.parametrize("text", [None, "", "# 아직 없음\n", "rules: []\n"])
async def test_from_nothing_to_a_watch_of_ones_own_company(admin: Browser, text: str | None) -> None:
    if text is None:
        rules_file(admin).unlink()
    else:
        rules_file(admin).write_text(text, "utf-8")
    page = await admin.look("/rules/new?" + urlencode({"match": "해솔소프트"}))
    fields = filled(page, name="우리 회사", channels=["desk"], tests_match="해솔소프트가 새 제품을 냈다")
    answer = await admin.post("/rules/new", fields)
    assert answer.status == 303, answer.text
    assert answer.headers["location"] == "/rules/uri-hoesa"
    assert rules_file(admin).read_text("utf-8").removeprefix(text if text and text[0] == "#" else "") == (
        "rules:\n"
        "  - id: uri-hoesa\n"
        "    name: 우리 회사\n"
        "    match: 해솔소프트\n"
        "    channels: [desk]\n"
        "    tests:\n"
        '      match: ["해솔소프트가 새 제품을 냈다"]\n'
    )


async def test_an_id_that_is_there_already_is_refused(admin: Browser) -> None:
    page = await admin.look("/rules/new")
    answer = await admin.post("/rules/new", filled(page, id="seoul", match="부산"))
    assert answer.status == 422
    for odd in ("new", "../x", "A"):
        answer = await admin.post("/rules/new", filled(page, id=odd, match="부산"))
        assert answer.status == 422
        assert parsed(answer).has("#id-said")


async def test_a_name_that_is_an_address_of_the_pages_is_no_id(admin: Browser) -> None:
    answer = await admin.post("/rules/new", filled(await admin.look("/rules/new"), name="New", match="부산"))
    assert answer.headers["location"] == "/rules/new-2"


async def test_a_text_is_tried_on_the_rule_and_never_a_file(browser: Browser, tmp_path: Path) -> None:
    page = await browser.look("/rules/seoul")
    tried = (await preview(browser, "seoul", filled(page, attempt="서울에 눈"))).one("#tried")
    assert "서울" in tried.one("mark").text
    tried = (await preview(browser, "seoul", filled(page, attempt="부산에 눈"))).one("#tried")
    assert "안 걸림" in tried.text
    (tmp_path / "secret.txt").write_text("서울", "utf-8")
    shown = await preview(browser, "seoul", filled(page, attempt=str(tmp_path / "secret.txt")))
    assert "안 걸림" in shown.one("#tried").text


async def test_a_rule_goes_once_it_was_asked(admin: Browser) -> None:
    page = await admin.look("/rules/seoul/remove")
    assert "seoul" in page.one("del").text
    read = page.one("input[name=read]").attr("value")
    assert (await admin.post("/rules/seoul/remove", {"read": "other"})).status == 409
    assert (await admin.post("/rules/seoul/remove", {"read": read})).status == 303
    assert rules_file(admin).read_text("utf-8") == "".join(RULES.splitlines(keepends=True)[:3])
    assert "적용되지 않았습니다" in (await admin.look("/rules")).one(".note").text
    assert not (await admin.look("/rules")).has(".note[role=status]"), "said once"


async def test_who_may(browser: Browser) -> None:
    page = await browser.look("/rules/seoul")
    assert not page.has("button[formaction='/rules/seoul']"), "who may not save has no button"
    assert (await browser.post("/rules/seoul", filled(page))).status == 403
    assert (await browser.post("/rules/seoul/remove", {})).status == 403
    browser.scope = Scope.READ
    assert (await browser.post("/rules/seoul/preview", filled(page))).status == 403
    browser.scope = Scope.ADMIN
    foreign = {**FORM, "sec-fetch-site": "cross-site", "origin": "https://elsewhere.example"}
    assert (await browser.post("/rules/seoul", filled(page), foreign)).status == 403


async def test_hostile_texts_stay_texts(admin: Browser) -> None:
    page = await admin.look("/rules/new")
    answer = await admin.post("/rules/new/preview", filled(page, name=HOSTILE, match=HOSTILE, attempt=HOSTILE))
    answer = await admin.get(answer.headers["location"])
    assert answer.status in {200, 422}
    assert "<script>alert" not in answer.text


async def test_a_folder_that_takes_nothing_leaves_the_text_to_copy(admin: Browser) -> None:
    target = rules_file(admin).rename(rules_file(admin).with_name("kept-elsewhere"))
    rules_file(admin).symlink_to(target)
    page = await admin.look("/rules/new")
    answer = await admin.post("/rules/new", filled(page, id="busan", match="부산"))
    assert answer.status == 422
    assert "- id: busan" in parsed(answer).one("#effect").text
    assert target.read_text("utf-8") == RULES


async def test_what_is_proposed_elsewhere_is_typed_in_and_not_saved(browser: Browser) -> None:
    page = await browser.look("/rules/openai?" + urlencode({"match": '@openai EXCEPT "오픈AI 주식"'}))
    assert page.one("#match").text == '@openai EXCEPT "오픈AI 주식"'
    assert "아직 저장하지 않았습니다" in page.one("#effect .note").text
    assert not (await browser.look("/rules/openai")).has("#effect .note")
    again = await browser.get("/rules/openai/preview")
    assert (again.status, again.headers["location"]) == (303, "/rules/openai"), (
        "without what was typed a preview is a form"
    )


async def test_what_only_the_file_changes_is_shown_in_words(admin: Browser) -> None:
    counts = (
        "  - {id: surge, name: 급증, count: {of: openai, type: frequency, at_least: 5, within: 1h}, channels: [desk]}\n"
    )
    rules_file(admin).write_text(RULES + counts, "utf-8")
    page = await admin.look("/rules/openai")
    said = page.one("section[aria-labelledby=written]").text
    assert "매체 5, 15곳이 되면" in said
    assert "OpenAI, 오픈AI" in said
    assert "rules.yaml 1째 줄" in said
    assert "id: openai" in page.one("section[aria-labelledby=written] pre").text
    page = await admin.look("/rules/surge")
    assert "OpenAI: 1시간 안에 이슈 5건 이상이면 알림" in page.one("section[aria-labelledby=written]").text
    assert not page.has("#rule")


async def test_how_a_story_is_told_is_written(admin: Browser) -> None:
    fields = filled(await admin.look("/rules/openai"), stories="all")
    assert (await admin.post("/rules/openai", fields)).status == 303
    assert "stories: all" in rules_file(admin).read_text("utf-8")
    page = await admin.look("/rules/openai")
    assert [one.attr("value") for one in page.all("#stories option") if "selected" in one._node.attributes] == ["all"]
    assert (await admin.post("/rules/openai", {**filled(page), "stories": "escalate"})).status == 303
    assert "stories" not in rules_file(admin).read_text("utf-8"), "what is usual needs no key"
