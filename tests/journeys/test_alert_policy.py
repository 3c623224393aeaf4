"""A real daemon, real receivers: an article that meets two rules, told once where people read and twice where programs do."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import yaml

from tests.journeys.installation import Installation, source_of, until
from tests.replica.newspapers import Newsroom
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow
RULES = [
    {"id": name, "name": name, "match": f"@{name}", "channels": ["desk", "team", "night"]}
    for name in ("openai", "deepseek")
]


def channels(installation: Installation, paper: Newsroom, **night: object) -> None:
    """Write a webhook, a chat, and a chat that hears later; all at the one receiver."""
    installation.write([source_of(paper)], RULES)
    path = installation.config / "channels.yaml"
    read: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    (desk,) = read["channels"]
    chat = {"kind": "mattermost", "url": desk["url"]}
    read["channels"] += [{"id": "team", **chat, "lang": "en"}, {"id": "night", **chat, **night}]
    path.write_text(yaml.safe_dump(read, allow_unicode=True), "utf-8")


async def test_one_article_is_one_card_for_people_and_a_message_for_each_hit_for_programs(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    channels(installation, paper, group={"wait": "2s"})
    async with installation.running():
        await until(lambda: any(line["event"] == "source.polled" for line in installation.log()), what="a first poll")
        paper.publish(writer.piece(now - timedelta(minutes=5), terms=("openai", "deepseek")))
        await receiver.received(4)
        held = "SELECT count(*) FROM notification WHERE channel_id = 'night' AND state = 'held'"
        assert installation.rows(held) in ([(2,)], [(0,)]), "both wait together, or have gone"
    bodies: list[dict[str, Any]] = [json.loads(post.body) for post in receiver.posts]
    programs = [body for body in bodies if "type" in body]
    people = [body for body in bodies if "type" not in body]
    assert sorted(body["data"]["rule"]["id"] for body in programs) == ["deepseek", "openai"]
    assert len(people) == 2
    for card in people:
        shown = json.dumps(card, ensure_ascii=False)
        assert "openai" in shown
        assert "deepseek" in shown
    told = installation.rows(
        "SELECT channel_id, count(*), count(DISTINCT delivery_id) FROM notification GROUP BY 1 ORDER BY 1"
    )
    assert told == [("desk", 2, 2), ("night", 2, 1), ("team", 2, 1)]
