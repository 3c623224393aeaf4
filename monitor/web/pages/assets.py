"""/assets: the style sheet and the scripts, named after what is in them, so that a browser asks for each once."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor.web.problems import ProblemError

router = APIRouter()

_KINDS: Final = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}
_MARK: Final = 12  # letters of the hash in an address
_GZIP: Final = re.compile(r"(?:gzip|\*)(?:;q=(?:0\.\d*[1-9]\d*|1(?:\.0*)?))?")
HTMX: Final = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"
"""SHA-256 of assets/htmx.min.js: htmx 4.0.1 as its project publishes it (https://htmx.org; Zero-Clause BSD)."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the pages: its bytes, the same compressed, its media type, and the hash that its address has."""

    body: bytes
    packed: bytes
    kind: str
    mark: str


@cache
def asset(name: str) -> Asset | None:
    """Return a file of the pages; None for a name that none has."""
    ending = name.rpartition(".")[2]
    place = files(__package__).joinpath("assets", name)
    if "/" in name or ending not in _KINDS or not place.is_file():
        return None
    body = place.read_bytes()
    return Asset(body, gzip.compress(body, mtime=0), _KINDS[ending], sha256(body).hexdigest()[:_MARK])


def address(name: str) -> str:
    """Return where a file of the pages is got. Raises KeyError for a name that none has."""
    found = asset(name)
    if found is None:
        raise KeyError(name)
    return f"/assets/{found.mark}/{name}"


@router.get("/assets/{mark}/{name}", include_in_schema=False)
async def file(request: Request, mark: str, name: str) -> Response:
    """Return a file of the pages; whoever may log in may have it."""
    found = asset(name) if len(name) < 100 else None  # noqa: PLR2004 - longer than any
    if found is None:
        raise ProblemError(HTTPStatus.NOT_FOUND)
    kept = "public, max-age=31536000, immutable" if mark == found.mark else "no-cache"
    headers = {"Cache-Control": kept, "Vary": "Accept-Encoding", "Content-Type": found.kind}
    if accepts_gzip(request):
        return Response(found.packed, headers={**headers, "Content-Encoding": "gzip"})
    return Response(found.body, headers=headers)


def accepts_gzip(request: Request) -> bool:
    """Return whether an answer may be compressed (RFC 9110, 12.5.3)."""
    given = request.headers.get("accept-encoding", "").replace(" ", "").lower()
    return any(_GZIP.fullmatch(part) for part in given.split(","))
