"""monitor db upgrade, on a real database."""

from __future__ import annotations

from pathlib import Path

from monitor.store.db.engines import open_writer, read_url
from monitor.store.db.migrate import revision
from tests.cli.conftest import App
from tests.store.db.test_migrate import move


def test_a_database_is_made_and_left_alone_afterwards(app: App) -> None:
    first, second = app("db", "upgrade"), app("db", "upgrade")
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out
    assert first.out.startswith("the database has this program's schema: ")
    assert app("hits").out == ""


def test_a_copy_is_made_by_an_upgrade_and_on_demand(stocked: App, tmp_path: Path) -> None:
    database = f"sqlite:///{stocked.installation.database}"
    move(open_writer(read_url(database)), "0011")
    first = stocked("db", "upgrade")
    assert first.code == 0
    backup, schema = first.out.splitlines()
    assert backup.startswith(f"backup: {tmp_path}/data/backups/monitor-0011-")
    assert schema.startswith("the database has this program's schema: ")
    move(open_writer(read_url(database)), "0011")
    assert stocked("db", "upgrade", "--no-backup").out.count("\n") == 1
    assert len(list((tmp_path / "data" / "backups").iterdir())) == 1
    for words in ((), (str(tmp_path / "copy.db"),)):
        made = stocked("db", "backup", *words)
        assert made.code == 0
        assert revision(f"sqlite:///{made.out.strip()}") == revision(database)
    refused = stocked("db", "backup", str(tmp_path / "copy.db"))
    assert (refused.code, refused.err) == (1, f"monitor: {tmp_path}/copy.db is there already; name another file\n")


def test_a_database_of_a_newer_program_is_refused_in_one_line(app: App) -> None:
    import sqlite3  # noqa: PLC0415 - this test alone looks at the file from outside

    app("db", "upgrade")
    with sqlite3.connect(app.installation.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    outcome = app("db", "upgrade")
    assert outcome.code == 76
    assert outcome.err.startswith("monitor: ")
    assert outcome.err.count("\n") == 1
