"""Rules as people may write them, from the file through the daemon to the webhook."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import yaml

from tests.evidence import need_analyser
from tests.journeys.installation import Installation, source_of
from tests.replica.newspapers import Newsroom
from tests.replica.receiver import Receiver
from tests.replica.writer import Writer

pytestmark = pytest.mark.slow

TREE = {"any_of": ["@openai", {"term": "메타", "mode": "substr", "except": ["메타버스"]}], "none_of": ["광고"]}


def publish(paper: Newsroom, writer: Writer, when: datetime, *paragraphs: str) -> str:
    """Publish a piece with these paragraphs behind its own; return its title."""
    piece = writer.piece(when)
    paper.publish(replace(piece, paragraphs=(*piece.paragraphs, *paragraphs)))
    return piece.title


async def test_a_rule_written_as_a_tree_goes_the_whole_line(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    installation.write([source_of(paper)], [{"id": "rivals", "match": TREE, "channels": ["desk"]}])
    assert (await installation.command("run", "--once")).returncode == 0
    publish(paper, writer, now + timedelta(minutes=1), "메타버스 행사가 서울에서 열렸다.")
    publish(paper, writer, now + timedelta(minutes=2), "오픈AI가 광고를 냈다.")
    told = publish(paper, writer, now + timedelta(minutes=3), "메타가 메타버스 사업을 줄이고 오픈AI와 손을 잡는다.")
    done = await installation.command("run", "--once")
    assert done.returncode == 0, done.stderr
    (post,) = await receiver.received(1)
    data = json.loads(post.body)["data"]
    assert data["article"]["title"] == told
    assert [(match["term"], match["surface"]) for match in data["matches"]] == [("메타", "메타"), ("@openai", "오픈AI")]
    assert (await installation.command("run", "--once")).returncode == 0
    assert len(receiver.posts) == 1, "the rule did not change, so nothing is matched again"


async def test_the_analyser_works_in_the_daemon(
    installation: Installation, paper: Newsroom, receiver: Receiver, writer: Writer, now: datetime
) -> None:
    need_analyser()
    installation.write([source_of(paper)], [{"id": "harm", "match": "title:피해 OR body:피해", "channels": ["desk"]}])
    file = installation.config / "monitor.yaml"
    settings = yaml.safe_load(file.read_text("utf-8"))
    file.write_text(yaml.safe_dump(settings | {"analyser": "kiwi"}, allow_unicode=True), "utf-8")
    assert (await installation.command("run", "--once")).returncode == 0
    publish(paper, writer, now + timedelta(minutes=1), "배도 얼음을 피해 밖으로 나갔다.")
    told = publish(paper, writer, now + timedelta(minutes=2), "지진 피해 규모가 커졌다.")
    assert (await installation.command("run", "--once")).returncode == 0
    (post,) = await receiver.received(1)
    assert json.loads(post.body)["data"]["article"]["title"] == told
