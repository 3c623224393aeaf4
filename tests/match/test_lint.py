"""Rules that probably do not mean what they say are told so, and those that do are left in peace."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.lint import doubts, group_doubts
from monitor.match.query.parser import parse
from monitor.match.rule_check import RuleProblem, check_rules
from monitor.model.plan import Rule, RuleTests
from tests.match.cases import find

NO_TESTS = RuleTests()
META = {"meta": ("Meta", "메타 EXCEPT (메타버스 OR 메타데이터)"), "short": ("금", "은괴")}


def told(expression: str, tests: RuleTests = NO_TESTS) -> list[RuleProblem]:
    """Return the faults of one rule, those of alias groups left out."""
    return [one for one in check_rules([Rule("r", "r", expression, tests=tests)], META) if one.rule_id]


@pytest.mark.parametrize(
    ("expression", "position", "message", "hint"),
    [
        ("금", 0, "'금' is a single character", "금 NEAR/5"),
        ("딥시크 OR 금", 7, "single character", "NEAR"),
        ("prefix(메타)", 7, "also finds 메타포, 메타버스", "메타 EXCEPT (메타포 OR 메타버스 OR"),
        ("substr(메타) EXCEPT 메타버스", 7, "also finds 메타포, 메타볼릭", "EXCEPT (메타포"),
        ("compound(메타)", 9, "in compound mode also finds 메타버스", "EXCEPT"),
        ("딥시크 OR prefix(@meta)", 14, "'메타' in prefix mode also finds 메타포", "EXCEPT"),
        ("메타 EXCEPT 메타", 0, "EXCEPT drops '메타' itself", "longer words"),
        ("딥시크 NOT 딥시크", 4, "can never match", "remove one"),
        ("딥시크 lang:korean", 4, "lang:korean can never hold", "lang:ko"),
        ("ATLEAST/2 title:금", 16, "single character", "NEAR"),
    ],
)
def test_what_is_doubtful_is_a_warning_at_its_place(expression: str, position: int, message: str, hint: str) -> None:
    (problem,) = told(expression)
    assert (problem.severity, problem.key, problem.position) == ("warning", ("match",), position)
    assert message in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize(
    "expression",
    [
        "메타",  # in word mode the longer words are no mentions
        "인도 OR 한국 OR 은행",
        "OpenAI",
        "금 NEAR/5 시세",
        "prefix(스타게이트)",
        "substr(AI)",
        "딥시크 lang:ko source:mediapen",
        "딥시크 NOT 광고",
        "scan_all(/GPT-[0-9]/)",
    ],
)
def test_what_is_meant_is_left_in_peace(expression: str) -> None:
    assert told(expression) == []


def test_the_words_of_a_hint_silence_the_warning_and_the_occurrences() -> None:
    (problem,) = told("prefix(메타)")
    offered = problem.hint.removeprefix("if they are not meant: 메타 ")
    better = f"prefix(메타) {offered}"
    assert told(better) == []
    text = "메타버스와 메타데이터, 메타인지. 메타가"
    assert [match.start for match in find(better, text)] == [text.index("메타가")]


@pytest.mark.parametrize(
    "expression",
    [
        "NOT 광고",
        "title:(NOT 광고 NOT 홍보)",
        "NOT 광고 OR NOT 홍보",
        "scan_all(NOT 광고)",
        "scan_all(lang:ko NOT 광고)",
    ],
)
def test_a_pure_negation_is_refused(expression: str) -> None:
    (problem,) = told(expression)
    assert problem.severity == "error"
    assert "only what must not occur" in problem.message


def test_a_rule_that_fails_its_own_tests_is_refused() -> None:
    found = told("딥시크", RuleTests(match=("오픈AI가",), no_match=("딥시크를 썼다",)))
    assert [(one.severity, one.key) for one in found] == [
        ("error", ("tests", "match", 0)),
        ("error", ("tests", "no_match", 0)),
    ]


def test_a_failed_test_says_what_was_refused_or_is_missing() -> None:
    (problem,) = told("메타 AND 카카오", RuleTests(match=("메타버스와 카카오",)))
    assert (
        problem.hint
        == "'메타': known longer noun 메타버스; '카카오': a mention, but another part of the rule does not hold; missing: 메타"
    )


def test_a_doubt_about_a_tree_has_its_path() -> None:
    found = told(json.dumps({"any_of": ["딥시크", {"term": "메타", "mode": "prefix"}, "금"]}))
    assert [one.key for one in found] == [("match", "any_of", 1, "term"), ("match", "any_of", 2)]


def test_a_long_list_of_longer_nouns_is_cut() -> None:
    (problem,) = told("prefix(한국)")
    assert "more known nouns" in problem.message
    assert problem.hint.count(" OR ") == 7


@pytest.mark.parametrize(
    ("listed", "number", "message"),
    [
        (("OpenAI", "Open AI"), 1, "found as 'OpenAI' already"),
        (("OpenAI", "open-ai"), 1, "found as 'OpenAI' already"),
        (("OpenAI", "ＯｐｅｎＡＩ"), 1, "found as 'OpenAI' already"),
        (("오픈AI", "오픈 AI"), 1, "found as '오픈AI' already"),
        (("딥시크", "딥시크 코리아"), 1, "'딥시크' is found: it adds no hit"),
        (("딥시크", "금"), 1, "single character"),
    ],
)
def test_spellings_that_add_nothing_are_told(listed: tuple[str, ...], number: int, message: str) -> None:
    (doubt,) = group_doubts(listed)
    assert doubt.pos == number
    assert message in doubt.message


@pytest.mark.parametrize(
    "listed",
    [
        ("OpenAI", "오픈AI", "오픈에이아이"),
        ("삼성", "삼성전자"),  # 삼성 is no mention inside 삼성전자
        ("아마존웹서비스", "아마존 웹 서비스"),
        ("메타 EXCEPT (메타버스 OR 메타데이터)", "Meta"),
        ("KT", "케이티"),
        (),
    ],
)
def test_spellings_that_add_hits_are_left_in_peace(listed: tuple[str, ...]) -> None:
    assert list(group_doubts(listed)) == []


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("해솔 OR 나래", "one item for each word"),
        ("해솔, 나래", "one item for each word"),
        ("해솔，나래", "one item for each word"),
        ("＠us", "spellings themselves"),
        ("해솔*", "no * wildcard"),
        ("＊해솔", "no * wildcard"),
        ("-광고", "`none_of`"),
        ("/해솔[0-9]/", "`regex`"),
    ],
)
def test_a_literal_that_looks_like_an_expression_is_told_in_groups_and_trees(text: str, mend: str) -> None:
    (doubt,) = group_doubts((text,))
    (problem,) = told(json.dumps({"any_of": ["딥시크", text]}))
    assert problem.key == ("match", "any_of", 1)
    assert doubt.message == problem.message == f"{text!r} looks like an expression, and is looked for letter by letter"
    assert mend in doubt.hint


@pytest.mark.parametrize(
    "text",
    [
        "AT&T",
        "Tesla, Inc.",
        "1,000만",
        "M*A*S*H",
        "K-팝",
        "오라클",
        "ORACLE",
        "O/S",
        "오픈|에이아이",
        "LGU+",
        "7-Eleven",
    ],
)
def test_names_with_signs_are_no_expressions(text: str) -> None:
    assert list(group_doubts((text,))) == []
    assert told(json.dumps({"any_of": ["딥시크", text]})) == []


def test_large_groups_are_looked_at_one_spelling_after_the_other() -> None:
    listed = tuple(f"주식회사 회사{number}" for number in range(20_000))
    assert [doubt.pos for doubt in group_doubts((*listed, "회사7"))] == [7]


def test_faults_of_groups_are_told_at_the_group() -> None:
    (problem,) = check_rules([], META)
    assert (problem.rule_id, problem.key, problem.severity) == ("", ("aliases", "short", 0), "warning")


WORDS = st.sampled_from(["메타", "금", "딥시크", "@meta", "OpenAI", "@short"])
EXPRESSIONS = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.builds("({} OR {})".format, inner, inner),
        st.builds("({} AND {})".format, inner, inner),
        st.builds("{}({})".format, st.sampled_from(["prefix", "substr", "compound", "exact", "case"]), inner),
        st.builds("title:({})".format, inner),
        st.builds("({} NOT {})".format, inner, inner),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS)
def test_every_doubt_points_into_its_expression(expression: str) -> None:
    for doubt in doubts(parse(expression), META):
        assert 0 <= doubt.pos < len(expression)
        assert doubt.message
        assert doubt.hint


@pytest.mark.parametrize(
    ("expression", "sources", "position"),
    [
        ("오픈AI source:press", ("mediapen",), 5),
        ("오픈AI AND (source:mediapen OR source:press)", ("mediapen",), 29),
        ("오픈AI source:press", ("Press",), None),
        ("오픈AI source:press", (), None),
        ("오픈AI NOT source:press", ("mediapen",), None),
    ],
)
def test_a_clause_about_a_source_that_the_rule_leaves_out_is_told(
    expression: str, sources: tuple[str, ...], position: int | None
) -> None:
    problems = check_rules([Rule("r", "r", expression, sources)], {})
    told = [(problem.position, problem.severity) for problem in problems if "source:press" in problem.message]
    assert told == ([] if position is None else [(position, "warning")])


@given(
    st.lists(
        st.sampled_from(
            [
                "스타게이트",
                "스타|게이트",
                "스|타|게이트",
                "오픈AI",
                "오픈|AI",
                "오픈",
                "OpenAI",
                "Open-AI",
                "스타",
                "게이트",
            ]
        ),
        min_size=2,
    )
)
def test_what_lint_tells_to_remove_changes_no_match(listed: list[str]) -> None:
    told_to_go = {one.pos for one in group_doubts(tuple(listed)) if "remove it" in one.hint}
    left = [text for number, text in enumerate(listed) if number not in told_to_go]
    assert left
    texts = [
        "스타게이트가",
        "스타 게이트가",
        "스-타 게이트가",
        "오픈AI는",
        "오픈-AI는",
        "OpenAI는",
        "Open AI는",
        "게이트는",
    ]
    for text in texts:
        assert bool(find(" OR ".join(listed), text)) == bool(find(" OR ".join(left), text)), text


@pytest.mark.parametrize(
    "listed", [("스타게이트", "스타|게이트"), ("스타|게이트", "스타게이트"), ("딥시크", "딥|시크")]
)
def test_of_two_spellings_the_one_that_finds_less_is_redundant(listed: tuple[str, ...]) -> None:
    assert ["|" in listed[one.pos] for one in group_doubts(listed)] == [False]
