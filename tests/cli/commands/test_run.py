"""monitor run: the exit codes of real processes. What it does in between stands in tests/journeys."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from monitor.channels.words.compose import compose
from monitor.service import lock
from monitor.service.configuration import read
from monitor.service.wiring import owner_prefix
from monitor.store.db.database import Database
from monitor.store.write.outbox import Outbox
from tests.cli.conftest import SOURCES, App

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
    ((state, attempts),) = stocked.installation.rows("SELECT state, attempts FROM delivery WHERE id = ?", message)
    assert (state, attempts) == ("pending", 2), "tried once more, in vain: nobody listens there"
