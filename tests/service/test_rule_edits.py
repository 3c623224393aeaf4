"""A rule is changed where it stands, after the whole configuration was checked with it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.model.errors import UnknownNameError
from monitor.service import rule_edits
from monitor.service.config_history import NAME
from monitor.service.configuration import read
from monitor.service.file_write import FileChangedError
from monitor.service.rule_draft import RuleDraft
from monitor.service.rule_edits import RuleEdits

NOW = datetime(2026, 11, 5, tzinfo=UTC)
SOURCES = "sources:\n  - {id: herald, kind: feed, url: 'https://news.example/feed', every: 5m}\n"
MORE = """rules:
  - id: tree   # 나무
    match: {any_of: [서울, 부산]}
    tests: {match: ["서울에 비"]}
  - id: variable
    match: "${WORD} OR 값"
    channels: []
  - id: busan
    count: {of: tree, type: spike}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config = tmp_path / "config"
    (config / "rules.d").mkdir(parents=True)
    (config / "sources.yaml").write_text(SOURCES, "utf-8")
    (config / "rules.yaml").write_text("rules:\n  - {id: seoul, match: 서울}\n", "utf-8")
    (config / "rules.d" / "more.yaml").write_text(MORE, "utf-8")
    return config


@pytest.fixture
def edits(folder: Path) -> RuleEdits:
    return RuleEdits(folder, {"WORD": "verysecretword", "MONITOR_DATA_DIR": str(folder.parent / "data")})


def save(edits: RuleEdits, rule_id: str, **said: object) -> rule_edits.CheckedEdit:
    opened = edits.opened(rule_id)
    draft = RuleDraft(**{**{name: getattr(opened.draft, name) for name in RuleDraft.__slots__}, **said})
    return edits.save(rule_id, draft, opened.read, "이두레", NOW)


def test_a_rule_of_another_file_is_changed_there(edits: RuleEdits, folder: Path) -> None:
    assert edits.opened("tree").file == "rules.d/more.yaml"
    edit = save(edits, "tree", name="두 도시")
    assert edit.can_be_saved
    assert (folder / "rules.d" / "more.yaml").read_text("utf-8") == MORE.replace(
        "# 나무\n", "# 나무\n    name: 두 도시\n"
    )
    (change,) = edits.history("tree")
    assert (change.made.author, change.made.file, change.by_hand) == ("이두레", "rules.d/more.yaml", False)
    assert (folder.parent / "data" / NAME).exists()


def test_what_a_variable_holds_is_not_shown_and_not_written_in_its_place(edits: RuleEdits, folder: Path) -> None:
    assert "verysecretword" not in edits.opened("variable").draft.match
    save(edits, "variable", severity="warning")
    assert '"${WORD} OR 값"' in (folder / "rules.d" / "more.yaml").read_text("utf-8")


def test_a_fault_is_placed_in_its_field_with_its_line(edits: RuleEdits) -> None:
    edit = edits.check("seoul", RuleDraft(id="seoul", match="서울 AND ("))
    assert [(one.field, one.at) for one in edit.faults] == [("match", "rules.yaml:2")]
    assert not edit.can_be_saved
    edit = edits.check("tree", RuleDraft(id="tree", match="서울", tests_match=("서울에", "대구에")))
    assert [(one.field, one.at) for one in edit.faults] == [("tests_match", "rules.d/more.yaml:4")]
    edit = edits.check("seoul", RuleDraft(id="seoul", match="서울", channels=("none",)))
    assert [one.field for one in edit.faults] == ["channels"]
    assert [one.field for one in edits.check("", RuleDraft(id="", match="")).faults] == ["id", "match"]


def test_a_fault_elsewhere_keeps_a_change_from_being_written(edits: RuleEdits, folder: Path) -> None:
    (folder / "sources.yaml").write_text(SOURCES.replace("5m", "soon"), "utf-8")
    edit = save(edits, "seoul", match="서울 OR 한양")
    assert [(one.field, one.at) for one in edit.faults] == [("", "sources.yaml:2")]
    assert "한양" not in (folder / "rules.yaml").read_text("utf-8")


def test_nothing_is_written_over_what_was_not_read(edits: RuleEdits, folder: Path) -> None:
    opened = edits.opened("seoul")
    file = folder / "rules.yaml"
    file.write_text(file.read_text("utf-8") + "# 손으로\n", "utf-8")
    with pytest.raises(FileChangedError):
        edits.save("seoul", RuleDraft(id="seoul", match="한양"), opened.read, "lee", NOW)
    assert edits.since(opened.read, "rules.yaml") == (
        "@@ -1,2 +1,3 @@",
        " rules:",
        "   - {id: seoul, match: 서울}",
        "+# 손으로",
    )
    assert edits.since("unknown", "rules.yaml") is None


def test_a_file_that_cannot_be_written_leaves_the_text(
    edits: RuleEdits, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rule_edits, "write", full)
    edit = save(edits, "seoul", match="한양")
    assert not edit.can_be_saved
    assert "한양" in edit.offered
    assert "No space" in edit.faults[0].message
    assert "한양" not in (folder / "rules.yaml").read_text("utf-8")


def test_a_rule_that_others_count_does_not_go(edits: RuleEdits, folder: Path) -> None:
    edit = edits.check_removal("tree")
    assert edit.faults
    with pytest.raises(UnknownNameError):
        edits.check_removal("none")
    assert (folder / "rules.d" / "more.yaml").read_text("utf-8") == MORE


def test_bytes_that_are_no_text_are_left_alone(edits: RuleEdits, folder: Path) -> None:
    file = folder / "rules.yaml"
    for data in ("rules:\n  - {id: seoul, match: 서울}\n".encode("cp949"), b"rules: [] # \xff\n"):
        file.write_bytes(data)
        edit = edits.check("", RuleDraft(id="busan2", match="부산"))
        assert not edit.can_be_saved
        assert "- id: busan2" in edit.offered


def test_a_text_is_read_in_place_of_a_file(folder: Path) -> None:
    environ = {"WORD": "x"}
    file = folder / "rules.d" / "new.yaml"
    report = read(folder, environ, {file: b"rules:\n  - {id: fresh, match: x, nam: y}\n"})
    assert [(one.file, one.line) for one in report.problems] == [(str(file), 2)]
    assert not file.exists()
    report = read(folder, environ, {folder / "rules.yaml": b"rules: []\n"})
    assert "seoul" not in [one.id for one in report.loaded.plan.rules]
    assert "seoul" in [one.id for one in read(folder, environ).loaded.plan.rules]


def test_only_the_latest_texts_are_kept_for_who_comes_second(edits: RuleEdits, folder: Path) -> None:
    file = folder / "rules.yaml"
    text, read_at = file.read_text("utf-8"), []
    for number in range(12):
        file.write_text(f"{text}# {number}\n", "utf-8")
        read_at.append(edits.opened("seoul").read)
    known = [edits.since(one, "rules.yaml") for one in read_at]
    assert known[:4] == [None] * 4
    assert None not in known[4:]
    assert known[-1] == ()
