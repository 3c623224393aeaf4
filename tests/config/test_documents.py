"""YAML text to values and places."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.documents import BROKEN, MAX_ALIASES, MAX_DEPTH, Document, Unquoted, Value, read
from monitor.config.places import Spot


def reading(text: str, **environ: str) -> Document:
    return read(text.encode(), "file.yaml", environ)


def at(found: Document, *path: str | int) -> tuple[int, int]:
    spot, exact = found.spot.find(path)
    assert exact, path
    return spot.line, spot.column


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# only a comment\n", None),
        ("a: b", {"a": "b"}),
        ("\ufeffa: b", {"a": "b"}),
        ("a: 'no'", {"a": "no"}),
        ("a: !!str 5", {"a": "5"}),
        ("a: ! 5", {"a": "5"}),
        ("a: yes", {"a": True}),
        ("a: Off", {"a": False}),
        ("a: ~", {"a": None}),
        ("a:", {"a": None}),
        ("a: ''", {"a": ""}),
        ("a: |\n  x\n  y\n", {"a": "x\ny\n"}),
        ("a: >-\n  x\n  y\n", {"a": "x y"}),
        ("- a\n- [b, {c: d}]", ["a", ["b", {"c": "d"}]]),
        ("a: &x [b]\nc: *x", {"a": ["b"], "c": ["b"]}),
        ("a: &x b\nc: *x", {"a": "b", "c": "b"}),
        ("a: {}\nb: []", {"a": {}, "b": []}),
        ("=: a", {"=": "a"}),
    ],
)
def test_values(text: str, value: Value) -> None:
    found = reading(text)
    assert found.problems == []
    assert found.value == value


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("1", "number"),
        ("1.10", "number"),
        ("0x1f", "number"),
        ("1_000", "number"),
        ("1:30", "number"),
        (".inf", "number"),
        ("2026-01-01", "date"),
        ("=", "mark"),
        ("9" * 6000, "number"),
    ],
)
def test_plain_scalars_that_yaml_takes_for_something_else_keep_their_form(text: str, what: str) -> None:
    found = reading(f"a: {text}")
    assert found.value == {"a": Unquoted(what)}
    assert found.spot.children["a"].raw == text


def test_places_count_code_points_and_lines() -> None:
    found = reading("가나: 다\n목록:\n  - {열쇠: '값', k: v}\n  -   [x, 😀, y]\n")
    assert at(found, "가나") == (1, 5)
    assert at(found, "목록") == (3, 3)
    assert at(found, "목록", 0, "열쇠") == (3, 10)
    assert at(found, "목록", 0, "k") == (3, 18)
    assert at(found, "목록", 1, 2) == (4, 14)
    assert found.spot.keys == {"가나": (1, 1), "목록": (2, 1)}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_end_in_any_way(ending: str) -> None:
    assert at(reading(ending.join(["a: b", "", "c: d"])), "c") == (3, 4)


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("a: bcd", 4),
        ("a: 'bcd'", 5),
        ('a: "bcd"', 5),
        ('a: "b\\td"', 0),
        ("a: 'b''d'", 0),
        ("a: |\n  bcd\n", 0),
        ("a: b\n  c", 0),
    ],
)
def test_the_column_of_the_text_itself_is_known_only_where_arithmetic_holds(text: str, inner: int) -> None:
    assert reading(text).spot.children["a"].inner == inner


def test_variables_are_filled_into_values_and_never_into_keys() -> None:
    found = reading("${A}: ${A}\nb: ['${A}', \"$$\"]", A="x: [y]\n")
    assert found.value == {"${A}": "x: [y]\n", "b": ["x: [y]\n", "$"]}
    assert found.spot.children["b"].children[0].raw == "${A}"


def test_an_unset_variable_breaks_only_its_own_value() -> None:
    found = reading("a: ${A}\nb: c\nd: ['${B}', e]")
    assert found.value == {"a": BROKEN, "b": "c", "d": [BROKEN, "e"]}
    assert [(problem.line, problem.column, problem.code) for problem in found.problems] == [
        (1, 4, "CFG020"),
        (3, 5, "CFG020"),
    ]


def test_the_first_of_two_equal_keys_holds_and_the_second_is_told_with_all_it_holds_forgotten() -> None:
    found = reading("a: 1x\nb: {c: d, c: {e: f}}\na: [g]\nh: i")
    assert found.value == {"a": "1x", "b": {"c": "d"}, "h": "i"}
    assert [(problem.line, problem.column, problem.code) for problem in found.problems] == [
        (2, 11, "CFG006"),
        (3, 1, "CFG006"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "column", "code"),
    [
        ("? [a]\n: b", 1, 3, "CFG005"),
        ("? {a: b}\n: c", 1, 3, "CFG005"),
        ("a: &x b\n*x : c", 2, 1, "CFG005"),
        ("a: !thing b", 1, 4, "CFG007"),
        ("a: !!python/object/apply:os.system [ls]", 1, 4, "CFG007"),
        ("a: !!set {b}", 1, 4, "CFG007"),
        ("!!str a: b", 1, 1, None),
        ("!!int a: b", 1, 1, "CFG007"),
        ("<<: {a: b}", 1, 1, "CFG007"),
        ("1: a", 1, 1, "CFG012"),
        ("a: b\nno: c", 2, 1, "CFG012"),
        ("%YAML 9.9\n---\na: b", 1, 1, "CFG004"),
        ("a: @b", 1, 4, "CFG004"),
        ("a: 'b", 1, 4, "CFG004"),
        ('a: "\\q"', 1, 5, "CFG004"),
        ("a: b\n c: d", 2, 3, "CFG004"),
        ("a: [b\nc: d", 1, 4, "CFG004"),
        ("a: \x00", 1, 4, "CFG003"),
        ("a: b\n\n  \x7f", 3, 3, "CFG003"),
    ],
)
def test_faults_stand_at_their_place(text: str, line: int, column: int, code: str | None) -> None:
    problems = reading(text).problems
    expected = [(line, column, code)] if code else []
    assert [(problem.line, problem.column, problem.code) for problem in problems] == expected


@pytest.mark.parametrize(("data", "column"), [(b"\xff", 1), ("가".encode() + b"\xb0", 2), ("a: 가".encode("cp949"), 4)])
def test_bytes_that_are_not_utf8_are_found(data: bytes, column: int) -> None:
    (problem,) = read(b"x: y\n" + data, "f", {}).problems
    assert (problem.line, problem.column, problem.code) == (2, column, "CFG003")


def test_depth_is_bounded_before_the_stack_is() -> None:
    deep = reading("[" * 200_000)
    assert [problem.code for problem in deep.problems] == ["CFG005"]
    assert reading("[" * MAX_DEPTH + "]" * MAX_DEPTH).problems == []


def test_aliases_are_bounded() -> None:
    assert reading("a: &a b\nc: [" + "*a, " * MAX_ALIASES + "]").problems == []
    assert reading("a: &a b\nc: [" + "*a, " * (MAX_ALIASES + 1) + "]").problems[0].code == "CFG005"


def test_a_bomb_of_aliases_stays_small() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 15)]
    found = reading("\n".join(lines))
    assert isinstance(found.value, dict)
    last = found.value["a14"]
    assert isinstance(last, list)
    assert last[0] is last[1]


PLAIN = st.recursive(
    st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="$\ufffe\uffff"), max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc가나", max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN, st.booleans())
def test_what_yaml_writes_is_read_back(value: Value, flow: bool) -> None:  # noqa: FBT001 - hypothesis fills it
    text = yaml.safe_dump(value, allow_unicode=True, default_flow_style=flow)
    found = reading(text)
    assert found.problems == []
    assert found.value == value


@given(PLAIN)
def test_every_value_has_a_place(value: Value) -> None:
    def check(inside: Value, spot: Spot) -> None:
        pairs = inside.items() if isinstance(inside, dict) else enumerate(inside) if isinstance(inside, list) else ()
        for key, child in pairs:
            check(child, spot.children[key])
        assert spot.line >= 1
        assert spot.column >= 1

    check(value, reading(yaml.safe_dump(value)).spot)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_told(data: bytes) -> None:
    found = read(data, "f", {})
    assert found.value is None or not isinstance(found.value, bytes)
    assert all(problem.line >= 1 and problem.column >= 1 and problem.code != "CFG000" for problem in found.problems)


@pytest.mark.parametrize("value", ["*해솔", "&해솔 나래", "!해솔", "| 해솔", "> 해솔", "- 해솔"])
def test_a_value_that_begins_with_a_sign_of_yaml_is_told_to_be_quoted(value: str) -> None:
    problem = reading(f"a: b\nmatch: {value}\nc: d\n").problems[0]
    assert "put the whole into" in problem.hint
