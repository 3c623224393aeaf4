"""/hits.csv: the hits that a list is about, as a file that Excel opens: times of here, a byte order mark, no formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import StreamingResponse

from monitor.model.access import Scope
from monitor.present.hit_columns import COLUMNS, cells
from monitor.present.spreadsheet import cell, composed
from monitor.service.desk import Desk
from monitor.web.filters import AskedFor, HitFilters, hits_asked_for
from monitor.web.pages.viewer import Viewer, viewer

router = APIRouter(include_in_schema=False)

MOST: Final = 20_000
"""Hits of one file; `monitor export` writes them all."""
_PIECE: Final = 500


@router.get("/hits.csv")
async def hits_csv(
    request: Request, filters: Annotated[HitFilters, Query()], looks: Annotated[Viewer, viewer(Scope.READ)]
) -> StreamingResponse:
    """Return the hits that fit the filters, newest first, at most MOST."""
    asked = await hits_asked_for(request, filters, _PIECE)
    name = f"hits-{looks.now.astimezone(looks.zone):%Y-%m-%d-%H%M}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    lines = _lines(request.app.state.desk, asked, looks.zone)
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


async def _lines(desk: Desk, asked: AskedFor, zone: tzinfo) -> AsyncIterator[str]:
    yield "\ufeff" + _row(f"{name} ({zone})" if name.endswith("_at") else name for name in COLUMNS)
    query = asked.query
    for _ in range(MOST // _PIECE):
        found = await desk.queries.hit_page(query, tag=asked.tag, severity=asked.severity)
        yield "".join(_row(_cell(value, zone) for value in cells(hit)) for hit in found.hits)
        if found.next is None:
            return
        query = replace(query, after=found.next)


def _cell(value: object, zone: tzinfo) -> object:
    return f"{value.astimezone(zone):%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else composed(cell(value))


def _row(values: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(values)
    return out.getvalue()
