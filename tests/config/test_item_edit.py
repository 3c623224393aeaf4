"""One item of a YAML text changes, and every byte beside it stays."""

from __future__ import annotations

import difflib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.item_edit import BOM, Changes, ItemValue, UneditableError, added, changed, item_text, removed

ORDER = ("id", "name", "match", "sources", "channels", "tags", "severity", "stories", "escalate", "tests")
TEXT = """# 무엇을 찾을 것인가
aliases: {a: &spellings [오픈AI, OpenAI]}   # 별칭

rules:   # 규칙들
  # 첫째에 대한 말
  - id: a        # 아이디
    name: 가나 다   # 이름
    match: "@a"  # 까닭
    # 시험에 대한 말
    tests:
      match: ["x", "y"]   # 걸려야
      no_match:
        - z   # 하나
        - 'w'

  # 둘째에 대한 말
  - {id: b, match: b, tags: [t1, t2]} # 둘째
  - match: >
      c OR
      d

    # 사이
    id: c
    channels:
      - desk
      # 가운데
      - phone

# 끝
"""


def lines(before: str, after: str) -> list[str]:
    """Return the lines that go, with -, and those that come, with +."""
    found = difflib.ndiff(before.splitlines(), after.splitlines())
    return [one[0] + one[2:] for one in found if one[0] in "+-"]


@pytest.mark.parametrize("mark", ["", BOM])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("item", "changes", "expected"),
    [
        ("a", {("name",): "새 이름"}, ["-    name: 가나 다   # 이름", "+    name: 새 이름   # 이름"]),
        ("a", {("name",): None}, ["-    name: 가나 다   # 이름"]),
        ("a", {("match",): 'x "y"'}, ['-    match: "@a"  # 까닭', "+    match: 'x \"y\"'  # 까닭"]),
        ("a", {("severity",): "critical"}, ["+    severity: critical"]),
        ("a", {("tests", "match"): ("y",)}, ['-      match: ["x", "y"]   # 걸려야', '+      match: ["y"]   # 걸려야']),
        ("a", {("tests", "no_match"): ("z",)}, ["-        - 'w'"]),
        ("a", {("tests", "no_match"): ("w", "v")}, ["-        - z   # 하나", '+        - "v"']),
        ("b", {("tags",): ("t2", "t3")}, [
            "-  - {id: b, match: b, tags: [t1, t2]} # 둘째", "+  - {id: b, match: b, tags: [t2, t3]} # 둘째"
        ]),
        ("b", {("tags",): None}, ["-  - {id: b, match: b, tags: [t1, t2]} # 둘째", "+  - {id: b, match: b} # 둘째"]),
        ("b", {("name",): "a: b", ("tests", "match"): ("q",)}, [
            "-  - {id: b, match: b, tags: [t1, t2]} # 둘째",
            '+  - {id: b, name: "a: b", match: b, tags: [t1, t2], tests: {match: ["q"]}} # 둘째',
        ]),
        ("c", {("match",): "e"}, ["-  - match: >", "-      c OR", "-      d", "+  - match: e"]),
        ("c", {("channels",): ("phone",)}, ["-      - desk"]),
        ("c", {("channels",): ("desk", "phone", "mail")}, ["+      - mail"]),
        ("c", {("tests", "match"): ("q",)}, ["+    tests:", '+      match: ["q"]']),
    ],
)  # fmt: skip
def test_only_what_was_meant_changes(item: str, changes: Changes, expected: list[str], end: str, mark: str) -> None:
    before = mark + TEXT.replace("\n", end)
    after = changed(before, "rules", item, changes, ORDER)
    assert sorted(lines(before, after)) == sorted(expected)
    assert after.startswith(mark + "#")
    assert after.count("\n") == after.count(end)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_new_item_comes_last_as_somebody_would_write_it(end: str) -> None:
    before = TEXT.replace("\n", end)
    after = added(before, "rules", {("id",): "on", ("match",): "e", ("tests", "match"): ("q",)})
    assert lines(before, after) == ['+  - id: "on"', "+    match: e", "+    tests:", '+      match: ["q"]']
    assert after.endswith(f"# 끝{end}")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "rules:\n  - id: n\n"),
        ("# c\n", "# c\nrules:\n  - id: n\n"),
        ("# c", "# c\nrules:\n  - id: n\n"),
        ("rules:\n", "rules:\n  - id: n\n"),
        ("rules: []  # x\n", "rules:  # x\n  - id: n\n"),
        ("rules: # x\n  # y\n", "rules: # x\n  - id: n\n  # y\n"),
        ("aliases: {a: b}", "aliases: {a: b}\n\nrules:\n  - id: n\n"),
        ("rules: [{id: q}]\n", "rules: [{id: q}, {id: n}]\n"),
        ("rules:\n- id: q\n", "rules:\n- id: q\n- id: n\n"),
        ("rules:\n- id: q\n\n- id: r", "rules:\n- id: q\n\n- id: r\n\n- id: n"),
    ],
)
def test_a_first_item_finds_its_place(before: str, after: str) -> None:
    assert added(before, "rules", {("id",): "n"}) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("rules:\n- id: q\n  match: m\n", "rules: []\n"),
        ("rules:\n- id: p\n\n- id: q # x\n# y\n", "rules:\n- id: p\n\n# y\n"),
        ("rules: [{id: p}, {id: q}]\n", "rules: [{id: p}]\n"),
        ("rules: [{id: q}, {id: p}]\n", "rules: [{id: p}]\n"),
        ("rules:\n- id: q\n\n- id: p\n", "rules:\n- id: p\n"),
    ],
)
def test_an_item_goes(before: str, after: str) -> None:
    assert removed(before, "rules", "q") == after


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("rules:\n- id: q\n  tags: &t [a]\n- {id: r, tags: *t}\n", {("tags",): ("b",)}),
        ("rules:\n- {id: r, match: &m x}\n- id: q\n  match: *m\n", {("match",): "y"}),
        ("rules:\n- id: q\n  tags: [a, # x\n    b]\n", {("tags",): ("b",)}),
        ("rules:\n- id: q\n- id: q\n", {("name",): "b"}),
        ("rules: {q: {id: q}}\n", {("name",): "b"}),
        ("{rules: [{id: q}]}\n", {("name",): "b"}),
        ("rules:\n- id: other\n", {("name",): "b"}),
        ("rules: [\n", {("name",): "b"}),
        ("- id: q\n", {("name",): "b"}),
        ("rules:\n- id: q\n  x: " + "[" * 5_000, {("name",): "b"}),
    ],
)
def test_what_only_a_person_can_change_is_left_alone(text: str, changes: Changes) -> None:
    with pytest.raises(UneditableError):
        changed(text, "rules", "q", changes, ORDER)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
