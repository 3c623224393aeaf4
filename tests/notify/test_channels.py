"""What the operator is told of a channel says why, with the receiver's words, and what to do, in both languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from monitor.channels.words.compose import compose
from monitor.channels.words.edition import read_card
from monitor.model.delivery import MessageDraft
from monitor.model.operator import OperatorNotice
from monitor.model.plan import Channel
from monitor.notify.channels import channel_disabled, channel_enabled

NOW = datetime(2026, 11, 5, 2, 32, 16, tzinfo=UTC)
TEAM = Channel("team", "slack", "https://hooks.example/team")


def disabled(status: int | None, answer: str, lasted: timedelta) -> OperatorNotice:
    return channel_disabled(TEAM, NOW, status=status, answer=answer, lasted=lasted)


@pytest.mark.parametrize(
    ("notice", "english", "korean"),
    [
        (
            disabled(410, "410: bye", timedelta()),
            "wants no more messages: 410: bye",
            "받지 않겠다고 답했습니다: 410: bye",
        ),
        (
            disabled(404, "404: no_team", timedelta(minutes=75)),
            "has refused every message for 1 h: 404: no_team",
            "1시간째 모든 메시지를 거부합니다: 404: no_team",
        ),
        (
            disabled(None, "connect: refused", timedelta(days=5)),
            "has taken nothing for 5 days: connect: refused",
            "5일째 아무 메시지도 받지 않습니다: connect: refused",
        ),
    ],
)
def test_a_channel_that_is_shut_says_why(notice: OperatorNotice, english: str, korean: str) -> None:
    assert english in notice.summary.en
    assert korean in notice.summary.ko
    assert "monitor channels open team" in notice.action.en
    assert "monitor channels open team" in notice.action.ko
    assert notice.channel_id == "team"


@pytest.mark.parametrize(
    "notice", [disabled(404, "404: \u202eno", timedelta(hours=1)), channel_enabled("team", "slack", NOW, 3)]
)
def test_its_message_keeps_to_its_schema_and_makes_a_card(notice: OperatorNotice) -> None:
    body = compose(MessageDraft(7, NOW, (notice,)))
    schema = files("monitor.channels.words").joinpath(f"{notice.type}.schema.json").read_text("utf-8")
    Draft202012Validator(json.loads(schema)).validate(json.loads(body))
    assert "\u202e" not in body.decode()
    card = read_card(body, "Asia/Seoul")
    assert "team (slack)" in card.title


def test_events_of_all_kinds_make_one_digest() -> None:
    notices = (disabled(410, "410", timedelta()), channel_enabled("team", "slack", NOW, 3))
    body = compose(MessageDraft(7, NOW, notices))
    assert [item["type"] for item in json.loads(body)["data"]["items"]] == ["channel.disabled", "channel.enabled"]
    assert "2" in read_card(body, "Asia/Seoul").label
