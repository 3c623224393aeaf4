"""One set of records in four forms, and numbers with their nouns."""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.cli.text.output import Form, RecordFormat, amount, write
from monitor.model.errors import InvalidValueError


def draw(records: Sequence[int]) -> None:
    print("table of", *records)  # noqa: T201 - stands for a table


SHEET: RecordFormat[int] = RecordFormat(("n", "word"), lambda n: (n, f"={n}"), lambda n: {"n": n}, draw, "nothing here")


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (Form.CSV, "n,word\n1,'=1\n2,'=2\n"),
        (Form.NDJSON, '{"n":1}\n{"n":2}\n'),
        (Form.TABLE, "table of 1 2\n"),
        (None, '{"n":1}\n{"n":2}\n'),
    ],
)
def test_each_form_is_written(form: Form | None, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    write([1, 2], SHEET, form)
    assert capsys.readouterr().out == text


def test_json_is_one_list(capsys: pytest.CaptureFixture[str]) -> None:
    write([1, 2], SHEET, Form.JSON)
    assert json.loads(capsys.readouterr().out) == [{"n": 1}, {"n": 2}]


@pytest.mark.parametrize(
    ("form", "out", "err"),
    [(Form.CSV, "n,word\n", ""), (Form.JSON, "[]\n", ""), (Form.NDJSON, "", ""), (Form.TABLE, "", "nothing here\n")],
)
def test_nothing_is_written_as_nothing(form: Form, out: str, err: str, capsys: pytest.CaptureFixture[str]) -> None:
    write([], SHEET, form)
    printed = capsys.readouterr()
    assert (printed.out, printed.err) == (out, err)


def test_a_terminal_gets_a_table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    write([7], SHEET, None)
    assert capsys.readouterr().out == "table of 7\n"


def test_one_is_one_and_the_rest_are_many() -> None:
    assert [amount(number, "rule") for number in (0, 1, 2)] == ["0 rules", "1 rule", "2 rules"]


@pytest.mark.parametrize("encoding", ["ascii", "cp949", "latin-1", "utf-8", "utf-16"])
@pytest.mark.parametrize("form", [Form.JSON, Form.NDJSON])
@given(word=st.text(st.characters(exclude_categories=[])))
@example(word="속보 \U0001f600")
@example(word="똠방각하 \ud800")
@example(word="\ud834\udd1e")
@example(word="é – “따옴표”")
def test_json_is_json_whatever_the_output_can_encode(encoding: str, form: Form, word: str) -> None:
    raw = io.BytesIO()
    shape: RecordFormat[str] = RecordFormat(("word",), lambda one: (one,), lambda one: {"word": one}, _no_table, "")
    with io.TextIOWrapper(raw, encoding, errors="backslashreplace") as out, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        write([word], shape, form)
        out.flush()
        read = json.loads(raw.getvalue().decode(encoding))
    assert (read[0] if form is Form.JSON else read) == {"word": _joined(word)}


@pytest.mark.parametrize("word", ["해솔소프트", "Café 공시", "속보 \U0001f600"])
def test_a_csv_for_excel_has_its_mark_and_composed_letters_whatever_the_output(word: str) -> None:
    raw = io.BytesIO()
    shape: RecordFormat[str] = RecordFormat(("word",), lambda one: (one,), lambda one: {"word": one}, _no_table, "")
    with io.TextIOWrapper(raw, "cp949", errors="backslashreplace") as out, pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        write([unicodedata.normalize("NFD", word)], shape, None, excel=True)
        out.flush()
        assert raw.getvalue() == b"\xef\xbb\xbfword\n" + word.encode() + b"\n"


def _no_table(_records: Sequence[str]) -> None:
    raise AssertionError("no table was asked for")


def _joined(word: str) -> str:
    """Return the text as JSON tells it: two surrogates side by side that make a letter are that letter."""
    return word.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (ZoneInfo("Asia/Seoul"), "2026-11-24T02:30:00.120+09:00"),
        (ZoneInfo("America/Sao_Paulo"), "2026-11-23T14:30:00.120-03:00"),
        (ZoneInfo("Asia/Kolkata"), "2026-11-23T23:00:00.120+05:30"),
    ],
)
def test_csv_is_in_utc_and_on_demand_in_the_zone_with_its_offset(
    zone: ZoneInfo, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    moment = datetime(2026, 11, 23, 17, 30, 0, 120_000, tzinfo=UTC)
    shape: RecordFormat[datetime] = RecordFormat(("made_at",), lambda one: (one,), lambda _: {}, lambda _: None, "")
    write([moment], shape, Form.CSV, zone=zone)
    assert capsys.readouterr().out == "made_at\n2026-11-23T17:30:00.120Z\n"
    write([moment], shape, None, local=True, zone=zone)
    local = capsys.readouterr().out
    assert local == f"made_at\n{shown}\n"
    assert datetime.fromisoformat(local.splitlines()[1]) == moment


@pytest.mark.parametrize(("excel", "local"), [(True, False), (False, True)])
@pytest.mark.parametrize("form", [Form.JSON, Form.NDJSON, Form.TABLE])
def test_what_asks_for_csv_and_for_another_form_is_refused(form: Form, *, excel: bool, local: bool) -> None:
    shape: RecordFormat[str] = RecordFormat(
        ("word",), lambda word: (word,), lambda word: {"word": word}, print, "nothing"
    )
    with pytest.raises(InvalidValueError, match="writes CSV: leave out --format"):
        write(["a"], shape, form, excel=excel, local=local)
