"""The examples of docs/api.md, as they stand there, against a daemon as a process of its own."""

from __future__ import annotations

import asyncio
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.journeys.installation import ROOT, Installation, until
from tests.journeys.test_web import asked, serving
from tests.patience import PATIENCE
from tests.replica.newsroom import Newsroom
from tests.replica.piece import Piece
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs" / "api.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def counted(installation: Installation) -> int:
    """Return how many hits are stored."""
    with closing(sqlite3.connect(f"file:{installation.database}?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT count(*) FROM hit").fetchone()[0])


async def told(script: str, url: str, token: str, folder: Path) -> tuple[int, str, str]:
    """Run a script of examples to its end, as a reader of the page would."""
    bash = shutil.which("bash")
    assert bash
    process = await asyncio.create_subprocess_exec(
        *(bash, "-euo", "pipefail", "-c", script),
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "MONITOR": url, "TOKEN": token, "LC_ALL": "C.UTF-8"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode or 0, out.decode("utf-8"), err.decode("utf-8")


async def test_the_examples_do_what_the_page_says(
    installation: Installation, paper: Newsroom, writer: Writer, now: datetime, tmp_path: Path
) -> None:
    paper.publish(writer.piece(now - timedelta(minutes=5), terms=("openai",)))
    installation.watch(paper, every="1h")
    assert len(EXAMPLES) == 4
    async with installation.running():
        url = await serving(installation)
        await until(lambda: counted(installation) > 0, what="a hit")
        token = (await installation.command("token", "add", "reader", "--scope", "admin")).stdout.strip()
        bearer = {"Authorization": f"Bearer {token}"}
        for script in EXAMPLES:
            code, out, err = await told(script, url, token, tmp_path)
            assert code == 0, f"{script}\n{out[-600:]}\n{err}"
        # What the last of them did: a silence begun and ended, a word on the hit, a reload, a poll besides its turn.
        hit = (await asked(url, "/api/v1/hits/1", headers=bearer)).json()["hit"]
        assert (hit["handling"]["state"], hit["handling"]["author"]) == ("handled", "reader")
        silences = (await asked(url, "/api/v1/silences?all=true", headers=bearer)).json()["silences"]
        assert [(one["rule_id"], one["author"], one["ended_at"] is None) for one in silences] == [
            ("openai", "reader", False)
        ]
        installation.aliases = {**installation.aliases, "seoul": ["서울"]}
        installation.watch(paper, every="1h")
        reloaded = await asked(url, "/api/v1/reload", "POST", headers=bearer)
        assert reloaded.status_code == 200, reloaded.text
        assert any("is in force" in line for line in reloaded.json()["lines"])
        rules = (await asked(url, "/api/v1/rules", headers=bearer)).json()["rules"]
        assert "seoul" in [one["id"] for one in rules]
        (installation.config / "rules.yaml").write_text("rules: [{id: x, nmae: X}]\n", "utf-8")
        refused = await asked(url, "/api/v1/reload", "POST", headers=bearer)
        assert (refused.status_code, "rules.yaml:1" in refused.json()["detail"]) == (409, True), refused.text
        await _polled_besides_its_turn(installation, paper, writer.piece(now, terms=("openai",)), url, bearer)


async def _polled_besides_its_turn(
    installation: Installation, paper: Newsroom, piece: Piece, url: str, bearer: dict[str, str]
) -> None:
    before = counted(installation)
    paper.publish(piece)
    fetched = await asked(url, "/api/v1/sources/mediapen/fetch", "POST", headers=bearer)
    assert (fetched.status_code, fetched.json()) == (202, {"asked": True})
    await until(lambda: counted(installation) > before, what="a hit of a poll that was asked for")