LISTS = st.lists(TEXTS, min_size=1, max_size=4).map(tuple)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        ("name",): st.none() | TEXTS,
        ("match",): TEXTS,
        ("channels",): st.none() | LISTS,
        ("tags",): st.none() | LISTS,
        ("severity",): st.none() | TEXTS,
        ("tests", "match"): st.none() | LISTS,
        ("tests", "no_match"): st.none() | LISTS,
    },
)


@given(st.sampled_from("abc"), VALUES, st.sampled_from(["\n", "\r\n"]))
def test_whatever_is_written_is_read_again_and_no_line_beside_it_differs(item: str, changes: Changes, end: str) -> None:
    before = TEXT.replace("\n", end)
    try:
        after = changed(before, "rules", item, changes, ORDER)
    except UneditableError:
        return
    meant = next(one for one in yaml.safe_load(after)["rules"] if one["id"] == item)
    for path, value in changes.items():
        found = meant
        for step in path:
            found = (found or {}).get(step)
        assert found == (list(value) if isinstance(value, tuple) else value)
    outside = [one for one in before.split(end) if "말" in one or "끝" in one or "aliases" in one or "사이" in one]
    assert [one for one in outside if one not in after.split(end)] == []


@given(TEXTS, LISTS)
def test_what_is_offered_to_copy_is_what_would_be_written(text: str, several: tuple[str, ...]) -> None:
    values: dict[tuple[str, ...], ItemValue] = {("id",): "n", ("match",): text, ("tests", "match"): several}
    assert yaml.safe_load("rules:\n" + item_text(values)) == yaml.safe_load(added("", "rules", values))
    assert yaml.safe_load(added("", "rules", values))["rules"] == [
        {"id": "n", "match": text, "tests": {"match": list(several)}}
    ]
