"""The query language: what expressions mean, how they are written, and how faults are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.query.keyboard import slip
from monitor.match.query.parser import LONGEST, parse
from monitor.match.query.syntax import (
    FIELDS,
    LABEL_FIELDS,
    MODES,
    Alias,
    And,
    AtLeast,
    Except,
    Moded,
    Near,
    Node,
    Not,
    Or,
    Regex,
    ScanAll,
    Term,
    Within,
    show,
)
from monitor.model.errors import QueryError

A, B, C = Term("가"), Term("나"), Term("다")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("가", A),
        ('"가"', Term("가", quoted=True)),
        ('"가 나"~3', Term("가 나", quoted=True, slop=3)),
        (r'"말 \"따옴\" \\"', Term('말 "따옴" \\', quoted=True)),
        ("“가 나”", Term("가 나", quoted=True)),
        ("가 나", And((A, B))),
        ("가 AND 나 다", And((A, B, C))),
        ("가 OR 나 AND 다", Or((A, And((B, C))))),
        ("(가 OR 나) 다", And((Or((A, B)), C))),
        ("가 NOT 나", And((A, Not(B)))),
        ("가 -나", And((A, Not(B)))),
        ("NOT 가 NEAR/2 나", Not(Near(A, B, 2))),
        ("가 NEAR/5 나", Near(A, B, 5)),
        ("가 ONEAR/5 나 NEAR/1 다", Near(Near(A, B, 5, ordered=True), C, 1)),
        ("가 SAME_SENTENCE 나", Near(A, B, None)),
        ("가 EXCEPT (나 OR 다)", Except(A, Or((B, C)))),
        ("가 EXCEPT 나 NEAR/2 다", Near(Except(A, B), C, 2)),
        ("ATLEAST/3 가", AtLeast(3, A)),
        ("ATLEAST/3 (가 OR 나) 다", And((AtLeast(3, Or((A, B))), C))),
        ("title:가", Within("title", A)),
        ("title:(가 나)", Within("title", And((A, B)))),
        ("source:mediapen 가", And((Within("source", Term("mediapen")), A))),
        ("exact(가)", Moded("exact", A)),
        ("case(compound(가 OR 나))", Moded("case", Moded("compound", Or((A, B))))),
        ("@openai", Alias("openai")),
        (r"/가\/나+/ 다", And((Regex("가/나+"), C))),
        ("scan_all(/가+/)", ScanAll(Regex("가+"))),
        ("R&D", Term("R&D")),
        ("10:30", Term("10:30")),
        ("https://news.test/1", Term("https://news.test/1")),
        ("word", Term("word")),
    ],
)
def test_expressions(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "position", "message", "hint"),
    [
        ("", 0, "empty", "one term"),
        ("   ", 3, "empty", "one term"),
        ("가 OR", 4, "ends where a term should stand", "remove the operator"),
        ("가 OR )", 5, "missing before this bracket", ""),
        ("OR 가", 0, "nothing stands before OR", "quote the word"),
        ("(가 나", 0, "never closed", "add )"),
        ("가)", 1, "never opened", ""),
        ('가 "나', 2, "never closed", 'add "'),
        ('""', 0, "empty", ""),
        ("/가", 0, "never closed", ""),
        ("//", 0, "empty", ""),
        ("가 @", 2, "name of an alias", ""),
        ("titel:가", 0, "no field 'titel'", "title:"),
        ("가 제목 zzz:가", 5, "no field 'zzz'", "subtitle"),
        ("title: 가", 0, "nothing follows", "title:word"),
        ("source:(가 나)", 0, "one plain word", "source:name"),
        ("가 NEAR5 나", 2, "looks like an operator", "NEAR/5"),
        ("가 near/5 나", 2, "looks like an operator", "NEAR/5"),
        ("가 NAER/5 나", 2, "looks like an operator", "NEAR"),
        ("가 NEAR 나", 2, "looks like an operator", "NEAR/5"),
        ("가 NEAR/0 나", 2, "from 1 to 100", ""),
        ("가 NEAR/101 나", 2, "from 1 to 100", ""),
        ("가 and 나", 2, "looks like an operator", "AND"),
        ("가 Not 나", 2, "looks like an operator", "NOT"),
        ("가 EXECPT 나", 2, "looks like an operator", "EXCEPT"),
        ("가 || 나", 2, "not an operator", "OR"),
        ("딥시크*", 0, "wildcard", "prefix(딥시크)"),
        ("(가 나) NEAR/2 다", 1, "joins occurrences", "OR"),
        ("가 EXCEPT NOT 나", 9, "EXCEPT", ""),
        ("ATLEAST/2 (가 나)", 11, "joins occurrences", ""),
        ("가 scan_all(나)", 2, "enclose the whole", ""),
        ("scan_all(가) 나", 0, "enclose the whole", ""),
        ("(" * 100 + "가", 61, "nested too deeply", "alias"),
        ("가" * (LONGEST + 1), LONGEST, "longer than", "split"),
    ],
)
def test_faults_point_at_their_place(text: str, position: int, message: str, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.position == position


words = st.from_regex(r"[가-힣]{1,4}|[a-z]{2,6}[0-9]{0,2}", fullmatch=True).filter(
    lambda word: slip(word) is None and word not in {"and", "or", "not", "except", "near", "onear", "atleast"}
)  # a bare word that looks like an operator is never read as a word
quoted = st.builds(
    Term,
    st.text(min_size=1, max_size=12).filter(lambda text: text.strip() != ""),
    st.just(value=True),
    st.integers(0, 99),
)
leaves = st.one_of(
    words.map(Term),
    quoted,
    st.from_regex(r"[a-z가-힣_-]{1,8}", fullmatch=True).map(Alias),
    st.from_regex(r"[a-z가-힣/+.]{1,8}", fullmatch=True).map(Regex),
)
text_fields = st.sampled_from([name for name in FIELDS if name not in LABEL_FIELDS])
numbers = st.integers(1, 100)


def grown(places: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Grow nodes that stand for places."""
    return st.one_of(
        st.builds(Within, text_fields, places),
        st.builds(Moded, st.sampled_from(MODES), places),
        st.builds(Except, places, places),
        st.builds(Near, places, places, numbers, st.booleans()),
        st.builds(lambda left, right: Near(left, right, None), places, places),
        flat(Or, places),
    )


