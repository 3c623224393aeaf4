"""How many hits came when: a row for each hour or day and rule, for people a line of each hour or day with a bar."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final

from monitor.cli.text.output import RecordFormat
from monitor.model.records import TimelinePoint, TimelineUnit
from monitor.present.timelines import point_object

COLUMNS: Final = ("begins", "rule_id", "hits")
_FORMS = {"day": "%Y-%m-%d", "hour": "%Y-%m-%d %H:00"}
_WIDEST = 40


def shape(unit: TimelineUnit) -> RecordFormat[TimelinePoint]:
    """Return how a timeline is written: `begins` is a day, or an hour with its offset."""

    def cells(point: TimelinePoint) -> tuple[object, ...]:
        return tuple(point_object(point, unit).values())

    def document(point: TimelinePoint) -> dict[str, object]:
        return {**point_object(point, unit)}

    return RecordFormat(COLUMNS, cells, document, lambda points: draw(points, unit), "no hits")


def draw(points: Sequence[TimelinePoint], unit: TimelineUnit) -> None:
    """Print a table with a line for each hour or day in which something came."""
    from monitor.cli.text import tables  # noqa: PLC0415 - rich takes its time

    pieces = [(begins, list(some)) for begins, some in groupby(points, key=lambda point: point.begins)]
    sums = [sum(point.hits for point in some) for _, some in pieces]
    most = max(sums, default=1)
    rows = [
        (
            tables.text(f"{begins:{_FORMS[unit]}}"),
            tables.text(total),
            tables.text("█" * max(1, round(_WIDEST * total / most))),
            tables.text(", ".join(f"{point.rule_id} {point.hits}" for point in some)),
        )
        for (begins, some), total in zip(pieces, sums, strict=True)
    ]
    tables.table(("Day" if unit == "day" else "Hour", "Hits", "", "Rules"), rows, whole=("Day", "Hour", "Hits"))
