"""monitor sources --plan"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from functools import partial
from pathlib import Path

from monitor.cli import process
from monitor.cli.text.output import Form, RecordFormat, write
from monitor.model.plan import Pacing
from monitor.model.records import ScheduleRecord

COLUMNS = tuple(field.name for field in fields(ScheduleRecord))
WHY = {
    "rate": "its rate at this hour",
    "min": "as often as allowed",
    "max": "as seldom as allowed",
    "depth": "its list turns over quickly",
    "new": "not known yet",
    "burst": "an alert within 15 min",
    "fixed": "set in the plan",
    "cron": "set in the plan",
}
_UNITS = ((86_400.0, "d"), (3600.0, "h"), (60.0, "min"))


def show(folder: Path, form: Form | None) -> None:
    """Write when each source is looked at."""
    from monitor.config.load import load
    from monitor.service import poll_schedule

    plan = load(folder, process.environ()).plan
    records = poll_schedule.looks(folder, process.environ(), process.now())
    draw = partial(_draw, pacing=plan.pacing)
    write(records, RecordFormat(COLUMNS, cells, asdict, draw, "no source is switched on"), form)


def cells(look: ScheduleRecord) -> tuple[object, ...]:
    """Return a look as the values of COLUMNS."""
    return tuple(getattr(look, name) for name in COLUMNS)


def duration(seconds: float) -> str:
    """Return a duration for people, to two digits or so: 45 s, 2.5 min, 3 h."""
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{seconds:.0f} s"


def summary(looks: Sequence[ScheduleRecord], pacing: Pacing) -> str:
    """Return what the adaptive sources come to together; "" where there are none."""
    adaptive = [look for look in looks if look.articles_a_day is not None]
    if not adaptive:
        return ""
    requests = sum(look.requests_a_day for look in adaptive)
    articles = sum(look.articles_a_day or 0.0 for look in adaptive)
    delay = sum(look.mean_delay * (look.articles_a_day or 0.0) for look in adaptive) / articles
    budget = f" of {pacing.requests_per_day}" if pacing.requests_per_day else ""
    over = ": the bounds of the sources ask for more" if 0 < pacing.requests_per_day < 0.999 * requests else ""
    told = f"adaptive: {requests:.0f} requests a day{budget}{over}"
    return f"{told}; an article waits {duration(delay)} on average, target {duration(pacing.target_delay)}"


def _draw(looks: Sequence[ScheduleRecord], pacing: Pacing) -> None:
    from monitor.cli.text import tables

    rows = [
        (
            tables.stacked(tables.text(look.name, "bold"), tables.text(look.id, "dim")),
            tables.text(look.every),
            tables.text(duration(look.interval)),
            tables.text(duration(look.mean_delay)),
            tables.text(f"{look.requests_a_day:.0f}"),
            tables.text("" if look.budget_share is None else f"{look.budget_share:.1%}"),
            tables.text("" if look.articles_a_day is None else f"{look.articles_a_day:.0f}"),
            tables.text(WHY[look.why]),
        )
        for look in looks
    ]
    heads = ("Source", "Every", "Now", "Mean delay", "Requests a day", "Of the budget", "Articles a day", "Why")
    tables.table(heads, rows)
    if told := summary(looks, pacing):
        sys.stderr.write(f"{told}\n")