def flat(kind: type[And | Or], parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Make an And or an Or without one of the same kind right inside."""
    return st.lists(parts, min_size=2, max_size=3).map(
        lambda nodes: kind(
            tuple(inner for node in nodes for inner in (node.parts if isinstance(node, kind) else (node,)))
        )
    )


places = st.recursive(leaves, grown, max_leaves=6)
trees = st.recursive(
    st.one_of(
        places, st.builds(Within, st.sampled_from(LABEL_FIELDS), words.map(Term)), st.builds(AtLeast, numbers, places)
    ),
    lambda nodes: st.one_of(
        flat(And, nodes), flat(Or, nodes), nodes.map(Not), st.builds(Moded, st.sampled_from(MODES), nodes)
    ),
    max_leaves=8,
)


@given(trees)
def test_what_is_written_reads_back_as_the_same_tree(tree: Node) -> None:
    assert parse(show(tree)) == tree


@given(trees)
def test_a_tree_that_is_held_against_everything_reads_back_too(tree: Node) -> None:
    assert parse(show(ScanAll(tree))) == ScanAll(tree)


pieces = st.sampled_from(
    [
        "AND",
        "OR",
        "NOT",
        "NEAR/3",
        "ONEAR/2",
        "EXCEPT",
        "ATLEAST/2",
        "SAME_SENTENCE",
        "(",
        ")",
        '"',
        "~2",
        "@a",
        "title:",
        "source:",
        "word(",
        "/",
        "-",
        "가",
        "나다",
        "deep",
        "\\",
        "*",
        "&&",
        "",
    ]
)


@given(
    st.one_of(
        st.text(max_size=60), st.lists(pieces, max_size=25).map(" ".join), st.lists(pieces, max_size=25).map("".join)
    )
)
def test_any_text_is_read_or_refused_at_a_place_within_it(text: str) -> None:
    tree, fault = read(text)
    if fault is None:
        assert parse(show(tree)) == tree
    else:
        assert 0 <= fault.position <= len(text)
        assert fault.message


def read(text: str) -> tuple[Node, QueryError | None]:
    """Read an expression; a fault comes back as a value."""
    try:
        return parse(text), None
    except QueryError as error:
        return A, error
