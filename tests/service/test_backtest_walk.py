"""When it was decided, or would have been, whom to tell of a stored article."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.article import Article
from monitor.service.backtest_walk import decided_at
from monitor.store.read.stored_articles import ArticlePast, BroughtBy

STORED = datetime(2026, 11, 3, tzinfo=UTC)
LATER, LATEST = STORED + timedelta(minutes=5), STORED + timedelta(hours=5)


@pytest.mark.parametrize(
    ("source", "done_at", "met", "at"),
    [
        pytest.param("herald", STORED, {}, STORED, id="its own source, read at once"),
        pytest.param("herald", None, {}, STORED, id="its page was never read"),
        pytest.param("herald", LATER, {"chip": STORED}, STORED, id="the headline met it, the page came later"),
        pytest.param("herald", LATER, {"chip": LATER}, LATER, id="the page met it"),
        pytest.param("herald", LATER, {"other": LATER}, STORED, id="the page met another rule"),
        pytest.param("herald", LATER, {"chip": LATEST}, STORED, id="a rematch found it"),
        pytest.param("daily", LATER, {}, LATER, id="a further source brought it"),
        pytest.param("daily", LATER, {"chip": LATEST}, LATER, id="a further source, found by a rematch"),
    ],
)
def test_the_moment_of_a_decision(
    source: str, done_at: datetime | None, met: dict[str, datetime], at: datetime
) -> None:
    article = Article("k", "https://news.example/k", "herald", "반도체", STORED)
    brought = BroughtBy(source, baseline=False, done_at=done_at, listed_at=None)
    hits = {(rule, source): moment for rule, moment in met.items()}
    past = ArticlePast(1, article, STORED, "s", compared=True, readings=(brought,), met=hits)
    assert decided_at(past, brought, "chip") == at
