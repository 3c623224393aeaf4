"""Where a form may lead: to a path of this server, whatever it says."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from fastapi.responses import RedirectResponse, Response

_LOCAL_PATH: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*", re.ASCII)


def local_path(text: str, fallback: str = "/") -> str:
    """Return where to go: a path of this server; `fallback` for all else, which could lead anywhere."""
    return text if _LOCAL_PATH.fullmatch(text) else fallback


def back(given: str, fallback: str = "/") -> Response:
    """Return the way back to the page that a form was on."""
    return RedirectResponse(local_path(given, fallback), HTTPStatus.SEE_OTHER)
