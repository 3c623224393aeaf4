"""One set of records, four forms: a table for people, JSON, JSON lines, CSV for programs; counts with nouns."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from enum import StrEnum
from typing import Generic, TypeVar

from monitor.cli.text.sanitize import json_in_ascii, to_json
from monitor.model.errors import InvalidValueError
from monitor.present.moments import rfc3339
from monitor.present.spreadsheet import cell, composed

Record = TypeVar("Record")


class Form(StrEnum):
    """The forms of output."""

    TABLE = "table"
    JSON = "json"
    NDJSON = "ndjson"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class RecordFormat(Generic[Record]):
    """How one kind of record is written. `cells` returns a value for each of `columns`; `draw` prints the table."""

    columns: tuple[str, ...]
    cells: Callable[[Record], Sequence[object]]
    document: Callable[[Record], Mapping[str, object]]
    draw: Callable[[Sequence[Record]], None]
    nothing: str


def chosen_form(form: Form | None) -> Form:
    """Return the form that is meant: without one a table on a terminal, JSON lines elsewhere."""
    return form or (Form.TABLE if sys.stdout.isatty() else Form.NDJSON)


def write(
    records: Sequence[Record],
    shape: RecordFormat[Record],
    form: Form | None,
    *,
    excel: bool = False,
    local: bool = False,
    zone: tzinfo = UTC,
) -> None:
    """Write records to standard output; without a form, a table on a terminal and JSON lines elsewhere.

    No record at all is said on standard error on a table's behalf; the other forms are then empty (JSON: `[]`). With `excel` the form is
    CSV as Excel opens it, in UTF-8 whatever the encoding of the output, its times in `zone`, which their heads name; with `local` it is
    CSV for programs with times in `zone` and their offset, where it is in UTC otherwise. Raises InvalidValueError for another
    form beside either.
    """
    if (excel or local) and form not in {None, Form.CSV}:
        raise InvalidValueError(f"{'--excel' if excel else '--local'} writes CSV: leave out --format {form}")
    chosen = Form.CSV if excel or local else chosen_form(form)
    if chosen is Form.CSV:
        if excel:
            _write_excel(records, shape, zone)
        else:
            _write_csv(records, shape, zone if local else UTC)
    elif chosen is Form.JSON:
        sys.stdout.write(_encodable(to_json([shape.document(record) for record in records], indent=2)) + "\n")
    elif chosen is Form.NDJSON:
        sys.stdout.writelines(_encodable(to_json(shape.document(record))) + "\n" for record in records)
    elif records:
        shape.draw(records)
    else:
        sys.stderr.write(shape.nothing + "\n")


def write_more(
    records: Sequence[Record], shape: RecordFormat[Record], form: Form, line: Callable[[Record], str]
) -> None:
    """Write some of records that come without an end, at once: of a table `line` of each, of CSV without the heads."""
    if form is Form.CSV:
        _write_rows(records, shape, UTC)
    elif form is Form.TABLE:
        sys.stdout.writelines(f"{line(record)}\n" for record in records)
    else:
        write(records, shape, form)
    sys.stdout.flush()


def write_heads(shape: RecordFormat[Record]) -> None:
    """Write the heads of CSV."""
    csv.writer(sys.stdout, lineterminator="\n").writerow(shape.columns)


def narrowed(shape: RecordFormat[Record], columns: Sequence[str]) -> RecordFormat[Record]:
    """Return the form of records with only these of their columns, in this order: of each an object of them in JSON.

    The table is one of plain cells then.
    """
    places = [shape.columns.index(name) for name in columns]

    def cells(record: Record) -> list[object]:
        values = shape.cells(record)
        return [values[place] for place in places]

    def document(record: Record) -> dict[str, object]:
        shown = (rfc3339(value) if isinstance(value, datetime) else value for value in cells(record))
        return dict(zip(columns, shown, strict=True))

    def draw(records: Sequence[Record]) -> None:
        from monitor.cli.text import tables  # noqa: PLC0415 - rich takes its time

        shown = [[document(record)[name] for name in columns] for record in records]
        tables.table(columns, [[tables.text("" if one is None else one) for one in row] for row in shown])

    return RecordFormat(tuple(columns), cells, document, draw, shape.nothing)


def _encodable(document: str) -> str:
    """Return JSON that standard output can encode: where it cannot, in ASCII, with JSON's own escapes."""
    try:
        document.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json_in_ascii(document)
    return document


def _write_csv(records: Sequence[Record], shape: RecordFormat[Record], zone: tzinfo) -> None:
    write_heads(shape)
    _write_rows(records, shape, zone)


def _write_rows(records: Sequence[Record], shape: RecordFormat[Record], zone: tzinfo) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerows([_with_offset(value, zone) for value in shape.cells(record)] for record in records)


def _with_offset(value: object, zone: tzinfo) -> object:
    """Return a cell; a moment in another zone than UTC has its offset."""
    if isinstance(value, datetime) and zone is not UTC:
        return value.astimezone(zone).isoformat(timespec="milliseconds")
    return cell(value)


def _write_excel(records: Sequence[Record], shape: RecordFormat[Record], zone: tzinfo) -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write("\ufeff")
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(_head(name, zone) for name in shape.columns)
    for record in records:
        writer.writerow(_for_excel(value, zone) for value in shape.cells(record))


def _head(column: str, zone: tzinfo) -> str:
    return f"{column} ({zone})" if column.endswith("_at") else column


def _for_excel(value: object, zone: tzinfo) -> object:
    """Return a cell with its letters composed, a moment as Excel reads one: in the zone of its head, without an offset."""
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    return composed(cell(value))


def amount(number: int, noun: str) -> str:
    """Return `1 hit`, `2 hits`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
