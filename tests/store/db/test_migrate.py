"""The schema is brought up to date from anything that an older program may have left."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from monitor.cluster.choice import choose
from monitor.model.errors import SchemaError, StoreError
from monitor.model.health import Alarm, Bilingual, Day, HealthWrite, Notice, SourceProblem
from monitor.model.notification import Notification, Suppression
from monitor.model.records import HitQuery
from monitor.model.story import Signature
from monitor.store.db import migrate
from monitor.store.db.database import Database
from monitor.store.db.engines import open_writer, read_url
from monitor.store.db.migrate import revision, upgrade
from monitor.store.read.queries import SqlReader
from monitor.store.tables.schema import metadata
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from monitor.store.write.health_store import HealthStore
from tests.contracts.databases import PostgresFactory, SqliteFactory
from tests.contracts.invented import NOW, article, composed, finding, hit, keep, reading, render


def configured() -> Config:
    """Return Alembic's configuration, as the product makes it."""
    config = Config()
    config.set_main_option("script_location", str(migrate.folder()))
    return config


SCRIPTS = ScriptDirectory.from_config(configured())
HEAD = SCRIPTS.get_current_head()


@pytest.fixture
def bare(factory: SqliteFactory | PostgresFactory) -> str:
    """A database without tables."""
    return factory.empty()


@pytest.fixture
def engine(bare: str) -> Engine:
    """An engine on it."""
    return open_writer(read_url(bare))


def move(engine: Engine, target: str) -> None:
    """Take the schema up or down to a revision, as an older program would have left it."""
    config = configured()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        present = MigrationContext.configure(connection).get_current_revision() or ""
        (command.upgrade if present < target else command.downgrade)(config, target)
    engine.dispose()


def differences(connection: Connection) -> list[object]:
    """Return what autogenerate would still change; the text index is said in SQL alone."""

    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and str(name).startswith("search_index"))

    # Alembic takes DEFAULT '' in SQLite for a change; PostgreSQL, asked itself, knows better.
    defaults = connection.dialect.name == "postgresql"
    options = {"compare_type": True, "compare_server_default": defaults, "include_name": ours}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def test_a_new_database_gets_the_newest_schema(bare: str, engine: Engine) -> None:
    assert revision(bare) == ""
    assert upgrade(bare) == HEAD
    assert revision(bare) == HEAD
    assert upgrade(bare) == HEAD, "a second time changes nothing"
    with engine.connect() as connection:
        assert differences(connection) == []
        assert set(inspect(connection).get_table_names()) >= set(metadata.tables)
    engine.dispose()


def test_the_names_of_the_files_are_the_revisions() -> None:
    assert migrate.revisions() == [script.revision for script in SCRIPTS.walk_revisions()][::-1]


