"""What was stored last of a source, as it was read."""

from __future__ import annotations

from monitor.model.story import Signature
from monitor.store.read.queries import SqlReader
from monitor.store.write.article_store import ArticleStore
from tests.contracts.invented import Finding, Reading, article, hit, keep, later, render


async def test_the_newest_of_a_source_come_first_with_their_hits(article_store: ArticleStore, url: str) -> None:
    for number, source in enumerate(("herald", "daily", "herald", "herald")):
        read = article(f"k{number}", source_id=source, field_sources={"body": "generic", "confidence": "0.8"})
        found = (Finding(hit(), ()),) if number == 2 else ()
        await keep(article_store, Reading(None, read, Signature(), found), render, later(number))
    reader = SqlReader(url)
    try:
        newest, before = reader.latest_articles("herald", 2)
        assert (newest.article.key, before.article.key) == ("k3", "k2")
        assert (newest.hits, before.hits, before.stored_at) == (0, 1, later(2))
        assert (newest.confidence, newest.article.field_sources["body"]) == (0.8, "generic")
        assert reader.latest_articles("none", 2) == ()
    finally:
        reader.close()
