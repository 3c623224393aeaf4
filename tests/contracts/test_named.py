"""Names that the plan has no more and stored rows have, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.cluster.choice import choose
from monitor.model.notification import Notification
from monitor.store.db.database import Database
from monitor.store.read.queries import SqlReader
from monitor.store.write.article_store import ArticleStore
from monitor.store.write.source_store import SourceStore
from tests.contracts.invented import NOW, Finding, Reading, channel, hit, keep, later, plan, render
from tests.contracts.reports import signed, told


@pytest.mark.parametrize(
    ("kind", "name", "known"),
    [
        ("rule", "gone", True),
        ("rule", "gon", False),
        ("source", "left", True),
        ("source", "lef", False),
        ("channel", "desk", True),
        ("channel", "dsek", False),
        ("tag", "gone", False),
    ],
)
async def test_a_name_is_known_by_what_is_stored_of_it(
    db: Database, url: str, kind: str, name: str, *, known: bool
) -> None:
    await SourceStore(db).sync_plan(plan(channels=(channel(),)), NOW)
    read = told(1, "k1", NOW, "left")
    finding = Finding(hit("gone"), (Notification("desk", "gone"),))
    store = ArticleStore(db, choose, timedelta(days=3))
    await keep(store, Reading(None, read, signed(read).signature, (finding,)), render, NOW)
    await SourceStore(db).sync_plan(plan(version="v2"), later(60))
    with SqlReader(url) as reader:
        assert reader.is_stored(kind, name) is known
