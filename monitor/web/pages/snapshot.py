"""A list stays as it was when it was first asked for: its rows lead on with the number of the newest hit of that moment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from fastapi import Request

from monitor.model.records import HitQuery
from monitor.service.desk import Desk
from monitor.web.pages.render import with_query

MOST_NEWER: Final = 200
"""Hits that are counted of those that came since."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The hits that `query` asks for, up to the number `through`; `newer` stories have come since then, or more: "200+"."""

    query: HitQuery
    through: int
    newer: int | str

    def values(self, request: Request) -> dict[str, Any]:
        """Return what the frame of a page is told of it: where rows lead, and after which hit the stream begins."""
        query = {**request.query_params, "through": self.through}
        here = with_query(request.url.path, query)
        closed = with_query(request.url.path, query, open=None)
        lines = {"closed": closed, "opening": f"{closed}&open="}
        return {"query": query, "here": here, "newest": self.through, "newer": self.newer, "stream": True, **lines}


async def snapshot(request: Request, query: HitQuery, given: int, *, tag: str = "", severity: str = "") -> Snapshot:
    """Return the list as of the hit of the number `given`, or as of now where none is given. Raises StoreError."""
    desk: Desk = request.app.state.desk
    newest = await desk.queries.last_hit()
    through = min(given, newest) if given else newest
    newer: int | str = 0
    if through < newest:
        wanted = replace(query, limit=MOST_NEWER, after=None)
        since = await desk.queries.hits_since(wanted, through, tag=tag, severity=severity)
        stories = len({one.story_id for one in since.hits})
        newer = f"{stories}+" if since.through else stories
    return Snapshot(replace(query, through=through), through, newer)
