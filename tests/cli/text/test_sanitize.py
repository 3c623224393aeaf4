"""Hostile text reaches neither terminal, spreadsheet nor line-based readers."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.cli.text.sanitize import to_json
from monitor.present.inert import sanitize
from monitor.present.spreadsheet import cell

ANY_TEXT = st.text(st.characters(codec=None))
SURROGATES = st.text(st.characters(categories=["Cs", "Lo", "Cc"]))


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x1b]0;title\x07속보", "]0;title속보"),
        ("\x9b2Jgone", "2Jgone"),
        ("one\r\ntwo\tthree", "one  two three"),
        ("moc.live\u202egood.com", "moc.livegood.com"),
        ("딥\u200b시\u2060크", "딥시크"),
        ("line\u2028split\x85here", "line split here"),
        ("lone \ud800 half", "lone  half"),
        ("[bold]한국[/bold] :smile:", "[bold]한국[/bold] :smile:"),
    ],
)
def test_what_a_terminal_would_obey_is_only_shown(hostile: str, shown: str) -> None:
    assert sanitize(hostile) == shown


@given(ANY_TEXT | SURROGATES)
def test_sanitized_text_holds_nothing_unseen(text: str) -> None:
    shown = sanitize(text)
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert sanitize(shown) == shown
    shown.encode()  # a terminal can be written to


@given(ANY_TEXT, ANY_TEXT)
def test_pieces_may_be_sanitized_on_their_own(head: str, tail: str) -> None:
    assert sanitize(head + tail) == sanitize(head) + sanitize(tail)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "\u200b=", "\x00@"])
def test_a_cell_that_a_spreadsheet_would_run_is_guarded(start: str) -> None:
    guarded = cell(start + "HYPERLINK(1)")
    assert isinstance(guarded, str)
    assert guarded.startswith("'")


def test_an_ordinary_cell_stays_as_it_is() -> None:
    assert cell("오픈AI - 발표") == "오픈AI - 발표"
    assert cell(-5) == -5
    assert cell(None) is None
    assert cell(datetime(2026, 11, 23, 9, tzinfo=UTC)) == "2026-11-23T09:00:00.000Z"


@given(st.dictionaries(ANY_TEXT, ANY_TEXT | st.integers() | st.none()))
@example({"title": "\x1b]8;;x\x07\x9b\u202e\u2028\ud800오픈AI"})
def test_json_is_one_harmless_line_and_loses_nothing(value: dict[str, object]) -> None:
    line = to_json(value)
    assert json.loads(line) == value
    assert line.splitlines() == [line]
    assert not {unicodedata.category(char) for char in line} & {"Cc", "Cs", "Zl", "Zp"}


def test_moments_are_text_in_json() -> None:
    assert to_json({"at": datetime(2026, 1, 1, tzinfo=UTC)}) == '{"at":"2026-01-01T00:00:00.000Z"}'


def test_korean_stays_readable_in_json() -> None:
    assert to_json({"title": "딥시크, 서울에"}) == '{"title":"딥시크, 서울에"}'
    assert to_json([1], indent=2) == "[\n  1\n]"


def test_json_refuses_what_it_does_not_know() -> None:
    with pytest.raises(TypeError, match="no JSON for set"):
        to_json({"x": {1}})
