"""What is stored for the tests of the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.cluster.choice import choose
from monitor.model.notification import Notification, Suppression
from monitor.service.clock import utc_now
from monitor.store.db.database import Database
from monitor.store.write.article_store import ArticleStore
from tests.contracts.invented import Finding, Reading, hit, keep, render
from tests.contracts.reports import signed, told

ARTICLES = 23
HOSTILE = '<script>alert("1")</script> \u202eطارئ\u2069 오픈AI 🇰🇷 \x1b[31m' + "가" * 240


async def stock(url: str, first: str = "openai") -> None:
    """Store articles, each with a hit of the rule `first`, every third with two, the last with a hostile title."""
    database, now = Database(url), utc_now()
    store = ArticleStore(database, choose, timedelta(days=3))
    for number in range(ARTICLES):
        read = told(number, f"k{number}", now - timedelta(hours=ARTICLES - number), ("herald", "daily")[number % 2])
        if number == ARTICLES - 1:
            read = replace(read, title=HOSTILE)
        rules = [first, "seoul"] if number % 3 == 0 else [first]
        reason = Suppression.BASELINE if number < 5 else None
        findings = tuple(Finding(hit(one), (Notification("desk", one, reason),)) for one in rules)
        await keep(
            store,
            Reading(None, read, signed(read).signature, findings),
            render,
            now - timedelta(hours=ARTICLES - number),
        )
    await database.aclose()
