"""Twenty-four servers that mean harm, all at once, beside a newspaper that is read on time."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.journeys.hostile import hostile_servers
from tests.journeys.installation import Installation, source_of, until
from tests.replica.newspapers import Newsroom
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow

DAEMON_MB = 256  # at its peak; 24 pages of 4 MB may be under way at once
WORKER_MB = 768


def peak(pid: int) -> float:
    """Return the most memory a process ever had, in MB (proc(5), VmHWM); 0 when it has ended, and had its limits."""
    try:
        found = re.search(r"VmHWM:\s*(\d+)", Path(f"/proc/{pid}/status").read_text("ascii"))
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def children(pid: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # a thread may end meanwhile
            found += map(int, (task / "children").read_text("ascii").split())
    return found


@pytest.mark.long
async def test_hostile_servers_end_in_time_and_the_newspaper_is_read_all_the_while(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    async with hostile_servers() as served:
        sources = [{"id": f"h{name[:2]}", "name": name, "kind": case.kind, "url": url} for name, url, case, _ in served]
        installation.write([source_of(paper), *sources])
        text = (installation.config / "monitor.yaml").read_text("utf8").replace("timeout: 5s", "timeout: 2s")
        (installation.config / "monitor.yaml").write_text(text, "utf8")
        async with installation.running() as daemon:
            await until(lambda: paper_was_read(installation), what="the newspaper's first poll")
            for number in (1, 2):  # each is told while the attacks go on
                paper.publish(writer.piece(now + timedelta(minutes=number), terms=("openai",)))
                await receiver.received(number)
            workers: set[int] = set()

            def all_told() -> bool:
                workers.update(children(daemon.pid))
                return set(told(installation)) == {source["id"] for source in sources}

            await until(all_told, what="a word about each hostile server")
            assert 0 < peak(daemon.pid) < DAEMON_MB
            assert all(peak(worker) < WORKER_MB for worker in children(daemon.pid))
            assert workers, "deep and crowded pages are read by a process of their own"
            paper.publish(writer.piece(now + timedelta(minutes=3), terms=("openai",)))
            await receiver.received(3)
            assert paper_failures(installation) == 0
        said = told(installation)
    wrong = {name: said[f"h{name[:2]}"] for name, _, case, _ in served if not matches(case.told, said[f"h{name[:2]}"])}
    assert wrong == {}
    assert not any(alive(worker) for worker in workers)


def told(installation: Installation) -> dict[str, str]:
    """Return the last error of each hostile source that was polled."""
    rows = installation.rows(
        "SELECT id, last_error FROM source_state WHERE id LIKE 'h__' AND last_elapsed_ms IS NOT NULL"
    )
    return {row[0]: row[1] for row in rows}


def matches(wanted: str, said: str) -> bool:
    """Return whether the words stand in what was said, or nothing was to be said and nothing was."""
    return wanted in said if wanted else said == ""


def paper_was_read(installation: Installation) -> bool:
    lines = installation.log()
    return any(line["event"] == "source.polled" and line["source_id"] == "mediapen" for line in lines)


def paper_failures(installation: Installation) -> int:
    return int(installation.rows("SELECT failures FROM source_state WHERE id = 'mediapen'")[0][0])


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
