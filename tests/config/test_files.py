"""The folder and its files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from monitor.config.files import MAX_SECRET_BYTES, read_folder, read_secret
from monitor.model.errors import InvalidValueError


def test_files_are_read_in_order_and_others_are_left(tmp_path: Path) -> None:
    for name in (
        "rules.yaml",
        "rules.d/b.yaml",
        "rules.d/a.yaml",
        "rules.d/note.txt",
        "monitor.d/x.yaml",
        "channels.d/c.yaml",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"x: {name}", encoding="utf-8")
    found = read_folder(tmp_path, {})
    assert {section: [value for value, _ in documents] for section, documents in found.documents.items()} == {
        "rules": [{"x": "rules.yaml"}, {"x": "rules.d/a.yaml"}, {"x": "rules.d/b.yaml"}],
        "channels": [{"x": "channels.d/c.yaml"}],
    }
    assert found.problems == []
    assert found.warnings == []


@pytest.mark.parametrize(
    ("name", "hint"), [("rule.yaml", "rules.yaml"), ("rules.yml", "rules.yaml"), ("sources.d/a.yml", ".yaml")]
)
def test_files_that_look_like_configuration_are_warned_of(tmp_path: Path, name: str, hint: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("x: y", encoding="utf-8")
    (warning,) = read_folder(tmp_path, {}).warnings
    assert warning.file == str(tmp_path / name)
    assert hint in warning.hint


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("", encoding="utf-8")
    assert [problem.code for problem in read_folder(tmp_path / "config", {}).problems] == ["CFG001"]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "monitor.yaml")
    os.mkfifo(tmp_path / "secret")
    assert [problem.code for problem in read_folder(tmp_path, {}).problems] == ["CFG002"]
    with pytest.raises(InvalidValueError, match="is not a file"):
        read_secret(tmp_path / "secret")


def test_links_are_followed_as_mounted_secrets_need_it(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("\ufeff value \r\n", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert read_secret(tmp_path / "link") == "value"


def test_a_secret_may_fill_the_cap_and_no_more(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"x" * MAX_SECRET_BYTES)
    assert len(read_secret(file)) == MAX_SECRET_BYTES
    file.write_bytes(b"x" * (MAX_SECRET_BYTES + 1))
    with pytest.raises(InvalidValueError, match="larger than"):
        read_secret(file)


@pytest.mark.parametrize(("data", "words"), [(b" \n", "is empty"), (b"a\0b", "not UTF-8"), (b"\xb0\xa1", "not UTF-8")])
def test_secrets_are_text(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "secret").write_bytes(data)
    with pytest.raises(InvalidValueError, match=words):
        read_secret(tmp_path / "secret")


def test_a_name_with_a_nul_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match="does not exist"):
        read_secret(tmp_path / "no\0file")


@pytest.mark.parametrize("name", ["rules.yml", "Rules.yaml", "rules.yaml.txt", "RULES.YML", "rules.d/more.yml"])
def test_a_file_of_rules_that_is_not_read_is_warned_of(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("rules:\n  - {id: a, match: 가나}\n", "utf-8")
    (warning,) = read_folder(tmp_path, {}).warnings
    assert warning.file == str(tmp_path / name)
    assert "what its rules say is not looked for" in warning.message
    assert "name it" in warning.hint


@pytest.mark.parametrize(
    ("name", "text", "warned"),
    [
        ("rules.yaml", "", True),
        ("rules.yaml", "# nothing yet\n", True),
        ("rules.yaml", "rules:\n", True),
        ("rules.d/a.yaml", "rules:\n#  - {id: a, match: 가}\n", True),
        ("channels.yaml", "channels:\n", True),
        ("rules.yaml", "rules: []\n", False),
        ("rules.yaml", "aliases: {us: [가]}\n", False),
        ("rules.yaml", "rules: [\n", False),
    ],
)
def test_a_file_without_items_is_warned_of(tmp_path: Path, name: str, text: str, *, warned: bool) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text, "utf-8")
    for section, item in (("rules", "{id: a, match: 가나}"), ("channels", "{id: a, kind: slack}")):
        (tmp_path / f"{section}.d").mkdir(exist_ok=True)
        (tmp_path / f"{section}.d" / "more.yaml").write_text(f"{section}: [{item}]\n", "utf-8")
    assert [one.code for one in read_folder(tmp_path, {}).warnings] == ["CFG104"] * warned
