"""From a held notification to one message, through the steps."""

from __future__ import annotations

import json
from datetime import timedelta

from monitor.channels.words.compose import compose
from monitor.cluster.choice import WINDOW, choose
from monitor.model.article import Article
from monitor.model.hit import Hit, Match
from monitor.model.notification import Notification
from monitor.model.story import Signature
from monitor.model.task import Deliver, Flush
from monitor.store.write.article_store import ArticleStore, ArticleWrite
from tests.pipeline.app import START, App


async def hold(app: App, key: str, minutes: float) -> None:
    """Store an article whose alert waits."""
    told = Article(key, f"https://paper.example/{key}", "paper", f"오픈AI 소식 {key}", START)
    hit = Hit("openai", "OpenAI", "v1", (Match("openai", "오픈AI", "title", 0, 4, "오픈AI", "bare"),), "…")
    until = START + timedelta(minutes=minutes)
    notification = Notification("desk", "openai", group_key="morning", not_before=until)
    write = ArticleWrite(None, told, Signature(), (hit,))
    article_store = ArticleStore(app.database, choose, WINDOW)
    await article_store.commit(write, lambda _: [notification], compose, app.clock())


async def test_what_is_held_is_found_when_it_is_due_and_sent_as_one(app: App) -> None:
    await hold(app, "a", 10)
    await hold(app, "b", 10)
    await app.tick()
    assert app.post.sent == []
    app.clock.pass_(minutes=10)
    await app.tick()
    (sent,) = app.post.sent
    body = json.loads(sent.body)
    assert (body["type"], body["seq"], body["data"]["total"]) == ("digest", 1, 2)
    await app.tick()
    assert len(app.post.sent) == 1


async def test_a_flush_that_was_lost_is_found_again(app: App) -> None:
    await hold(app, "a", 10)
    app.clock.pass_(minutes=10)
    flush = Flush("desk", "morning")
    (following,) = [task async for task in app.steps(flush)]  # the process ends here: what follows is never done
    assert isinstance(following, Deliver)
    assert [task async for task in app.steps(flush)] == []
    await app.tick()
    assert [json.loads(sent.body)["type"] for sent in app.post.sent] == ["hit.created"]
