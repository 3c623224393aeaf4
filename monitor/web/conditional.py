"""Conditional requests (RFC 9110, 13): whoever has the present answer already is told so. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import Request


def validators(tag: str, modified: datetime) -> dict[str, str]:
    """Return the headers by which an answer is known again: letters and digits that change with it, and a moment."""
    return {"ETag": f'"{tag}"', "Last-Modified": format_datetime(modified.astimezone(UTC), usegmt=True)}


def not_modified(request: Request, headers: Mapping[str, str]) -> bool:
    """Return whether the asker has the answer of these validators; a moment counts only where no tag is sent (13.2.2)."""
    given = request.headers.get("if-none-match")
    if given is not None:
        tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
        return "*" in tags or headers["ETag"] in tags
    since = request.headers.get("if-modified-since")
    if since is None or "Last-Modified" not in headers:
        return False
    try:
        return parsedate_to_datetime(headers["Last-Modified"]) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
