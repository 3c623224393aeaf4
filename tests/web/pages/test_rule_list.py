"""Rules a page at a time, and those that somebody looks for."""

from __future__ import annotations

from monitor.model.confidential import remember
from monitor.model.plan import Rule
from monitor.web.pages.rule_list import PAGE, rule_list
from tests.web.pages.shown import Browser

RULES = tuple(
    Rule(
        f"rule-{number}",
        f"규칙 {number}",
        "OpenAI" if number % 100 == 7 else "서울",
        tags=("자본",) if number == 3 else (),
    )
    for number in range(2 * PAGE + 30)
)


def test_pages_follow_each_other_and_are_all() -> None:
    begin: int | None = 0
    seen: list[Rule] = []
    ways_back = []
    while begin is not None:
        listed = rule_list(RULES, "", begin)
        seen += listed.rules
        ways_back.append(listed.previous)
        begin = listed.following
    assert tuple(seen) == RULES
    assert ways_back == [None, 0, PAGE]


def test_a_word_is_found_in_what_people_see_of_a_rule() -> None:
    assert [one.id for one in rule_list(RULES, " openai ", 0).rules] == ["rule-7", "rule-107", "rule-207"]
    assert [one.id for one in rule_list(RULES, "자본", 0).rules] == ["rule-3"]
    assert rule_list(RULES, "규칙 1", 0).number == 1 + 10 + 100
    assert rule_list(RULES, "없는 말", 0).rules == ()


def test_nobody_finds_out_a_value_that_is_shown_to_nobody() -> None:
    remember(["hunter2-of-the-desk"])
    secret = Rule("secret", "이름", "hunter2-of-the-desk OR 서울")
    assert rule_list((secret,), "hunter2", 0).rules == ()
    assert rule_list((secret,), "서울", 0).rules == (secret,)


async def test_what_is_not_there_is_said(browser: Browser) -> None:
    for path in ("/rules", "/timeline"):
        assert len((await browser.look(f"{path}?find=OPENAI")).all("tbody th")) == 1
        for asked in ("find=%EC%97%86%EB%8B%A4", "begin=100"):
            page = await browser.look(f"{path}?{asked}")
            assert "그런 규칙이 없습니다" in page.one("main").text
        assert not (await browser.look(path)).has("#find"), "two rules are seen at a glance"
        assert (await browser.get(f"{path}?begin=x")).status == 422