@pytest.mark.slow
def test_a_start_with_nothing_to_do_does_without_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/m.db"
    upgrade(url)
    program = (
        f"import sys; from monitor.store.db.migrate import upgrade; upgrade({url!r}); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_each_step_goes_up_and_down(bare: str, engine: Engine) -> None:
    steps = [script.revision for script in SCRIPTS.walk_revisions()]
    assert steps[0] == HEAD
    assert steps[-1] == "0001"
    for target in [*reversed(steps), *steps[1:], HEAD]:
        move(engine, str(target))
        assert revision(bare) == target
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


async def test_hits_of_an_older_program_are_kept_and_can_be_searched(bare: str, engine: Engine) -> None:
    upgrade(bare)
    db = Database(bare)
    article_store = ArticleStore(db, choose, timedelta(days=2))
    for number in range(3):
        await keep(article_store, reading(f"k{number}"), render, NOW)
    await db.aclose()
    move(engine, "0001")
    assert upgrade(bare) == HEAD
    with SqlReader(bare) as reader:
        assert len(reader.hits(HitQuery(text="서울"))) == 3
        assert len(reader.hits(HitQuery(text="K2"))) == 1


STORED = text("SELECT typeof(created_at) AS kind, created_at FROM hit ORDER BY id")


async def test_moments_of_an_older_program_are_the_same_moments(bare: str, engine: Engine) -> None:
    upgrade(bare)
    db = Database(bare)
    article_store = ArticleStore(db, choose, timedelta(days=2))
    for number, moment in enumerate((NOW, NOW + timedelta(microseconds=1), NOW.replace(hour=23, minute=59))):
        await keep(article_store, reading(f"k{number}"), render, moment)
    await db.aclose()
    with SqlReader(bare) as reader:
        before = reader.hits(HitQuery())
    move(engine, "0028")
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert [row.created_at for row in connection.execute(STORED)] == [
                "2026-11-05T02:32:16.000000Z", "2026-11-05T02:32:16.000001Z", "2026-11-05T23:59:16.000000Z",
            ]  # fmt: skip
            types = connection.execute(text("SELECT type FROM pragma_table_info('hit') WHERE name = 'created_at'"))
            assert types.scalar_one() == "VARCHAR(27)"
        engine.dispose()
    assert upgrade(bare) == HEAD
    with SqlReader(bare) as reader:
        assert reader.hits(HitQuery()) == before
    with engine.connect() as connection:
        assert connection.execute(text("SELECT DISTINCT day FROM article")).scalars().all() == ["2026-11-05"]
        if engine.dialect.name == "sqlite":
            declared = {
                row.type
                for table in inspect(connection).get_table_names()
                for row in connection.exec_driver_sql(f"PRAGMA table_info({table})")
            }
            assert "TIMESTAMP" in declared
            assert "VARCHAR(27)" not in declared
            assert [row.created_at for row in connection.execute(STORED)] == [
                "2026-11-05 02:32:16.000000", "2026-11-05 02:32:16.000001", "2026-11-05 23:59:16.000000",
            ]  # fmt: skip
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    engine.dispose()


async def tell_and_hold(url: str) -> None:
    """Store what is told, held and suppressed, and an event."""
    db = Database(url)
    article_store = ArticleStore(db, choose, timedelta(days=2))
    await keep(article_store, reading("sent", finding("openai", "desk", "night")), render, NOW)
    await keep(article_store, reading("kept", finding(suppressed=Suppression.REMATCH)), render, NOW)
    hold = Notification("desk", "openai", group_key="g", not_before=NOW)
    write = ArticleWrite(None, article("held"), Signature(), (hit(),))
    await article_store.commit(write, lambda _: [hold], composed(render), NOW)
    alarm = Alarm(SourceProblem.STALE, NOW, Bilingual("s", "봄"), Bilingual("a", "조치"))
    notice = Notice(broken=True, alarm=alarm, at=NOW, source_id="herald", source_name="한빛")
    judged = HealthWrite({}, None, NOW, None, (notice,), Day("", 0, 0))
    everybody = [Notification("desk"), Notification("night"), Notification("off", suppressed=Suppression.DISABLED)]
    await HealthStore(db).examine("herald", lambda *_: judged, lambda *_: everybody, composed(render))
    await db.aclose()


async def test_what_was_told_and_what_was_not_comes_through_both_ways(bare: str, engine: Engine) -> None:
    upgrade(bare)
    await tell_and_hold(bare)

    def listed() -> list[tuple[object, ...]]:
        with SqlReader(bare) as reader:
            return sorted(
                (row.id, row.channel_id, row.seq, row.state, row.reason, row.title) for row in reader.deliveries()
            )

    before = listed()
    assert len(before) == 7
    move(engine, "0009")
    with engine.connect() as connection:
        states = connection.execute(text("SELECT state, reason FROM delivery ORDER BY state, reason")).all()
        assert [tuple(row) for row in states] == [("pending", "")] * 4 + [
            ("suppressed", "held"),
            ("suppressed", "rematch"),
        ]
        links = connection.execute(text("SELECT count(*) FROM delivery_hit JOIN delivery ON id = delivery_id")).scalar()
        assert links == 4
    engine.dispose()
    assert upgrade(bare) == HEAD
    known = {row[0]: row for row in before}
    after = listed()
    assert len(after) == 6, "an event that nobody was told of is no delivery of the older program"
    for row in after:
        was = known[row[0]]
        assert row == (*was[:3], "suppressed", "held", was[5]) if was[3] == "held" else row == was
    with engine.connect() as connection:
        events = connection.execute(
            text("SELECT count(*), count(DISTINCT event_id) FROM notification WHERE hit_id IS NULL")
        )
        assert tuple(events.one()) == (2, 1), "one event, told to two channels"
    engine.dispose()


def test_a_database_of_a_newer_program_is_refused_and_left_alone(bare: str, engine: Engine) -> None:
    upgrade(bare)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(SchemaError, match=f"9999.*{HEAD}"):
        upgrade(bare)
    assert revision(bare) == "9999"


@pytest.mark.slow
def test_processes_that_start_at_once_do_not_meet(bare: str) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        assert pool.map(upgrade, [bare] * 3) == [HEAD] * 3


def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "a b" / "100%" / "뉴스#.db"
    assert upgrade(f"sqlite:///{path}") == HEAD
    assert path.is_file()


def test_migrations_are_found_beside_or_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (migrate.folder() / "versions" / "0001_tables.py").is_file()
    package = tmp_path / "site" / "monitor"
    (package / "store" / "db").mkdir(parents=True)
    monkeypatch.setattr(migrate, "__file__", str(package / "store" / "db" / "migrate.py"))
    with pytest.raises(StoreError, match="migrations are missing"):
        migrate.folder()
    (package / "_migrations").mkdir()
    (package / "_migrations" / "env.py").touch()
    assert migrate.folder() == (package / "_migrations").resolve()


def test_what_is_no_database_is_a_store_error(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    path.write_bytes(b"no database at all, but long enough to be polled" * 100)
    for use in (upgrade, revision):
        with pytest.raises(StoreError, match="not a database"):
            use(f"sqlite:///{path}")
