"""monitor db upgrade, on a real database."""

from __future__ import annotations

from tests.cli.conftest import App


def test_a_database_is_made_and_left_alone_afterwards(app: App) -> None:
    first, second = app("db", "upgrade"), app("db", "upgrade")
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out
    assert first.out.startswith("the database has this program's schema: ")
    assert app("hits").out == ""


def test_a_database_of_a_newer_program_is_refused_in_one_line(app: App) -> None:
    import sqlite3  # noqa: PLC0415 - this test alone looks at the file from outside

    app("db", "upgrade")
    with sqlite3.connect(app.installation.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    outcome = app("db", "upgrade")
    assert outcome.code == 1
    assert outcome.err.startswith("monitor: ")
    assert outcome.err.count("\n") == 1
