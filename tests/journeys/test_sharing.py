"""Two daemons on one database: refused on a file, said on a server; and what is taken from under a daemon is named."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.service.daemon import REPLACED
from tests.contracts.databases import PostgresFactory, postgres_server
from tests.journeys.installation import Installation, until
from tests.journeys.test_daemon import events, started
from tests.patience import PATIENCE
from tests.replica.newspapers import Newsroom
from tests.replica.receiver import Receiver

pytestmark = pytest.mark.slow


def beside(installation: Installation, database_url: str) -> Installation:
    """Return another installation on the same database, its data folder its own."""
    return Installation(installation.folder / "second", webhook=installation.webhook, database_url=database_url)


async def test_a_second_daemon_on_a_database_file_is_refused_whatever_its_data_folder(
    installation: Installation, paper: Newsroom
) -> None:
    link = installation.folder / "link.db"
    link.symlink_to(installation.database)
    async with installation.running() as process:
        await started(installation)
        for path in (installation.database, link):
            second = beside(installation, f"sqlite:///{path}")
            second.watch(paper)
            for words in (("run",), ("run", "--once")):
                refused = await second.command(*words)
                assert refused.returncode == 75
                assert f"running on the database {path}" in refused.stderr
                assert f"pid {process.pid}, data folder {installation.folder / 'data'}" in refused.stderr
            asked = await second.command("doctor", "--quick")
            assert asked.returncode == 1
            (line,) = [line for line in asked.stdout.splitlines() if line.startswith("FAIL daemon")]
            assert f"pid {process.pid} with the data folder {installation.folder / 'data'}" in line
            assert f"MONITOR_DATA_DIR={installation.folder / 'data'}" in line
        own = await installation.command("doctor", "--quick")
        assert own.returncode == 0, own.stdout
    done = await second.command("run", "--once")
    assert done.returncode == 0, done.stderr


def move_folder(installation: Installation) -> Path:
    data = installation.folder / "data"
    data.rename(installation.folder / "moved")
    return data


def remove_folder(installation: Installation) -> Path:
    data = installation.folder / "data"
    shutil.rmtree(data)
    return data


def remove_lock(installation: Installation) -> Path:
    lock = installation.folder / "data" / "monitor.lock"
    lock.unlink()
    return lock


def exchange_lock(installation: Installation) -> Path:
    lock = installation.folder / "data" / "monitor.lock"
    lock.unlink()
    lock.write_text("1\n", "utf-8")
    return lock


def remove_database(installation: Installation) -> Path:
    installation.database.unlink()
    return installation.database


@pytest.mark.parametrize("take", [move_folder, remove_folder, remove_lock, exchange_lock, remove_database])
async def test_what_is_taken_from_under_a_daemon_is_named_and_ends_it(
    installation: Installation, take: Callable[[Installation], Path]
) -> None:
    process = installation.start()
    try:
        await started(installation)
        gone = take(installation)
        assert await asyncio.to_thread(process.wait, PATIENCE) == REPLACED
    finally:
        process.kill()
    (line,) = [line for line in installation.log() if line["event"] == "data.replaced"]
    assert f" {gone} is gone" in line["problem"]
    assert "start it again" in line["action"]


@pytest.fixture
def server() -> Iterator[PostgresFactory]:
    """A server of our own."""
    with postgres_server() as factory:
        yield factory


@pytest.mark.postgres
async def test_daemons_that_share_a_server_say_so_and_different_plans_are_a_fault(
    installation: Installation, paper: Newsroom, receiver: Receiver, server: PostgresFactory
) -> None:
    with server.lent() as url:
        first = Installation(installation.folder / "first", webhook=receiver.url, database_url=url)
        second = beside(installation, url)
        for one in (first, second):
            one.watch(paper)
        async with first.running() as process:
            await started(first)
            assert "database.shared" not in events(first)
            async with second.running() as other:
                await until(lambda: "database.shared" in events(second), what="a line about the other daemon")
                (line,) = [line for line in second.log() if line["event"] == "database.shared"]
                assert f"pid {process.pid} on " in line["problem"]
                assert "same configuration" in line["action"]
                for one, pid in ((first, other.pid), (second, process.pid)):
                    told = await one.command("doctor", "--quick")
                    assert told.returncode == 0, told.stdout
                    assert f"; pid {pid} on {os.uname().nodename[:26]}" in told.stdout
                second.aliases = {"openai": ["OpenAI"]}
                second.watch(paper)
                assert (await second.command("reload")).returncode == 0
                torn = await first.command("doctor")
                assert torn.returncode == 1
                (fault,) = [line for line in torn.stdout.splitlines() if line.startswith("FAIL plan")]
                assert f"pid {other.pid} on " in fault
                assert "the same configuration" in fault
            alone = await first.command("doctor", "--quick")
            assert "another data folder" not in alone.stdout, "the server forgets who ended"
