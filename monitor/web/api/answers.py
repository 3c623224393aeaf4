"""A list or an object as its answer: with an ETag, as 304 where the asker has it already, with the way to the next page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from fastapi import Request
from fastapi.responses import Response

from monitor.present.inert import inert_json
from monitor.present.shapes import Json
from monitor.service.clock import utc_now
from monitor.service.desk import Desk
from monitor.web.conditional import not_modified

_CACHE: Final = {"Cache-Control": "private, no-cache"}
FRESH: Final = 60
"""Seconds after which an ETag of stored rows changes in any case: what is written over leaves no new number behind."""


def desk_of(request: Request) -> Desk:
    """Return what the web server asks."""
    desk: Desk = request.app.state.desk
    return desk


async def stored_tag(request: Request) -> str:
    """Return the ETag of what is shown of stored rows: it changes with any new row, the plan, and the minute.

    It is known before the list is: whoever has it needs no list. Raises StoreError.
    """
    desk = desk_of(request)
    parts = (
        request.url.path,
        request.url.query,
        (await desk.queries.plan()).version,
        await desk.queries.marks(),
        int(utc_now().timestamp()) // FRESH,
    )
    return _tag(repr(parts).encode("utf-8", "replace"))


def unchanged(request: Request, tag: str) -> Response | None:
    """Return the answer to who has what `tag` names already, None for anybody else."""
    if not not_modified(request, {"ETag": tag.removeprefix("W/")}):
        return None
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag, **_CACHE})


def shown(request: Request, content: Mapping[str, Json], tag: str = "", *, following: str = "") -> Response:
    """Return the answer with that content. Without a `tag` it is one of the content; `following` is the next page's cursor."""
    body = _written(content)
    headers = {"ETag": tag or _tag(body), **_CACHE}
    if not tag and (known := unchanged(request, headers["ETag"])):
        return known
    if following:
        query = request.url.remove_query_params("cursor").include_query_params(cursor=following).query
        headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
    return Response(body, media_type="application/json", headers=headers)


def done(content: Mapping[str, Json], status: int = HTTPStatus.OK) -> Response:
    """Return the answer to something that was done."""
    return Response(_written(content), status, media_type="application/json")


def _written(content: Mapping[str, Json]) -> bytes:
    return inert_json(json.dumps(content, ensure_ascii=False, separators=(",", ":"))).encode()


def _tag(text: bytes) -> str:
    # Weak: the same rows may be written in other bytes by another version of this program.
    return f'W/"{hashlib.blake2b(text, digest_size=12).hexdigest()}"'
