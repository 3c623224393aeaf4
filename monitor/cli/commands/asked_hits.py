"""One question about hits, asked for a page, a number, a timeline, or for ever."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final  # noqa: TID251 - the App is imported late, its type is named
from zoneinfo import ZoneInfo

import typer

from monitor.cli.opening import Waiting
from monitor.cli.text import hit_rows
from monitor.cli.text.output import Form, RecordFormat, write_heads, write_more
from monitor.model.errors import InvalidValueError
from monitor.model.paging import read, written
from monitor.model.records import HitPage, HitQuery, HitRecord, TimelinePoint, TimelineUnit

if TYPE_CHECKING:
    from monitor.service.app import App

MOST_COUNTED: Final = 1_000_000
_EACH: Final = 1.0  # seconds between two looks


@dataclass(frozen=True, slots=True)
class AskedHits:
    """A query with the filters that the plan knows; `words` are all filters as they were written."""

    app: App
    wait: Waiting
    query: HitQuery
    tag: str
    severity: str
    words: str

    def page(self, cursor: str) -> HitPage:
        """Return the page behind a cursor, "" for the first. Raises BadParameter for a cursor of another list."""
        query = self.query
        if cursor:
            try:
                after = read(cursor, self.words)
            except InvalidValueError as error:
                raise typer.BadParameter(str(error), param_hint="--cursor") from None
            query = replace(query, after=after, since=after.since, until=after.until)
        return self.wait(self.app.hit_page(query, tag=self.tag, severity=self.severity))

    def count(self) -> str:
        """Return how many there are, in words where there are more than are counted."""
        found = self.wait(self.app.count_hits(self.query, MOST_COUNTED + 1, tag=self.tag, severity=self.severity))
        return f"{MOST_COUNTED}+" if found > MOST_COUNTED else str(found)

    def timeline(self, unit: TimelineUnit, now: datetime) -> tuple[TimelinePoint, ...]:
        """Return how many came when."""
        return self.wait(self.app.timeline(self.query, unit, now, tag=self.tag, severity=self.severity))

    def say_next(self, page: HitPage) -> None:
        """Say on standard error how the next page is asked for, where there is one."""
        if page.next is not None:
            sys.stderr.write(f"more: the same command with --cursor {written(page.next, self.words)}\n")

    def follow(self, shape: RecordFormat[HitRecord], form: Form, zone: ZoneInfo) -> None:
        """Print the newest hits, oldest first, then each one as it comes, until Ctrl-C or a closed pipe.

        Raises BadParameter for a form that has an end.
        """
        if form is Form.JSON:
            raise typer.BadParameter("goes on for ever: --format ndjson, csv or table", param_hint="--follow")
        last = self.wait(self.app.last_hit())
        before = [hit for hit in self.page("").hits if hit.id <= last]
        if form is Form.CSV:
            write_heads(shape)
        try:
            write_more(sorted(before, key=lambda hit: hit.id), shape, form, partial(hit_rows.line, zone=zone))
            while True:
                found = self.wait(self.app.hits_since(self.query, last, tag=self.tag, severity=self.severity))
                write_more(found.hits, shape, form, partial(hit_rows.line, zone=zone))
                last = found.through or max((hit.id for hit in found.hits), default=last)
                if found.through is None:
                    self.wait(asyncio.sleep(_EACH))
        except KeyboardInterrupt:
            raise typer.Exit(0) from None
