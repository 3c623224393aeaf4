"""The versions of an article, as `monitor hits --history` writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.present import timefmt
from monitor.present.versions import VersionRecord

COLUMNS = ("version", "since", "title", "title_before", "removed", "added", "outcome", "looked_at", "gone_at")


def cells(record: VersionRecord) -> tuple[object, ...]:
    """Return a version as the values of COLUMNS."""
    return (
        record.number,
        record.version.since,
        record.version.title,
        record.title_before,
        "\n".join(record.removed),
        "\n".join(record.added),
        record.outcome,
        record.looked_at,
        record.gone_at,
    )


def draw(records: Sequence[VersionRecord], now: datetime, zone: ZoneInfo) -> None:
    """Draw a table: each version with its headline, and below it what went (-) and what came (+)."""
    from monitor.cli.text import tables  # noqa: PLC0415 - rich takes its time

    rows = [
        (
            tables.text(record.number),
            tables.text(timefmt.clock(record.version.since, now, zone)),
            tables.stacked(
                tables.text(record.version.title, "bold"),
                *((tables.text(f"- {record.title_before}", "red"),) if record.title_before else ()),
                *(tables.text(f"- {one}", "red") for one in record.removed),
                *(tables.text(f"+ {one}", "green") for one in record.added),
                tables.text(_looks(record, now, zone), "dim"),
            ),
        )
        for record in records
    ]
    heads = ("Version", f"Since {timefmt.zone_name(now, zone)}", "Article")
    tables.table(heads, rows, whole=heads[:2])


def _looks(record: VersionRecord, now: datetime, zone: ZoneInfo) -> str:
    """Return in one line how looking at the article again went."""
    moments = (("there", record.looked_at), ("gone since", record.gone_at), ("next look", record.next_look_at))
    said = [f"{what} {timefmt.clock(moment, now, zone)}" for what, moment in moments if moment is not None]
    return "; ".join((*said, record.outcome) if record.outcome else said)
