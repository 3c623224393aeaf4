"""One set of records, four forms: a table for people, JSON, JSON lines, CSV for programs; counts with nouns."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from monitor.cli.text.sanitize import cell, to_json

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


def write(records: Sequence[Record], shape: RecordFormat[Record], form: Form | None) -> None:
    """Write records to standard output; without a form, a table on a terminal and JSON lines elsewhere.

    No record at all is said on standard error on a table's behalf; the other forms are then empty (JSON: `[]`).
    """
    chosen = form or (Form.TABLE if sys.stdout.isatty() else Form.NDJSON)
    if chosen is Form.CSV:
        _write_csv(records, shape)
    elif chosen is Form.JSON:
        sys.stdout.write(to_json([shape.document(record) for record in records], indent=2) + "\n")
    elif chosen is Form.NDJSON:
        sys.stdout.writelines(to_json(shape.document(record)) + "\n" for record in records)
    elif records:
        shape.draw(records)
    else:
        sys.stderr.write(shape.nothing + "\n")


def _write_csv(records: Sequence[Record], shape: RecordFormat[Record]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(shape.columns)
    writer.writerows([cell(value) for value in shape.cells(record)] for record in records)


def amount(number: int, noun: str) -> str:
    """Return `1 hit`, `2 hits`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
