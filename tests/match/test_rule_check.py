"""What is wrong with rules."""

from __future__ import annotations

from monitor.match.rule_check import check_rules, remarks
from monitor.model.plan import Rule, RuleTests
from tests.match.cases import ALIASES


def test_a_good_rule_has_no_problem() -> None:
    tests = RuleTests(("오픈AI는 5일 밝혔다.",), ("오픈에어 축제",))
    assert check_rules([Rule("r", "r", "@openai", sources=("x",), tests=tests)], ALIASES) == ()


def test_every_fault_of_every_rule_is_told() -> None:
    rules = [
        Rule("a", "a", "가람 OR (나루"),
        Rule("b", "b", "가람 @nobody"),
        Rule("c", "c", "NOT 가람"),
        Rule("d", "d", "..."),
    ]
    problems = check_rules(rules, ALIASES)
    assert [(problem.rule_id, problem.key, problem.position, problem.severity) for problem in problems] == [
        ("a", ("match",), 6, "error"),
        ("b", ("match",), 3, "error"),
        ("c", ("match",), 0, "error"),
        ("d", ("match",), 0, "error"),
    ]
    assert "@openai" in problems[1].hint
    assert "must occur" in problems[2].hint


def test_rules_that_fail_their_own_tests_are_refused() -> None:
    tests = RuleTests(("딥시크가 왔다", "오지 않았다"), ("조용하다", "딥시크는 없다"))
    problems = check_rules([Rule("r", "r", "딥시크", tests=tests)], {})
    assert [(problem.key, problem.severity) for problem in problems] == [
        (("tests", "match", 1), "error"),
        (("tests", "no_match", 1), "error"),
    ]
    assert "딥시크" in problems[1].message


def test_a_test_sentence_stands_for_a_title_too() -> None:
    assert check_rules([Rule("r", "r", "title:딥시크", tests=RuleTests(("딥시크가 왔다",)))], {}) == ()


def test_what_need_not_be_mended_is_remarked_in_one_line_each() -> None:
    tested = Rule("tested", "t", "@meta AND title:(@openai OR 금융)", tests=RuleTests(match=("메타",)))
    rules = [tested, *(Rule(f"r{n}", "r", "딥시크") for n in range(8))]
    aliases = {"meta": ("메타",), "openai": ("오픈AI",), "unused": ("나래",)}
    assert remarks(rules, aliases) == (
        "rules without a test sentence: r0, r1, r2, r3, r4, r5 and 2 more",
        "alias groups that no rule uses: unused",
    )
    assert remarks([tested], {"meta": ("메타",)}) == ()
    assert remarks([Rule("x", "x", "(", tests=RuleTests(match=("가",)))], aliases) == (), "perhaps it names the rest"
