"""What a terminal is sent."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from monitor.cli.text import tables

CONTROL = re.compile(r"\x1b\[[0-9;]*m")


def test_markup_and_emoji_codes_in_a_title_are_inert(capsys: pytest.CaptureFixture[str]) -> None:
    title = "[bold red]속보[/bold red] :boom: [link=https://x.example]x[/link]"
    tables.table(("T",), [(tables.text(title),)])
    assert title in capsys.readouterr().out


def test_hostile_text_is_drawn_without_its_controls(capsys: pytest.CaptureFixture[str]) -> None:
    tables.table(("T",), [(tables.text("\x1b[31m딥\x9b시\x07크\u202e\r\n끝"),)])
    assert "[31m딥시크  끝" in capsys.readouterr().out


def test_korean_columns_line_up(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(tables.text("한국경제"), tables.text("x")), (tables.text("MediaPen"), tables.text("x"))]
    tables.table(("이름", "표"), rows)
    lines = [line for line in capsys.readouterr().out.splitlines() if line.rstrip().endswith("x")]
    assert len(lines) == 2
    assert len({cell_len(line[: line.rindex("x")]) for line in lines}) == 1


def test_marked_words_stand_out_and_nothing_else() -> None:
    line = tables.marked("오픈AI와 \x1b한국", ((0, 4),))
    assert line.plain == "오픈AI와 한국"
    assert [(span.start, span.end, span.style) for span in line.spans] == [(0, 4, tables.WORD)]


def test_a_narrow_terminal_folds_and_cuts_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    tables.table(("T",), [(tables.text("가나다라마바사아자차카타파하" * 3),)])
    out = capsys.readouterr().out
    assert max(map(cell_len, out.splitlines())) <= 24
    assert re.sub(r"\s|T|─", "", out) == "가나다라마바사아자차카타파하" * 3


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    rows = [(tables.marked("오픈AI", ((0, 2),)),)]
    tables.table(("T",), rows)
    coloured = capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    tables.table(("T",), rows)
    plain = capsys.readouterr().out
    assert any("33" in code for code in CONTROL.findall(coloured))
    assert not any(re.search(r"[;\[][349]\d", code) for code in CONTROL.findall(plain))
    assert CONTROL.sub("", coloured) == CONTROL.sub("", plain)


def test_empty_lines_are_left_out_of_a_stack() -> None:
    stack = tables.stacked(tables.text("one"), tables.text(""), tables.text(" "), tables.text("two"))
    assert stack.plain == "one\ntwo"
