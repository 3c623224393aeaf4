"""Slack, incoming webhooks (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks), or a bot with its token.

A bot's `url` is `https://slack.com/api/chat.postMessage`, `to` the channel. It alone can edit (chat.update): a webhook names no
message. It answers 200 to whatever it refuses, and says why in `error` (https://docs.slack.dev/reference/methods/chat.postMessage).

Everything a stranger wrote stands in rich text elements, which Slack never parses; only `text`, the fallback of
notifications, is markup and therefore escaped. Limits: 3,000 characters a block, 50 blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from monitor.channels.chat import TOKEN, Chat, Json, Shown, unpinged
from monitor.channels.editing import Change, Editing, named
from monitor.channels.words.card import shortened
from monitor.model.delivery import Outcome, Verdict
from monitor.model.errors import InvalidValueError, MessageError
from monitor.model.kind import NEEDS, Complaint, KindSettings, OwnKey, Written, missing
from monitor.model.plan import Channel

_TITLE, _TEXT, _FALLBACK = 300, 2_000, 500
_OK: Final = 200
_SEND, _EDIT = "/chat.postMessage", "/chat.update"
_ONLY_NEW: Final = frozenset({"unfurl_links", "unfurl_media"})  # what only a new message takes
_OF_THE_MESSAGE: Final = frozenset(
    {
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "markdown_text_conflict",
        "message_limit_exceeded",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
    }
)
_OF_AN_EDIT: Final = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "message_not_owned_by_app"}
)


def write(shown: Shown) -> Json:
    """Return the request body. Raises MessageError for a bot without `to`."""
    card = shown.card
    title = shortened(card.title, _TITLE)
    heading: Json = (
        {"type": "link", "url": card.link, "text": title, "style": {"bold": True}}
        if card.link
        else {"type": "text", "text": title, "style": {"bold": True}}
    )
    passage: list[Json] = [
        {"type": "text", "text": piece, "style": {"bold": True}} if marked else {"type": "text", "text": piece}
        for piece, marked in card.runs(_TEXT)
    ]
    sections: list[list[Json]] = [
        [{"type": "text", "text": f"[{card.label}] "}, heading],
        passage,
        [{"type": "text", "text": card.footing(), "style": {"italic": True}}] if card.footing() else [],
    ]
    return _whereto(shown.channel) | {
        "text": _escaped(unpinged(shortened(f"[{card.label}] {card.title}", _FALLBACK))),
        "blocks": [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": section} for section in sections if section],
            }
        ],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _escaped(text: str) -> str:
    """Escape the three characters of Slack's markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _whereto(channel: Channel) -> dict[str, Json]:
    """Return what names the channel; a webhook's address does."""
    if not channel.option(TOKEN):
        return {}
    if not channel.option("to"):
        raise MessageError("the channel has no `to`: which channel?")
    return {"channel": channel.option("to")}


def receipt(said: Mapping[str, Any]) -> str:
    """Return the channel and the `ts` of the message that Slack made; "" where it names none."""
    channel, made = named(said.get("channel"), r"[A-Z0-9]{2,30}"), named(said.get("ts"), r"\d{1,12}\.\d{1,9}")
    return f"{channel} {made}" if channel and made else ""


def change(channel: Channel, receipt: str, body: Mapping[str, Any]) -> Change:
    """Return the request for an edit, which takes a channel's id alone: the receipt has it."""
    where, _, made = receipt.partition(" ")
    kept = {key: value for key, value in body.items() if key not in _ONLY_NEW}
    return Change(channel.url.removesuffix(_SEND) + _EDIT, {**kept, "channel": where, "ts": made})


def meant(outcome: Outcome, said: Mapping[str, Any]) -> Outcome:
    """Return what a bot's answer means by its `error`.

    A channel that is archived takes nothing more, as a webhook's 410 says. Of what is left only the message's own faults are
    refusals: a token, a channel, a right can be mended, and until then the message waits.
    """
    error = said.get("error")
    if outcome.verdict is not Verdict.REJECTED or outcome.status != _OK or not isinstance(error, str):
        return outcome
    if error == "is_archived":
        return replace(outcome, verdict=Verdict.CHANNEL_GONE)
    refused = error in _OF_THE_MESSAGE or error in _OF_AN_EDIT
    return outcome if refused else replace(outcome, verdict=Verdict.RETRY)


def channel_name(text: str) -> str:
    """Return the id or the name of a channel as it is. Raises InvalidValueError."""
    if not re.fullmatch(r"#?[^\s#@<>]{1,100}", text):
        raise InvalidValueError("must be the id of a channel, as in C0123456789, or its name")
    return text


def bot_token(text: str) -> str:
    """Return a bot's token as it is. Raises InvalidValueError, which never quotes it."""
    if not re.fullmatch(r"xox[a-z]-[A-Za-z0-9-]+|xoxe\.xox[a-z]-[A-Za-z0-9-]+", text):
        raise InvalidValueError("must be a token of a bot, which begins with xoxb-")
    return text


def check(written: Written) -> Iterator[Complaint]:
    """Complain of a bot without a channel, of a channel without a bot, and of an address that is not that of the one or the other."""
    if not written.urls:
        return
    with_token = bool(written.given(TOKEN))
    is_method = [urlsplit(url).path.endswith(f"/api{_SEND}") for url in written.urls]
    if with_token and not written.given("to"):
        yield missing(written, "to", "the id of the channel, as in C0123456789")
    if not with_token and (written.given("to") or any(is_method)):
        hint = "a bot's token, which begins with xoxb-; an incoming webhook has neither `token` nor `to`"
        yield missing(written, TOKEN, hint)
    if with_token and not all(is_method):
        shape = "https://slack.com/api/chat.postMessage; an incoming webhook needs no `token`"
        yield Complaint("url", "a bot's messages do not go to this address", shape, NEEDS)


SETTINGS: Final = KindSettings(
    keys=(OwnKey(TOKEN, bot_token, longest=500, private=True, from_file=True), OwnKey("to", channel_name, longest=101)),
    check=check,
    hosts=("hooks.slack.com", "slack.com"),
)
EDITING: Final = Editing(
    receipt, change, open_to=lambda channel: bool(channel.option(TOKEN)) and channel.url.endswith(_SEND)
)
KIND = Chat(write, settings=SETTINGS, editing=EDITING, meant=meant)
