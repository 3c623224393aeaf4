"""What the plan and the daemon's life add to the record of a source: its note, whether it is overdue, or gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.model.plan import Plan, Source
from monitor.model.records import SourceRecord
from monitor.schedule.cadence import MOST_LATE, overdue_at


def annotated(
    records: Sequence[SourceRecord], plan: Plan, now: datetime, running_since: datetime | None
) -> tuple[SourceRecord, ...]:
    """Fill in what only the plan knows of each source, and whether it is overdue.

    No source can have been polled before `running_since`, when the daemon began; while none runs (None) it is the daemon
    that is missing, and no source.
    """
    known = {source.id: source for source in plan.sources}
    return tuple(
        replace(
            record,
            note=source.note,
            unverified_live=source.unverified_live,
            tier=source.tier,
            rights=source.rights,
            overdue=running_since is not None and _is_overdue(record, source, now, running_since),
        )
        if (source := known.get(record.id))
        else replace(record, gone=True)
        for record in records
    )


def missed_without_a_daemon(records: Sequence[SourceRecord], plan: Plan, now: datetime) -> int:
    """Return how many sources are overdue because no daemon runs."""
    known = {source.id: source for source in plan.sources}
    return sum(_is_overdue(record, known[record.id], now) for record in records if record.id in known)


def _is_overdue(record: SourceRecord, source: Source, now: datetime, running_since: datetime | None = None) -> bool:
    if not record.enabled or record.next_poll_at is None:
        return False
    due = max(record.next_poll_at, running_since or record.next_poll_at)
    # Who reads a long backlog, or waits for its host's turn, holds the source all the while.
    return now > (due + MOST_LATE if record.polling else overdue_at(source.every, due, source.zone))
