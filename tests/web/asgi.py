"""Asks an application as a server would, without one: for what no client on a socket can be made to do on time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    def json(self) -> Any:  # noqa: ANN401 - whatever it is
        return json.loads(self.body)


async def ask(
    app: ASGIApp,
    path: str = "/",
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    chunk: int = 0,
    length: bool = False,
    silent: bool = False,
    client: str = "127.0.0.1",
    query: bytes = b"",
) -> Answer:
    """Return the answer to one request; `chunk` bytes of the body come at a time, none of it when `silent`."""
    given = dict(headers if headers is not None else {"host": "localhost"})
    if length:
        given["content-length"] = str(len(body))
    size = chunk or max(1, len(body))
    parts = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "root_path": "",
        "headers": [(key.encode(), value.encode("latin-1")) for key, value in given.items()],
        "client": (client, 1),
        "server": ("127.0.0.1", 8765),
    }
    answer = Answer()

    async def receive() -> Message:
        if silent or not parts:
            await asyncio.Event().wait()
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            assert not answer.status, "two answers"
            answer.status = message["status"]
            answer.headers = {key.decode(): value.decode() for key, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    await app(scope, receive, send)
    return answer
