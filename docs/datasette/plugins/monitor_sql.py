"""Datasette finds Korean words in monitor.db: its search box, search(:q) for queries of one's own, and kst(moment).

Start it with `datasette monitor.db --metadata metadata.yaml --plugins-dir plugins`. The file needs nothing but Datasette: it cuts words
as the index of monitor does (docs/query.md), and a test of monitor holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

from datasette import hookimpl

ZONE, ZONE_NAME = timezone(timedelta(hours=9)), "KST"
DENSE = "가-힣ㄱ-ㆎ\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff"
RUN = re.compile(rf"([{DENSE}]+)|[^\W_{DENSE}]+")


def fold(text: str) -> str:
    """Return the text without differences of case, width or composition."""
    once = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
    return unicodedata.normalize("NFKC", once.casefold())


def search(text: object) -> str:
    """Return what to give to MATCH to find a phrase: search_index MATCH search('오픈AI')."""
    tokens: list[str] = []
    runs = list(RUN.finditer(fold(str(text or ""))))
    for number, run in enumerate(runs, 1):
        pairs = [a + b for a, b in pairwise(run[0])]
        if not run[1]:
            tokens.append(run[0])
        elif number < len(runs) or len(run[0]) == 1:
            tokens += [*pairs, run[0][-1]]
        else:
            tokens += pairs
    if not tokens:
        return 'words : "\ue0ff"'
    # No token of these letters is longer than a pair; to look for longer ones would cost much.
    goes_on = "" if re.fullmatch(f"[{DENSE}]{{2}}", tokens[-1]) else " *"
    return 'words : "' + " ".join(tokens) + '"' + goes_on


def kst(moment: object) -> str | None:
    """Return a stored moment as people in Korea read it, None for none."""
    try:
        read = datetime.fromisoformat(str(moment))
    except ValueError:
        return None
    aware = read if read.tzinfo else read.replace(tzinfo=UTC)
    return f"{aware.astimezone(ZONE):%Y-%m-%d %H:%M:%S} {ZONE_NAME}"


@hookimpl(trylast=True)  # Datasette's own escape_fts is there by then
def prepare_connection(conn: Any) -> None:  # noqa: ANN401 - a connection of SQLite
    """Give a connection the functions; the search box goes through escape_fts."""
    conn.create_function("escape_fts", 1, search, deterministic=True)
    conn.create_function("search", 1, search, deterministic=True)
    conn.create_function("kst", 1, kst, deterministic=True)
