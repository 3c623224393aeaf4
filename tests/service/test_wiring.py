"""What the daemon runs is wired with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.cluster.choice import WINDOW, choose
from monitor.model.delivery import Delivery, Outcome
from monitor.model.event import Event
from monitor.model.plan import Channel
from monitor.model.task import Deliver
from monitor.service import wiring
from monitor.service.configuration import read
from monitor.service.current_plan import CurrentPlan, prepare
from monitor.service.wiring import ShutdownFlag, build
from monitor.store.db.migrate import upgrade
from monitor.store.write.article_store import ArticleStore
from tests.contracts.invented import NOW, keep, reading, render

FILES = {
    "monitor": "deliver: {timeout: 40s}\n",
    "sources": "sources:\n  - {id: paper, kind: list, url: 'https://paper.example/list', every: 5m}\n",
    "rules": "rules:\n  - {id: openai, match: 오픈AI, channels: [desk]}\n",
    "channels": "channels:\n  - {id: desk, kind: webhook, url: 'https://hooks.example/in'}\n",
}


class Silent:
    """A receiver that never answers."""

    def __init__(self, _client: object) -> None:
        self.asked = asyncio.Event()

    async def send(self, _delivery: Delivery, _channel: Channel, _now: object) -> Outcome:
        self.asked.set()
        await asyncio.Event().wait()
        raise AssertionError("nobody answers")

    async def edit(self, _delivery: Delivery, _channel: Channel, _now: object, _receipt: str) -> Outcome:
        raise AssertionError("nothing is edited")


class Deaf:
    """Hears nothing."""

    def report(self, _event: Event) -> None:
        pass


async def test_nobody_else_sends_a_message_while_its_attempt_may_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in FILES.items():
        (tmp_path / f"{name}.yaml").write_text(text, "utf-8")
    prepared = prepare(read(tmp_path, {"MONITOR_DATABASE_URL": f"sqlite:///{tmp_path}/monitor.db"}))
    upgrade(prepared.settings.database)
    silent = Silent(None)
    sender: Callable[[object], Silent] = lambda _client: silent  # noqa: E731
    monkeypatch.setattr(wiring, "ChannelSender", sender)
    parts = build(prepared.settings, CurrentPlan(prepared), Deaf(), ShutdownFlag(), lambda: NOW)
    try:
        article_store = ArticleStore(parts.database, choose, WINDOW)
        (message,) = (await keep(article_store, reading(), render, NOW)).deliveries
        parts.engine.submit(Deliver(message))
        await asyncio.wait_for(silent.asked.wait(), 20)
        assert await parts.stores.outbox.due_deliveries(NOW + timedelta(seconds=40), 9) == ()
        assert await parts.stores.outbox.due_deliveries(NOW + timedelta(seconds=200), 9) == (message,), (
            "if it never ends"
        )
    finally:
        await parts.engine.drain(0.0)
        await parts.aclose()
