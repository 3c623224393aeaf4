"""monitor run: the exit codes of real processes. What it does in between stands in tests/journeys."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.channels.words.compose import compose
from monitor.service import lock
from monitor.service.configuration import read
from monitor.service.wiring import owner_prefix
from monitor.store.db.database import Database
from monitor.store.db.engines import open_writer, read_url
from monitor.store.write.outbox import Outbox
from tests.cli.conftest import SOURCES, App
from tests.journeys.installation import ROOT
from tests.store.db.test_migrate import move

pytestmark = pytest.mark.slow


def test_a_source_that_cannot_be_polled_makes_it_partial(app: App) -> None:
    done = app.installation.monitor("run", "--once", "--log-format", "json")
    assert done.returncode == 3
    assert '"event": "source.failed"' in done.stderr.replace('":"', '": "')
    assert "Traceback" not in done.stderr
    assert app("hits").code == 0


def test_nothing_to_poll_is_well(app: App) -> None:
    app.installation.write([SOURCES[0] | {"enabled": False}])
    done = app.installation.monitor("run", "--once")
    assert done.returncode == 0, done.stderr


def test_a_second_one_on_the_same_folder_is_refused(app: App) -> None:
    with lock.hold(app.installation.folder / "data"):
        done = app.installation.monitor("run", "--once")
    assert (done.returncode, done.stdout) == (75, "")
    assert done.stderr.startswith("monitor: another monitor is running on this data folder")
    assert done.stderr.count("\n") == 1


def test_a_broken_configuration_starts_nothing(app: App) -> None:
    app.rules("rules: 7\n")
    done = app.installation.monitor("run")
    assert done.returncode == 2
    assert "rules.yaml:1:" in done.stderr
    assert not app.installation.database.exists()


def test_a_database_of_a_newer_program_is_refused_with_a_code_of_its_own(app: App) -> None:
    app("db", "upgrade")
    with closing(sqlite3.connect(app.installation.database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for words in (("run",), ("run", "--once"), ("db", "upgrade")):
        done = app.installation.monitor(*words)
        assert (done.returncode, done.stdout) == (76, "")
        assert done.stderr.startswith("monitor: the database has schema 9999")
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("folder", ["nowhere", "./a/../nowhere", "뉴스 폴더"])
def test_without_a_configuration_it_says_where_it_looked_and_what_makes_one(app: App, folder: str) -> None:
    for words in (("run",), ("hits",)):
        done = app.installation.monitor(*words, "--config", folder)
        assert (done.returncode, done.stdout) == (78, "")
        assert f"no configuration in {(ROOT / folder).absolute()}" in done.stderr
        assert "`monitor init` makes one" in done.stderr
        assert done.stderr.count("\n") == 1


def test_what_it_makes_is_for_its_own_account(app: App, tmp_path: Path) -> None:
    fresh = replace(app.installation, folder=tmp_path / "fresh", database_url=f"sqlite:///{tmp_path}/other/monitor.db")
    fresh.write([SOURCES[0] | {"enabled": False}])
    fresh.monitor("run", "--once", check=True)
    made = (fresh.folder / "data", tmp_path / "other")
    assert [stat.S_IMODE(path.stat().st_mode) for path in made] == [0o700, 0o700]


def test_the_log_says_where_the_copy_lies_that_an_upgrade_made(stocked: App) -> None:
    stocked.installation.write([SOURCES[0] | {"enabled": False}])
    move(open_writer(read_url(f"sqlite:///{stocked.installation.database}")), "0012")
    done = stocked.installation.monitor("run", "--once", "--log-format", "json", check=True)
    (line,) = [line for line in map(json.loads, done.stderr.splitlines()) if line["event"] == "backup.made"]
    with closing(sqlite3.connect(line["file"])) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0012",)]
        assert connection.execute("SELECT count(*) FROM hit").fetchall() == [(3,)]
    again = stocked.installation.monitor("run", "--once", "--log-format", "json", check=True)
    assert "backup" not in again.stderr


def test_an_unknown_log_format_is_wrong_usage(app: App) -> None:
    assert app("run", "--log-format", "xml").code == 2


def test_what_a_process_that_died_was_sending_is_sent_by_the_next_at_once(stocked: App) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    message = stocked.deliveries()["dead"]
    settings = read(stocked.installation.config, stocked.installation.environ).loaded.settings

    async def die_with_it() -> None:
        database = Database(f"sqlite:///{stocked.installation.database}")
        outbox = Outbox(database)
        await outbox.replay([message], compose, long_ago)
        assert await outbox.claim_delivery(message, f"{owner_prefix(settings)}gone", long_ago, timedelta(days=365_000))
        await database.aclose()

    asyncio.run(die_with_it())
    stocked.installation.write([SOURCES[0] | {"enabled": False}])
    stocked.installation.monitor("run", "--once", check=True)
    tried = "SELECT state, attempts, last_error <> '' FROM delivery WHERE id = ?"
    # The files have another address than the plan that was in force: there its attempts count anew.
    assert stocked.installation.rows(tried, message) == [("pending", 1, 1)], "tried, in vain: nobody listens there"
