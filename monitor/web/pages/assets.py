"""/assets: the style sheet and the scripts, named after what is in them, so that a browser asks for each once."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
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
def assets() -> Mapping[str, Asset]:
    """Return the files of the pages by name: those alone, whatever else is asked for."""
    found = {}
    for place in files(__package__).joinpath("assets").iterdir():
        if (kind := _KINDS.get(place.name.rpartition(".")[2])) is not None:
            body = place.read_bytes()
            mark = sha256(body).hexdigest()[:_MARK]
            found[place.name] = Asset(body, gzip.compress(body, mtime=0), kind, mark)
    return found


def address(name: str) -> str:
    """Return where a file of the pages is got. Raises KeyError for a name that none has."""
    return f"/assets/{assets()[name].mark}/{name}"


@router.get("/assets/{mark}/{name}", include_in_schema=False)
async def file(request: Request, mark: str, name: str) -> Response:
    """Return a file of the pages; whoever may log in may have it."""
    found = assets().get(name)
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
