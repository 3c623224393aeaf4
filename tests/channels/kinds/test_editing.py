"""Kinds that edit: what a message is known by, the request that changes it, and what the services answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.editing import LONGEST
from monitor.channels.kind import EditingKind, PostRequest
from monitor.channels.registry import CHANNEL_KINDS, can_edit
from monitor.channels.words.render import render
from monitor.model.delivery import Delivery, Verdict
from monitor.model.errors import InvalidValueError, MessageError
from monitor.model.kind import Written
from monitor.model.page import Response
from monitor.model.plan import Channel
from tests.channels.kinds.receivers import receiver_of
from tests.channels.samples import CONTEXT, NOW, answered, posted, sending

TOKEN = "xoxb-17-canary"
POST, ROOM = "a" * 26, "b" * 26
CHANNELS: Mapping[str, Channel] = {
    "discord": Channel("desk", "discord", "https://discord.com/api/webhooks/7/canary?thread_id=9"),
    "telegram": Channel(
        "desk", "telegram", "https://api.telegram.org/bot7:canary/sendMessage", options=(("to", "@news"),)
    ),
    "slack": Channel(
        "desk",
        "slack",
        "https://slack.com/api/chat.postMessage",
        options=(("to", "#news"),),
        private=(("token", TOKEN),),
    ),
    "mattermost": Channel(
        "desk",
        "mattermost",
        "https://chat.example/mm/api/v4/posts",
        options=(("to", ROOM),),
        private=(("token", "canarytoken"),),
    ),
}
ANSWERS: Mapping[str, tuple[dict[str, Any], str]] = {  # what the service says to a message, and what of it is kept
    "discord": ({"id": "1322", "type": 0, "content": "…"}, "1322"),
    "telegram": ({"ok": True, "result": {"message_id": 41, "chat": {"id": -1007, "type": "channel"}}}, "-1007 41"),
    "slack": (
        {"ok": True, "channel": "C024BE91L", "ts": "1503435956.000247", "message": {}},
        "C024BE91L 1503435956.000247",
    ),
    "mattermost": ({"id": POST, "channel_id": ROOM, "message": "…"}, POST),
}
CHANGED: Mapping[str, tuple[str, str, dict[str, Any]]] = {
    "discord": ("PATCH", "https://discord.com/api/webhooks/7/canary/messages/1322?thread_id=9", {}),
    "telegram": ("POST", "https://api.telegram.org/bot7:canary/editMessageText", {"chat_id": -1007, "message_id": 41}),
    "slack": ("POST", "https://slack.com/api/chat.update", {"channel": "C024BE91L", "ts": "1503435956.000247"}),
    "mattermost": ("PUT", f"https://chat.example/mm/api/v4/posts/{POST}/patch", {}),
}
KINDS = sorted(CHANNELS)
BODY = render(CONTEXT, 17)


def message(attempt: int = 1) -> Delivery:
    return Delivery("0193-delivery", "desk", 17, BODY, attempt, "test", NOW)


def edited(kind: str, attempt: int = 1) -> PostRequest:
    editing = CHANNEL_KINDS[kind]
    assert isinstance(editing, EditingKind)
    return editing.edit(message(attempt), CHANNELS[kind], NOW, ANSWERS[kind][1])


def said(body: object, status: int = 200) -> Response:
    return answered(status, {}, json.dumps(body).encode())


def judged(kind: str, body: object, status: int = 200) -> tuple[Verdict, str]:
    outcome = CHANNEL_KINDS[kind].judge(said(body, status), CHANNELS[kind], NOW)
    return outcome.verdict, outcome.receipt


@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_to_a_message_names_it(kind: str) -> None:
    assert judged(kind, ANSWERS[kind][0]) == (Verdict.DELIVERED, ANSWERS[kind][1])


@pytest.mark.parametrize("kind", KINDS)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=300),
        lambda inner: st.dictionaries(
            st.sampled_from(["id", "ts", "channel", "result", "chat", "message_id", "x"]), inner
        ),
        max_leaves=12,
    )
)
def test_whatever_a_service_answers_a_receipt_is_short_and_has_no_signs_of_an_address(kind: str, body: object) -> None:
    _, receipt = judged(kind, body)
    assert len(receipt) <= LONGEST
    assert not set(receipt) & set("/?#%&:\n\"'")


@pytest.mark.parametrize(
    "body", [{}, {"id": "../../x"}, {"id": "7/messages/8"}, {"id": True}, {"id": "٧٧"}, {"id": "1" * 300}, {"id": None}]
)
def test_a_name_that_is_none_is_not_kept(body: object) -> None:
    assert judged("discord", body) == (Verdict.DELIVERED, "")


@pytest.mark.parametrize("kind", KINDS)
def test_an_edit_holds_what_the_message_would_and_goes_where_it_stands(kind: str) -> None:
    method, url, own = CHANGED[kind]
    request, first = edited(kind), posted(CHANNEL_KINDS[kind], message(), CHANNELS[kind])
    assert (request.method, request.url) == (method, url)
    body, told = json.loads(request.body), json.loads(first.body)
    assert own.items() <= body.items()
    shown = set(told) - {"chat_id", "channel", "channel_id", "unfurl_links", "unfurl_media"}
    assert {key: body[key] for key in shown} == {key: told[key] for key in shown}
    assert set(body) == shown | set(own)
    assert request.headers == first.headers


@pytest.mark.parametrize(("kind", "token"), [("slack", TOKEN), ("mattermost", "canarytoken")])
def test_a_bot_shows_its_token_to_its_service_alone(kind: str, token: str) -> None:
    request = posted(CHANNEL_KINDS[kind], message(), CHANNELS[kind])
    assert request.headers["authorization"] == f"Bearer {token}"
    assert token not in request.body.decode()
    assert "canary" not in repr(request)
    assert "canary" not in repr(edited(kind))
    refused = CHANNEL_KINDS[kind].judge(said({"message": f"no {token}"}, 403), CHANNELS[kind], NOW)
    assert token not in refused.detail


@pytest.mark.parametrize("kind", ["slack", "mattermost"])
def test_an_incoming_webhook_stays_as_it_was_and_edits_nothing(kind: str) -> None:
    webhook = receiver_of(kind)
    request = posted(CHANNEL_KINDS[kind], message(), webhook)
    assert not {"channel", "channel_id", "message"} & set(json.loads(request.body))
    assert "authorization" not in request.headers
    assert not can_edit(webhook)
    outcome = CHANNEL_KINDS[kind].judge(said(ANSWERS[kind][0]), webhook, NOW)
    assert (outcome.verdict, outcome.receipt) == (Verdict.DELIVERED, "")


def test_which_channels_edit() -> None:
    assert {kind for kind in CHANNEL_KINDS if can_edit(receiver_of(kind))} == {"discord"}
    assert all(can_edit(channel) for channel in CHANNELS.values())
    assert not can_edit(Channel("desk", "unheard of", "https://x.example"))
    assert not any(can_edit(replace(channel, url="")) for channel in CHANNELS.values())


@pytest.mark.parametrize("kind", ["slack", "mattermost"])
def test_a_bot_without_a_channel_sends_nothing(kind: str) -> None:
    with pytest.raises(MessageError, match="which channel"):
        CHANNEL_KINDS[kind].compose(message(), replace(CHANNELS[kind], options=()), NOW)


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        ("ratelimited", Verdict.RETRY),
        ("internal_error", Verdict.RETRY),
        ("service_unavailable", Verdict.RETRY),
        ("channel_not_found", Verdict.RETRY),
        ("not_in_channel", Verdict.RETRY),
        ("invalid_auth", Verdict.RETRY),
        ("token_revoked", Verdict.RETRY),
        ("missing_scope", Verdict.RETRY),
        ("is_archived", Verdict.CHANNEL_GONE),
        ("msg_too_long", Verdict.REJECTED),
        ("invalid_blocks", Verdict.REJECTED),
        ("message_not_found", Verdict.REJECTED),
        ("edit_window_closed", Verdict.REJECTED),
    ],
)
def test_what_slack_refuses_with_200(error: str, verdict: Verdict) -> None:
    assert judged("slack", {"ok": False, "error": error}) == (verdict, "")


@pytest.mark.parametrize("error", [None, 7, {}, [], ""])
def test_a_refusal_of_slack_without_a_word_is_one(error: object) -> None:
    assert judged("slack", {"ok": False, "error": error})[0] is not Verdict.DELIVERED


def test_a_token_that_is_not_let_in_can_be_mended() -> None:
    assert judged("mattermost", {"id": "api.context.session_expired.app_error"}, 401)[0] is Verdict.RETRY
    assert judged("discord", {"message": "Unknown Webhook"}, 401)[0] is Verdict.REJECTED


def test_telegram_was_edited_where_nothing_is_new() -> None:
    same = {"ok": False, "error_code": 400, "description": "Bad Request: message is not modified: specified new …"}
    assert judged("telegram", same, 400)[0] is Verdict.DELIVERED
    gone = {"ok": False, "error_code": 400, "description": "Bad Request: message to edit not found"}
    assert judged("telegram", gone, 400)[0] is Verdict.REJECTED
    assert "parse_mode" in json.loads(edited("telegram").body)
    assert "parse_mode" not in json.loads(edited("telegram", attempt=2).body)


@pytest.mark.parametrize("kind", ["webhook", "teams", "email", "ntfy"])
async def test_a_kind_that_cannot_edit_says_so_and_asks_nobody(kind: str) -> None:
    outcome = await sending().edit(message(), receiver_of(kind), NOW, "7")
    assert (outcome.verdict, outcome.detail) == (Verdict.RETRY, "not sent: its messages cannot be edited")


def complaints(kind: str, url: str, **own: str) -> list[tuple[str, str]]:
    written = Written("desk", kind, (url,) if url else (), own={key: (text,) for key, text in own.items()})
    return [(found.key, found.message) for found in CHANNEL_KINDS[kind].settings.check(written)]


SLACK, MATTERMOST = CHANNELS["slack"].url, CHANNELS["mattermost"].url


@pytest.mark.parametrize(
    ("kind", "url", "own", "found"),
    [
        ("slack", "https://hooks.slack.com/services/T/B/x", {}, ""),
        ("slack", SLACK, {"token": TOKEN, "to": "C1"}, ""),
        ("slack", "", {"token": TOKEN}, ""),
        ("slack", SLACK, {"token": TOKEN}, "needs `to`"),
        ("slack", SLACK, {"to": "C1"}, "needs `token`"),
        ("slack", SLACK, {}, "needs `token`"),
        ("slack", "https://hooks.slack.com/services/T/B/x", {"to": "C1"}, "needs `token`"),
        ("slack", "https://hooks.slack.com/services/T/B/x", {"token": TOKEN, "to": "C1"}, "do not go to this address"),
        ("mattermost", "https://chat.example/hooks/x", {}, ""),
        ("mattermost", MATTERMOST + "/", {"token": "t", "to": ROOM}, ""),
        ("mattermost", MATTERMOST, {"token": "t"}, "needs `to`"),
        ("mattermost", MATTERMOST, {"to": ROOM}, "needs `token`"),
        ("mattermost", "https://chat.example/hooks/x", {"token": "t", "to": ROOM}, "do not go to this address"),
    ],
)
def test_what_a_bot_needs(kind: str, url: str, own: dict[str, str], found: str) -> None:
    said = complaints(kind, url, **own)
    assert len(said) == bool(found)
    assert all(found in text for _, text in said)


@pytest.mark.parametrize(
    ("kind", "key", "good", "bad"),
    [
        ("slack", "token", "xoxb-1-a", "Bearer xoxb-1"),
        ("slack", "to", "#뉴스-속보", "@kim"),
        ("slack", "to", "C0123456789", "a b"),
        ("mattermost", "token", "abc123", "two words"),
        ("mattermost", "to", ROOM, "town-square"),
    ],
)
def test_keys_of_a_bot(kind: str, key: str, good: str, bad: str) -> None:
    (own,) = [one for one in CHANNEL_KINDS[kind].settings.keys if one.name == key]
    assert own.parse(good) == good
    with pytest.raises(InvalidValueError, match="must be") as caught:
        own.parse(bad)
    assert bad not in str(caught.value)
    assert own.private is (key == "token")
