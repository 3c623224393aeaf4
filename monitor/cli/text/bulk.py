"""Rows by the hundred thousand -> JSON lines, CSV or Parquet, a batch at a time."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, Generic, TextIO, TypeVar

from monitor.model.errors import MonitorError
from monitor.present.hit_lines import moment
from monitor.present.inert import inert_json
from monitor.present.spreadsheet import cell, composed

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class BulkFormat(Generic[Row]):
    """How rows of one kind are written: `line` as JSON, `cells` as the values of `columns`; those that end in _at are times."""

    columns: tuple[str, ...]
    cells: Callable[[Row], Sequence[Any]]
    line: Callable[[Row], str]


def write_lines(batches: Iterable[Sequence[Row]], shape: BulkFormat[Row], out: TextIO) -> int:
    """Write JSON lines; return how many."""
    written = 0
    for batch in batches:
        out.write("".join([f"{inert_json(shape.line(row))}\n" for row in batch]))
        written += len(batch)
    return written


def write_csv(
    batches: Iterable[Sequence[Row]], shape: BulkFormat[Row], out: TextIO, zone: tzinfo, *, excel: bool
) -> int:
    """Write CSV with a head, times in `zone` with their offset (UTC with Z); for Excel with a byte order mark and without offsets."""
    writer = csv.writer(out, lineterminator="\n")
    times = [name.endswith("_at") for name in shape.columns]
    if excel:
        out.write("\ufeff")
        writer.writerow(f"{name} ({zone})" if time else name for name, time in zip(shape.columns, times, strict=True))
    else:
        writer.writerow(shape.columns)
    written = 0
    for batch in batches:
        writer.writerows(
            [
                _time(value, zone, excel=excel) if time else _text(value, excel=excel)
                for value, time in zip(shape.cells(row), times, strict=True)
            ]
            for row in batch
        )
        written += len(batch)
    return written


def _text(value: object, *, excel: bool) -> object:
    return composed(cell(value)) if excel else cell(value)


def _time(stored: str, zone: tzinfo, *, excel: bool) -> str:
    if not stored:
        return ""
    if zone is UTC and not excel:
        return moment(stored)
    local = datetime.fromisoformat(stored[:26]).replace(tzinfo=UTC).astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S}" if excel else local.isoformat(timespec="milliseconds")


def write_parquet(batches: Iterable[Sequence[Row]], shape: BulkFormat[Row], whole: frozenset[str], file: Path) -> int:
    """Write a Parquet file, a row group for each batch; `whole` names the columns of whole numbers. Raises MonitorError.

    Times are timestamps in UTC to the microsecond.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra, and 100 ms
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError:
        raise MonitorError("Parquet needs the extra [parquet]: pip install 'monitor[parquet]'") from None
    kinds = {name: pa.int64() if name in whole else pa.string() for name in shape.columns}
    kinds |= {name: pa.timestamp("us", tz="UTC") for name in shape.columns if name.endswith("_at")}
    schema = pa.schema(list(kinds.items()))
    written = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in batches:
            values = zip(*(shape.cells(row) for row in batch), strict=True)
            columns = [
                pa.array([_moment(one) for one in column] if name.endswith("_at") else list(column), kinds[name])
                for name, column in zip(shape.columns, values, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))
            written += len(batch)
    return written


def _moment(stored: str) -> datetime | None:
    return datetime.fromisoformat(stored[:26]).replace(tzinfo=UTC) if stored else None
