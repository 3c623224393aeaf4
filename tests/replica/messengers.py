"""Messengers that keep what they are sent under a name of their own, and edit it: as Discord, Telegram, Slack and Mattermost answer.

    async with messenger("slack") as (server, chat):
        ...
        assert chat.texts() == ["…"]

Each takes what its documents say it takes, and refuses the rest as they say: another method, another token, a message that is gone.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

from tests.net.raw_server import Caller, RawServer, http, serving

TOKEN: Final = "xoxb-17-replica"
ROOM: Final = "c" * 26
PATHS: Final[Mapping[str, str]] = {
    "discord": "/api/webhooks/7/canary?thread_id=9",
    "telegram": "/bot7:canary/sendMessage",
    "slack": "/api/chat.postMessage",
    "mattermost": "/api/v4/posts",
}
Answer: TypeAlias = "tuple[int, dict[str, Any]]"


@dataclass
class Chat:
    """What stands in the channel: the bodies as they were posted or edited last, in order, and what came in which way."""

    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    notified: int = 0
    edits: list[str] = field(default_factory=list)
    moods: list[Answer] = field(default_factory=list)

    def post(self, name: str, body: dict[str, Any]) -> None:
        """Show a new message, of which everybody is notified."""
        self.messages[name] = body
        self.notified += 1

    def edit(self, name: str, body: dict[str, Any]) -> bool:
        """Put another body in the place of a message's; False where there is no such message."""
        if name not in self.messages:
            return False
        self.edits.append(name)
        self.messages[name] = body
        return True

    def texts(self) -> list[str]:
        """Return all that is read in each message."""
        return [json.dumps(body, ensure_ascii=False) for body in self.messages.values()]


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    token: str
    body: dict[str, Any]


def discord(chat: Chat, asked: Asked) -> Answer:
    """Answer as a webhook of Discord."""
    found = re.fullmatch(r"/api/webhooks/7/canary(?:/messages/(\d+))?", asked.path)
    if found is None or asked.query.get("thread_id") != ["9"] or asked.body.get("allowed_mentions") != {"parse": []}:
        return 404, {"message": "Unknown Webhook", "code": 10015}
    if found[1] and asked.method == "PATCH":
        done = chat.edit(found[1], asked.body)
        return (200, {"id": found[1]}) if done else (404, {"message": "Unknown Message", "code": 10008})
    if found[1] or asked.method != "POST" or asked.query.get("wait") != ["true"]:
        return 405, {"message": "405: Method Not Allowed", "code": 0}
    name = str(1322000000000000000 + len(chat.messages))
    chat.post(name, asked.body)
    return 200, {"type": 0, "content": asked.body["content"], "id": name}


def telegram(chat: Chat, asked: Asked) -> Answer:
    """Answer as the Bot API."""
    if asked.path == "/bot7:canary/sendMessage":
        name = str(41 + len(chat.messages))
        chat.post(name, {"text": asked.body["text"]})
        return 200, {"ok": True, "result": {"message_id": int(name), "chat": {"id": -1007, "type": "channel"}}}
    if asked.path != "/bot7:canary/editMessageText":
        return 404, {"ok": False, "error_code": 404, "description": "Not Found"}
    name, body = str(asked.body.get("message_id")), {"text": asked.body["text"]}
    if chat.messages.get(name) == body:
        return 400, {"ok": False, "error_code": 400, "description": "Bad Request: message is not modified: specified …"}
    if asked.body.get("chat_id") != -1007 or not chat.edit(name, body):
        return 400, {"ok": False, "error_code": 400, "description": "Bad Request: message to edit not found"}
    return 200, {"ok": True, "result": {"message_id": int(name), "chat": {"id": -1007, "type": "channel"}}}


def slack(chat: Chat, asked: Asked) -> Answer:
    """Answer as Slack's methods, with 200 whatever it is."""
    if asked.token != TOKEN:
        return 200, {"ok": False, "error": "invalid_auth"}
    if asked.path == "/api/chat.postMessage":
        if asked.body.get("channel") != "#news":
            return 200, {"ok": False, "error": "channel_not_found"}
        name = f"1503435956.{len(chat.messages):06}"
        chat.post(name, asked.body)
        return 200, {"ok": True, "channel": "C024BE91L", "ts": name, "message": {"type": "message"}}
    if asked.path != "/api/chat.update" or asked.body.get("channel") != "C024BE91L":
        return 200, {"ok": False, "error": "channel_not_found"}
    done = chat.edit(str(asked.body.get("ts")), asked.body)
    return 200, {"ok": True, "channel": "C024BE91L"} if done else {"ok": False, "error": "message_not_found"}


def mattermost(chat: Chat, asked: Asked) -> Answer:
    """Answer as the API of Mattermost."""
    if asked.token != TOKEN:
        return 401, {"id": "api.context.session_expired.app_error", "message": "Invalid or expired session"}
    found = re.fullmatch(r"/api/v4/posts(?:/([a-z0-9]{26})/patch)?", asked.path)
    if found and found[1] and asked.method == "PUT" and chat.edit(found[1], {"message": asked.body["message"]}):
        return 200, {"id": found[1], "edit_at": 1}
    if not found or found[1] or asked.method != "POST" or asked.body.get("channel_id") != ROOM:
        return 404, {"id": "store.sql_post.get.app_error", "message": "Unable to get the post."}
    name = f"{len(chat.messages):026}"
    chat.post(name, {"message": asked.body["message"]})
    return 201, {"id": name, "create_at": 1, "channel_id": ROOM}


SERVICES: Final[Mapping[str, Callable[[Chat, Asked], Answer]]] = {
    "discord": discord,
    "telegram": telegram,
    "slack": slack,
    "mattermost": mattermost,
}


@asynccontextmanager
async def messenger(service: str) -> AsyncIterator[tuple[RawServer, Chat]]:
    """Run one of them on loopback. Before anything else it answers what stands in `moods`."""
    chat = Chat()

    async def talk(caller: Caller) -> None:
        token = re.search(r"^authorization: Bearer (\S+)\r?$", caller.head, re.MULTILINE | re.IGNORECASE)
        parts = urlsplit(caller.path)
        asked = Asked(
            caller.head.split(" ")[0],
            parts.path,
            parse_qs(parts.query),
            token[1] if token else "",
            json.loads(caller.body),
        )
        status, said = chat.moods.pop(0) if chat.moods else SERVICES[service](chat, asked)
        await caller.say(http(json.dumps(said).encode(), f"{status} Said", "Content-Type: application/json"))

    async with serving(talk) as server:
        yield server, chat
