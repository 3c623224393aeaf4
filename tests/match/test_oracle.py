"""The product against an oracle that shares no code with it: a lark grammar and a naive evaluator.

The texts are made of words between blanks, so that boundaries are beyond dispute and only the language is in question.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark, Token, Tree
from lark.exceptions import LarkError

from monitor.match.query.parser import parse
from monitor.match.query.syntax import And, AtLeast, Except, Near, Node, Not, Or, Term, show
from monitor.model.errors import QueryError
from tests.match.cases import body, find

GRAMMAR = Lark(
    r"""
    start: or
    ?or: and ("OR" and)*
    ?and: not ("AND"? not)*
    ?not: ("NOT" | "-") not -> negated | near
    ?near: near NEAR except -> near | near "SAME_SENTENCE" except -> sentence | except
    ?except: except "EXCEPT" atom -> except | atom
    ?atom: WORD -> term | ATLEAST atom -> often | "(" or ")"
    NEAR.2: /O?NEAR\/\d+/
    ATLEAST.2: /ATLEAST\/\d+/
    WORD: /[가-힣]+/
    %ignore /\s+/
    """,
    parser="earley",
    ambiguity="resolve",
)
WORDS = ("가람", "나루", "다리", "라임")
Place = tuple[int, int]  # first and last word


def evaluate(tree: Tree[Token], text: str) -> bool:
    """Decide by brute force whether an expression holds for a text of lines of words."""
    lines = [line.split(" ") for line in text.split("\n")]
    return holds(tree.children[0], lines)


def holds(node: Tree[Token] | Token, lines: list[list[str]]) -> bool:
    assert isinstance(node, Tree)
    match node.data:
        case "or":
            return any(holds(child, lines) for child in node.children)
        case "and":
            return all(holds(child, lines) for child in node.children)
        case "negated":
            return not holds(node.children[0], lines)
        case "often":
            return len(occurrences(node.children[1], lines)) >= int(str(node.children[0]).split("/")[1])
        case _:
            return bool(occurrences(node, lines))


def occurrences(node: Tree[Token] | Token, lines: list[list[str]]) -> list[Place]:
    """List the places of an expression, as (word number, word number) with lines 1,000 apart."""
    assert isinstance(node, Tree)
    children = node.children
    match node.data:
        case "term":
            return [
                (1000 * row + column, 1000 * row + column)
                for row, line in enumerate(lines)
                for column, word in enumerate(line)
                if word == children[0]
            ]
        case "or":
            return sorted(place for child in children for place in occurrences(child, lines))
        case "except":
            drop = occurrences(children[1], lines)
            return [keep for keep in occurrences(children[0], lines) if not any(overlap(keep, hole) for hole in drop)]
        case "sentence":
            return list(pairs(occurrences(children[0], lines), occurrences(children[1], lines), 999, ordered=False))
        case "near":
            operator, distance = str(children[1]).split("/")
            sides = occurrences(children[0], lines), occurrences(children[2], lines)
            return list(pairs(*sides, int(distance), ordered=operator == "ONEAR"))
        case _:
            raise AssertionError(node.data)


def pairs(left: list[Place], right: list[Place], distance: int, *, ordered: bool) -> Iterator[Place]:
    for one in left:
        for other in right:
            if overlap(one, other) or (ordered and other < one):
                continue
            first, second = sorted((one, other))
            if second[0] - first[1] <= distance and first[0] // 1000 == second[0] // 1000:
                yield min(one[0], other[0]), max(one[1], other[1])


def overlap(one: Place, other: Place) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


terms = st.sampled_from(WORDS).map(Term)
either = st.lists(terms, min_size=2, max_size=3, unique=True).map(lambda parts: Or(tuple(parts)))
near = st.builds(Near, st.one_of(terms, either), st.one_of(terms, either), st.integers(1, 4), st.booleans())
places = st.one_of(
    terms,
    either,
    near,
    st.builds(lambda left, right: Near(left, right, None), terms, either),
    st.builds(Near, near, terms, st.integers(1, 3), st.booleans()),
    st.builds(Except, st.one_of(terms, either), terms),
)
# Twice the same side makes pairs of a word with itself in both orders: a matter of taste that is not the language's.
clauses = st.one_of(places, st.builds(AtLeast, st.integers(1, 3), st.one_of(terms, either)))


def several(kind: type[And | Or]) -> st.SearchStrategy[Node]:
    return st.lists(clauses, min_size=2, max_size=3).map(
        lambda nodes: kind(
            tuple(part for node in nodes for part in (node.parts if isinstance(node, kind) else (node,)))
        )
    )


trees: st.SearchStrategy[Node] = st.one_of(
    clauses,
    several(Or),
    st.builds(lambda one, other: And((one, other)), clauses, clauses),
    st.builds(lambda one, other: And((one, Not(other))), clauses, clauses),
    st.builds(lambda one, rest: And((one, rest)), clauses, several(Or)),
)
texts = st.lists(
    st.lists(st.sampled_from((*WORDS, "마루")), min_size=1, max_size=7).map(" ".join), min_size=1, max_size=3
).map("\n".join)


@pytest.mark.slow
@settings(max_examples=300)
@given(trees, texts)
def test_rules_hold_exactly_where_the_oracle_says(tree: Node, text: str) -> None:
    expression = show(tree)
    assert bool(find(expression, body(text))) == evaluate(GRAMMAR.parse(expression), text), expression


@pytest.mark.slow
@settings(max_examples=200)
@given(trees)
def test_both_grammars_read_the_same(tree: Node) -> None:
    expression = show(tree)
    assert parse(expression) == tree
    GRAMMAR.parse(expression)


pieces = st.sampled_from(("가람", "나루", "AND", "OR", "NOT", "(", ")", "EXCEPT", "NEAR/2"))


@settings(max_examples=300)
@given(st.lists(pieces, min_size=1, max_size=8).map(" ".join))
def test_both_grammars_refuse_the_same(expression: str) -> None:
    fault = refusal(expression)
    if "occurrences" in fault:  # a matter of meaning, which the oracle's grammar does not see
        return
    try:
        GRAMMAR.parse(expression)
    except LarkError:
        assert fault
    else:
        assert not fault


def refusal(expression: str) -> str:
    """Return why the product does not read an expression; "" when it does."""
    try:
        parse(expression)
    except QueryError as error:
        return error.message
    return ""
