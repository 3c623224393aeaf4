"""What was typed into a form becomes the keys that differ."""

from __future__ import annotations

import pytest

from monitor.model.plan import Rule, RuleTests
from monitor.service.rule_draft import RuleDraft, changes, difference, draft_of, proposed_id, typed, values

RULE = Rule(
    "us",
    "우리",
    "@us",
    channels=("desk", "phone"),
    tests=RuleTests(match=("해솔이\n왔다",), no_match=("해솔마을",)),
    severity="warning",
)


def test_a_form_that_comes_back_as_it_was_changes_nothing() -> None:
    draft = draft_of(RULE)
    texts = {
        "name": draft.name,
        "match": draft.match + "\r\n",
        "tags": "",
        "sources": " ",
        "tests_match": "\r\n".join(draft.tests_match),
        "tests_no_match": "\n".join(draft.tests_no_match) + "\n\n",
    }
    back = typed(rule_id="us", texts=texts, channels=["phone", "desk"], severity="warning")
    assert changes(back, draft) == {}


def test_what_differs_is_written_and_what_is_usual_goes() -> None:
    before = draft_of(RULE)
    after = RuleDraft(id="us", name="", match="a $5", severity="info", tests_match=("x",))
    assert list(changes(after, before).items()) == [
        (("name",), None),
        (("match",), "a $$5"),
        (("channels",), None),
        (("severity",), None),
        (("tests", "match"), ("x",)),
        (("tests", "no_match"), None),
    ]


def test_a_new_rule_says_nothing_that_is_so_anyway() -> None:
    assert values(RuleDraft(id="a", name="a", match="b")) == {("id",): "a", ("match",): "b"}
    assert list(values(RuleDraft(id="a", name="A", match="b", tags=("t",), tests_no_match=("c",)))) == [
        ("id",), ("name",), ("match",), ("tags",), ("tests", "no_match")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("OpenAI", "openai"),
        ("우리 회사", "uri-hoesa"),
        ("LG U+", "lg-u"),
        ("Crédit", "credit"),
        ("東京", "rule"),
        ("", "rule"),
        ("있다", "itda"),
        ("a" * 200, "a" * 58),
        ("taken", "taken-3"),
    ],
)
def test_an_id_is_made_of_a_name(name: str, expected: str) -> None:
    assert proposed_id(name, {"taken", "taken-2"}.__contains__) == expected


def test_a_difference_has_the_lines_and_no_names_of_files() -> None:
    assert difference("a\nb\n", "a\nc\n") == ("@@ -1,2 +1,2 @@", " a", "-b", "+c")
    assert difference("a", "a") == ()
    assert difference("--- a\n", "") == ("@@ -1 +0,0 @@", "---- a")


def test_what_a_form_was_made_of_is_what_comes_back_from_it_untouched() -> None:
    tests = RuleTests(match=("한  글\n둘", " x "), no_match=("",))
    rule = Rule(
        "a", " 서울   시\t", "\n서울  OR\n  부산 \n", ("b", "a", "a"), ("x", "y", "x"), tests=tests, tags=("t", "t")
    )
    shown = draft_of(rule)
    texts = {"name": shown.name, "match": shown.match.replace("\n", "\r\n")}
    texts |= {"tags": ", ".join(shown.tags), "sources": ", ".join(shown.sources)}
    texts |= {"tests_match": "\r\n".join(shown.tests_match), "tests_no_match": "\r\n".join(shown.tests_no_match)}
    assert typed(rule_id="a", texts=texts, channels=shown.channels, severity=shown.severity) == shown
