"""HEAD and OPTIONS of the API: who may GET may ask for the headers alone, and what may be asked of a path."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from fastapi.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_API: Final = "/api/"


class Methods:
    """Stands around the application (ASGI); `at` returns which methods a path has, () for a path that there is not."""

    def __init__(self, app: ASGIApp, at: Callable[[str], tuple[str, ...]]) -> None:
        self._app = app
        self._at = at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer OPTIONS, HEAD as GET without its body, and let the application answer all else."""
        if scope["type"] != "http" or not scope["path"].startswith(_API):
            await self._app(scope, receive, send)
            return
        methods = self._at(scope["path"])
        if methods and scope["method"] == "OPTIONS":
            await Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(methods)})(
                scope, receive, send
            )
            return
        is_head = scope["method"] == "HEAD" and "HEAD" in methods
        inner = {**scope, "method": "GET"} if is_head else scope

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.METHOD_NOT_ALLOWED:
                others = [(key, value) for key, value in message["headers"] if key != b"allow"]
                message = {**message, "headers": [*others, (b"allow", ", ".join(methods).encode())]}
            if message["type"] == "http.response.body" and is_head:
                message = {"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)}
            await send(message)

        try:
            await self._app(inner, receive, answer)
        finally:
            if "route" in inner:
                scope["route"] = inner["route"]  # the figures go by it
