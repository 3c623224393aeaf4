"""The tree of keys means what the query language means, and every wrong key is named by its path."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.query.lexer import COUNT_LIMIT
from monitor.match.query.parser import LONGEST, parse
from monitor.match.query.syntax import FIELDS, LABEL_FIELDS, MODES, show
from monitor.match.query.tree_form import from_data, is_tree, read_tree
from monitor.match.ruleset import compile_rules
from monitor.model.errors import QueryError
from monitor.model.plan import Rule
from tests.match.cases import ALIASES, body, find, surfaces

SAME = [
    ("딥시크", '"딥시크"'),
    ("@openai", "@openai"),
    ({"term": "@openai"}, '"@openai"'),
    ({"any_of": ["딥시크", "@openai"]}, '"딥시크" OR @openai'),
    ({"any_of": "딥시크"}, '"딥시크"'),
    ({"all_of": ["a", {"all_of": ["b", "c"]}]}, '"a" AND "b" AND "c"'),
    ({"any_of": ["a", {"any_of": ["b", "c"]}]}, '"a" OR "b" OR "c"'),
    ({"any_of": ["a", "b"], "all_of": ["c", "d"]}, '("a" OR "b") AND "c" AND "d"'),
    ({"any_of": ["a", "b"], "none_of": ["c", "d"]}, '("a" OR "b") AND NOT ("c" OR "d")'),
    ({"term": "메타", "except": ["메타버스", "메타인지"]}, '"메타" EXCEPT ("메타버스" OR "메타인지")'),
    ({"any_of": ["a", "b"], "except": "ab"}, '("a" OR "b") EXCEPT "ab"'),
    ({"term": "a", "min_count": 3}, 'ATLEAST/3 "a"'),
    ({"term": "a", "except": "ab", "min_count": 3}, 'ATLEAST/3 ("a" EXCEPT "ab")'),
    ({"near": ["a", "b"]}, '"a" SAME_SENTENCE "b"'),
    ({"near": ["a", "b"], "within": "sentence"}, '"a" SAME_SENTENCE "b"'),
    ({"near": ["a", "b", "c"], "within": 5}, '"a" NEAR/5 "b" NEAR/5 "c"'),
    ({"near": ["a", {"any_of": ["b", "c"]}], "within": 4, "ordered": True}, '"a" ONEAR/4 ("b" OR "c")'),
    ({"term": "a", "mode": "compound"}, 'compound("a")'),
    ({"term": "AI", "mode": ["compound", "case"]}, 'case(compound("AI"))'),
    ({"term": "a", "mode": "exact", "field": "title"}, 'title:exact("a")'),
    ({"any_of": ["a", "b"], "none_of": "c", "field": "body"}, 'body:(("a" OR "b") AND NOT "c")'),
    ({"all_of": ["a", {"field": "source", "term": "herald"}]}, '"a" AND source:"herald"'),
    ({"regex": r"GPT-\d"}, r"/GPT-\d/"),
    ({"regex": r"a/b", "scan_all": True}, r"scan_all(/a\/b/)"),
    ({"term": "a", "scan_all": False}, '"a"'),
]
WRONG: list[tuple[object, tuple[str | int, ...], str, str]] = [
    ({"any_off": ["a"]}, ("any_off",), "unknown key", "any_of"),
    ({"zzz": ["a"]}, ("zzz",), "unknown key", "known: term"),
    ({"any_of": ["a", {"trm": "b"}]}, ("any_of", 1, "trm"), "unknown key", "term?"),
    ({}, (), "looks for nothing", "any_of"),
    ({"mode": "word"}, (), "looks for nothing", "term"),
    ({"any_of": []}, ("any_of",), "at least one item", ""),
    ({"any_of": 7}, ("any_of",), "at least one item", ""),
    ({"any_of": ["a", 7]}, ("any_of", 1), "must be text", "quotation"),
    ({"any_of": ["a", None]}, ("any_of", 1), "must be text", "quotation"),
    ({"any_of": ["a", ["b"]]}, ("any_of", 1), "a list stands", "any_of"),
    ({"any_of": ["a", " "]}, ("any_of", 1), "empty", ""),
    ({"any_of": ["a", "@"]}, ("any_of", 1), "alias group", "term"),
    ({"any_of": ["a", "@x y"]}, ("any_of", 1), "alias group", "term"),
    ({"term": 2025}, ("term",), "must be text", "quotation"),
    ({"near": ["a"]}, ("near",), "two items", ""),
    ({"near": ["a", {"none_of": "b"}]}, ("near", 1), "occurrences", "terms"),
    ({"near": ["a", "b"], "within": 0}, ("within",), "from 1 to", ""),
    ({"near": ["a", "b"], "within": True}, ("within",), "from 1 to", ""),
    ({"near": ["a", "b"], "within": COUNT_LIMIT + 1}, ("within",), "from 1 to", ""),
    ({"near": ["a", "b"], "ordered": True}, ("ordered",), "number of words", "within: 5"),
    ({"near": ["a", "b"], "within": 3, "ordered": "yes"}, ("ordered",), "true or false", ""),
    ({"term": "a", "within": 3}, ("within",), "belongs to `near`", ""),
    ({"term": "a", "min_count": "3"}, ("min_count",), "whole number", ""),
    ({"all_of": ["a", "b"], "min_count": 3}, ("min_count",), "occurrences", "terms"),
    ({"none_of": ["a"], "except": "b"}, ("except",), "exactly one of", "mapping"),
    ({"any_of": ["a"], "term": "b", "except": "c"}, ("except",), "exactly one of", "mapping"),
    ({"term": "a", "except": {"none_of": "b"}}, ("except",), "occurrences", "terms"),
    ({"term": "a", "mode": "wrod"}, ("mode",), "no such mode", "word"),
    ({"term": "a", "mode": ["word", 1]}, ("mode", 1), "no such mode", "word"),
    ({"term": "a", "field": "titel"}, ("field",), "no such field", "title"),
    ({"any_of": ["a", "b"], "field": "source"}, ("field",), "one `term`", "any_of"),
    ({"any_of": [{"term": "a", "scan_all": True}]}, ("any_of", 0, "scan_all"), "at the top", "outside"),
    ({"term": "a", "scan_all": "yes"}, ("scan_all",), "true or false", ""),
    (["a"], (), "a list stands", "any_of"),
    (7, (), "must be text", ""),
]


@pytest.mark.parametrize(("data", "expression"), SAME)
def test_a_tree_is_the_expression_it_stands_for(data: object, expression: str) -> None:
    node = from_data(data).node
    assert show(node) == expression
    assert parse(expression) == node


@pytest.mark.parametrize(("data", "path", "message", "hint"), WRONG)
def test_what_is_wrong_is_named_by_its_path(data: object, path: tuple[str | int, ...], message: str, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        from_data(data)
    assert caught.value.path == path
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_tree_finds_what_its_expression_finds() -> None:
    article = body("메타버스 기업 메타가 오픈AI와 딥시크를 만났다. 메타는 웃었다.")
    tree = {"any_of": ["@openai", {"term": "메타", "except": "메타버스"}], "none_of": ["광고"]}
    assert surfaces(json.dumps(tree), article) == ["메타", "오픈AI", "메타"]
    assert find(json.dumps(tree), article) == find('(@openai OR ("메타" EXCEPT "메타버스")) NOT "광고"', article)
    assert find(json.dumps(tree | {"none_of": ["딥시크"]}), article) == ()


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"any_of": ["a", "@nobody"]}, ("any_of", 1)),
        ({"all_of": ["a", {"term": "…"}]}, ("all_of", 1, "term")),
        ({"all_of": ["a", {"regex": "(", "field": "title"}]}, ("all_of", 1, "regex")),
        ({"none_of": ["a"]}, ("none_of",)),
    ],
)
def test_what_only_the_compiler_sees_is_named_by_its_path_too(data: object, path: tuple[str | int, ...]) -> None:
    with pytest.raises(QueryError) as caught:
        compile_rules([Rule("r", "r", json.dumps(data))], ALIASES)
    assert caught.value.path == path


def test_json_that_is_broken_points_at_the_place() -> None:
    with pytest.raises(QueryError) as caught:
        read_tree('{"any_of": [}')
    assert caught.value.position == 12
    assert "quote" in caught.value.hint


@pytest.mark.parametrize("text", ["{" + '"a":{' * 50_000, '{"any_of":' + "[" * 200_000, '{"a": ' + "1" * 10_000 + "}"])
def test_hostile_json_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        read_tree(text)


def test_a_tree_has_a_longest_length_and_a_greatest_depth() -> None:
    with pytest.raises(QueryError, match="longer than"):
        read_tree(" " * LONGEST + "{}")
    deep: object = "a"
    for _ in range(40):
        deep = {"any_of": [deep, "b"]}
    with pytest.raises(QueryError, match="nested too deeply"):
        from_data(deep)


def test_only_what_opens_with_a_brace_is_a_tree() -> None:
    assert is_tree(' {"term": "a"}')
    assert not is_tree("딥시크 OR {")


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=6).filter(
    lambda text: bool(text.strip())
)
PLAIN = WORDS.map(lambda word: {"term": word})
GROUPS = st.lists(PLAIN, min_size=1, max_size=3).map(lambda items: {"any_of": items})
COUNTS = st.integers(1, COUNT_LIMIT)
OCCURRENCES = st.one_of(
    PLAIN,
    GROUPS,
    st.builds(lambda one, drop: {**one, "except": [drop]}, GROUPS, PLAIN),
    st.builds(lambda one, other, n: {"near": [one, other], "within": n}, GROUPS, PLAIN, COUNTS),
    st.builds(lambda one, name: {**one, "field": name}, GROUPS, st.sampled_from(sorted({*FIELDS} - {*LABEL_FIELDS}))),
    st.builds(lambda one, mode: {**one, "mode": mode}, PLAIN, st.sampled_from(MODES)),
)
TREES = st.recursive(
    OCCURRENCES | st.builds(lambda one, n: {"any_of": [one], "min_count": n}, OCCURRENCES, COUNTS),
    lambda inner: st.builds(
        lambda key, items, drop: {key: items} | ({"none_of": drop} if drop else {}),
        st.sampled_from(["any_of", "all_of"]),
        st.lists(inner, min_size=1, max_size=3),
        st.lists(inner, max_size=2),
    ),
    max_leaves=12,
)


@given(TREES)
def test_every_tree_reads_back_from_its_expression(data: dict[str, object]) -> None:
    node = from_data(data).node
    assert parse(show(node)) == node


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["any_of", "near", "term", "mode", "except", "min_count", "x"]), inner)
    ),
    max_leaves=15,
)


@given(JUNK)
def test_whatever_is_given_the_answer_is_a_tree_or_a_query_error(data: object) -> None:
    try:
        node = from_data(data).node
    except QueryError:
        return
    assert parse(show(node)) == node
