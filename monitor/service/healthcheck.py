"""Is the running daemon ready? Asked of its web server, or where it has none, of its heartbeat."""

from __future__ import annotations

import json
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from monitor.service import lock
from monitor.service.web_file import web_state

SECONDS: Final = 8.0
_MOST: Final = 64 * 1024  # bytes of an answer


def check_health(data_dir: Path) -> tuple[bool, str]:
    """Return whether the daemon on a data folder can do its work, and why not."""
    try:
        if lock.holder(data_dir) is None:
            return False, f"no daemon runs on {data_dir} -> monitor run"
        if lock.age(data_dir) > lock.FRESH:
            return False, "the daemon's heart does not beat -> restart it, and keep its log"
    except FileNotFoundError:
        return False, f"no daemon runs on {data_dir} -> monitor run"
    state = web_state(data_dir)
    if state is None:
        return True, "the daemon's heart beats; its web server is off"
    if state.fault:
        return True, f"the daemon's heart beats; {state.fault}"
    return _asked(state.address)


def _asked(address: str) -> tuple[bool, str]:
    """Return what /readyz says at an address of this machine; no proxy stands between."""
    place = urlsplit(address)
    try:
        with closing(HTTPConnection(place.hostname or "", place.port, timeout=SECONDS)) as connection:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            body = answer.read(_MOST)
    except (OSError, HTTPException) as error:
        return False, f"the daemon does not answer at {address}: {str(error) or type(error).__name__}"
    if answer.status == HTTPStatus.OK:
        return True, "ready"
    return False, _reasons(body) or f"the daemon answers {answer.status}"


def _reasons(body: bytes) -> str:
    try:
        found = json.loads(body)
    except ValueError:
        return ""
    reasons = found.get("reasons") if isinstance(found, dict) else None
    return "; ".join(str(one) for one in reasons) if isinstance(reasons, list) else ""
