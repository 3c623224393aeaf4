"""Configuration files as people are shown them."""

from __future__ import annotations

from pathlib import Path

from monitor.service.shown_files import MOST_BYTES, shown_files, shown_lines


def test_files_are_shown_in_order_without_secrets(tmp_path: Path) -> None:
    (tmp_path / "channels.yaml").write_text("- {id: a, secret: whsec_abcdefgh}\n", "utf-8")
    (tmp_path / "rules.yaml").write_text("rules: []\n", "utf-8")
    first, second = shown_files(tmp_path, ("rules.yaml", "gone.yaml", "channels.yaml"))
    assert (first.name, first.lines, first.cut) == ("rules.yaml", ("rules: []",), False)
    assert "abcdefgh" not in "".join(second.lines)


def test_a_long_file_is_cut(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("# 가나다라마바사\n" * 100_000, "utf-8")
    (one,) = shown_files(tmp_path, ("rules.yaml",))
    assert one.cut
    assert sum(map(len, one.lines)) <= MOST_BYTES


def test_what_cannot_be_read_has_no_lines(tmp_path: Path) -> None:
    assert shown_lines(tmp_path) == []
