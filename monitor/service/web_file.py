"""Where the running daemon's web server is reached, or why it is not, kept in the data folder for `doctor` and `healthcheck`."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

NAME: Final = "web.json"


@dataclass(frozen=True, slots=True)
class WebState:
    """`address` is a URL on this machine; "" while `fault` says why there is none."""

    address: str = ""
    fault: str = ""


def keep_state(data_dir: Path, state: WebState) -> None:
    """Keep what became of the web server. A disk that takes nothing is told elsewhere."""
    with suppress(OSError):
        fresh = data_dir / f"{NAME}.new"
        fresh.write_text(json.dumps(asdict(state), ensure_ascii=False), "utf-8")
        fresh.replace(data_dir / NAME)


def web_state(data_dir: Path) -> WebState | None:
    """Return what was kept last, None where nothing was or it cannot be read."""
    try:
        found = json.loads((data_dir / NAME).read_text("utf-8"))
        return WebState(str(found["address"]), str(found["fault"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def forget_state(data_dir: Path) -> None:
    """Say that no web server runs."""
    with suppress(OSError):
        (data_dir / NAME).unlink(missing_ok=True)
