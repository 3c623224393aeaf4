"""What a rule says beside its form: when a story is told again, what is counted, its aliases with their places, its lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.model.policy import StoryBurst
from monitor.service.rule_edits import RuleEdits

RULES = """aliases:
  us: [해솔소프트, 해솔]
  them: [누리샘]
rules:
  - id: us  # 홍보팀
    match: "@us OR @gone"
    # 통신사
    escalate: {outlets: [7], burst: {outlets: 3, within: 10m}, majors: [a]}
  # 여기부터 수
  - {id: surge, count: {of: us, type: spike}}
"""


def edits(folder: Path, rules: str = RULES) -> RuleEdits:
    (folder / "sources.yaml").write_text(
        "sources: [{id: a, kind: feed, url: 'https://a.example/', every: 5m}]", "utf-8"
    )
    (folder / "rules.yaml").write_text(rules, "utf-8")
    return RuleEdits(folder, {"TOKEN": "hunter2secret"})


def test_what_the_form_has_no_field_for(tmp_path: Path) -> None:
    found = edits(tmp_path).opened("us").details
    assert (found.policy.outlets, found.policy.burst, found.policy.majors) == ((7,), StoryBurst(3, 600.0), ("a",))
    assert [(one.name, one.spellings, one.file, one.line) for one in found.aliases] == [
        ("us", ("해솔소프트", "해솔"), "rules.yaml", 2)
    ]
    assert found.count is None
    assert found.escalate in found.text, "as it is written"
    assert found.text.splitlines()[0] == "  - id: us  # 홍보팀"
    assert found.text.splitlines()[-1].endswith("majors: [a]}")
    assert "# 통신사" in found.text


def test_a_rule_over_counts(tmp_path: Path) -> None:
    found = edits(tmp_path).opened("surge").details
    assert found.count is not None
    assert (found.count.of, found.count.type, found.count.least, found.count.seconds) == ("us", "spike", 3, 3600.0)
    assert found.text == "  - {id: surge, count: {of: us, type: spike}}"


def test_no_secret_is_shown(tmp_path: Path) -> None:
    rules = 'aliases: {us: ["${TOKEN}", b]}\nrules: [{id: us, name: hunter2secret, match: "@us"}]\n'
    found = edits(tmp_path, rules).opened("us").details
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    "written",
    [
        "escalate: {outlets: [5, 15], burst: {outlets: 5, within: 30m}}",
        "escalate: {outlets: [], burst: {outlets: 0}}",
        "escalate: {outlets: [2], burst: {outlets: 4, within: 90s}, majors: [a]}",
    ],
)
def test_the_levels_are_said_as_the_file_would(tmp_path: Path, written: str) -> None:
    rules = f"rules:\n  - id: us\n    match: 해솔\n    {written}\n"
    assert edits(tmp_path, rules).opened("us").details.escalate == written
