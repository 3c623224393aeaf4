"""What is shipped for Datasette knows the views and cuts words as the index does."""

from __future__ import annotations

import importlib.util
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.cluster.choice import choose
from monitor.store.db.database import Database
from monitor.store.db.migrate import upgrade
from monitor.store.tables.fulltext import wanted_words
from monitor.store.tables.views import COLUMNS
from monitor.store.write.article_store import ArticleStore
from tests.contracts.invented import NOW, keep, reading, render

FOLDER = Path(__file__).parents[3] / "docs" / "datasette"
SHIPPED = yaml.safe_load((FOLDER / "metadata.yaml").read_text("utf-8"))["databases"]["monitor"]
BOX = "SELECT rowid FROM search_index WHERE search_index MATCH escape_fts(:search)"
"""How Datasette asks for what its search box holds (datasette/filters.py)."""


@pytest.fixture(scope="module")
def plugin() -> Iterator[ModuleType]:
    """The plugin; Datasette itself is not installed here, and of it the plugin needs a decorator alone."""
    datasette = ModuleType("datasette")
    datasette.hookimpl = lambda **_: lambda hook: hook  # type: ignore[attr-defined]
    before = sys.modules.get("datasette")
    sys.modules["datasette"] = datasette
    spec = importlib.util.spec_from_file_location("monitor_sql", FOLDER / "plugins" / "monitor_sql.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("datasette")
    if before is not None:
        sys.modules["datasette"] = before


@given(
    text=st.text(alphabet=st.sampled_from("오픈카가AIaß１1 ﬁ-,.\u1100\u1161漢あ'\"\0"), max_size=12)
    | st.text(max_size=12)
)
def test_the_plugin_cuts_words_as_the_index_does(plugin: ModuleType, text: str) -> None:
    assert plugin.search(text) == (wanted_words("sqlite", text, ()) or plugin.search(""))


async def test_the_search_box_and_every_query_work(plugin: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    upgrade(f"sqlite:///{path}")
    db = Database(f"sqlite:///{path}")
    for number in range(3):
        await keep(ArticleStore(db, choose, timedelta(days=2)), reading(f"k{number}"), render, NOW)
    await db.aclose()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        plugin.prepare_connection(connection)
        found = {
            words: len(connection.execute(BOX, {"search": words}).fetchall())
            for words in ("오픈AI", "사무", "k1", "카카오", "?", "'\"*")
        }
        assert found == {"오픈AI": 3, "사무": 3, "k1": 1, "카카오": 0, "?": 0, "'\"*": 0}
        values = {"q": "오픈AI", "rule": "openai"}
        shown = {
            name: connection.execute(query["sql"], values).fetchall() for name, query in SHIPPED["queries"].items()
        }
        assert len(shown["search"]) == 3
        assert shown["search"][0][0] == "2026-11-05 11:32:16 KST"
        assert shown["words_of_a_rule"] == [("오픈AI", "body", 3)]


def test_the_metadata_describe_every_view_and_column() -> None:
    assert {name: shown["columns"] for name, shown in SHIPPED["tables"].items()} == {
        name: dict(columns) for name, columns in COLUMNS.items()
    }
    for name, shown in SHIPPED["tables"].items():
        assert set(shown.get("units", ())) == {column for column in COLUMNS[name] if column.endswith("_ms")}
        assert "fts_pk" not in shown or shown["fts_pk"] in COLUMNS[name]
