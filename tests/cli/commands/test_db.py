"""monitor db upgrade, on a real database."""

from __future__ import annotations

from tests.cli.conftest import App


def test_a_database_is_made_and_left_alone_afterwards(house: App) -> None:
    first, second = house("db", "upgrade"), house("db", "upgrade")
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out != "\n"
    assert house("hits").out == ""


def test_a_database_of_a_newer_program_is_refused_in_one_line(house: App) -> None:
    import sqlite3  # noqa: PLC0415 - this test alone looks at the file from outside

    house("db", "upgrade")
    with sqlite3.connect(house.installation.database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    told = house("db", "upgrade")
    assert told.code == 1
    assert told.err.startswith("monitor: ")
    assert told.err.count("\n") == 1
