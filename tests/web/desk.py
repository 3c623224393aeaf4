"""The web server's application over a real database, as the daemon puts it together, without the daemon."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.types import ASGIApp

from monitor.model.access import Scope
from monitor.service.app import App
from monitor.service.clock import utc_now
from monitor.service.configuration import read
from monitor.service.current_plan import CurrentPlan, prepare
from monitor.service.desk import Desk, make_metrics, open_desk
from monitor.service.rate_limit import RateLimit
from monitor.service.tokens import add_token
from monitor.service.wiring import ShutdownFlag, build
from monitor.store.db.database import Database
from monitor.store.write.source_store import SourceStore
from monitor.web.app import guarded, make_routes
from tests.web.asgi import Answer, ask

PASSWORD = "an operator's own words"
MONITOR = f"""deliver: {{allow_networks: [127.0.0.0/8], timeout: 5s}}
web: {{password: "{PASSWORD}"}}
"""
SOURCES = """sources:
  - {id: herald, name: 한빛일보, kind: list, url: ["https://news.example/list"], every: 5m}
  - {id: daily, name: 데일리, kind: feed, url: ["https://daily.example/feed"], every: adaptive}
"""
RULES = """aliases: {openai: [OpenAI, 오픈AI]}
rules:
  - {id: openai, name: OpenAI, match: "@openai", channels: [desk], tags: [ai], severity: critical}
  - {id: seoul, name: 서울, match: 서울, channels: [desk]}
"""
CHANNELS = """channels:
  - {id: desk, kind: webhook, url: "http://127.0.0.1:9/in/verysecret", secret: "whsec_bW9uaXRvci1qb3VybmV5LXNlY3JldC0zMi1ieXRlcyE="}
"""


@dataclass
class Served:
    """An application, and a token of each scope."""

    app: ASGIApp
    inner: FastAPI
    desk: Desk
    url: str
    tokens: Mapping[Scope, str]

    def rate(self, limit: RateLimit) -> None:
        """Let requests be counted so from now on."""
        self.inner.state.rate_limit = limit

    async def get(self, path: str, /, **query: object) -> Answer:
        """Return the answer to a GET of somebody elsewhere who may read."""
        return await self.call("GET", path, query)

    async def call(
        self,
        method: str,
        path: str,
        query: Mapping[str, object] | None = None,
        *,
        scope: Scope | None = Scope.READ,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the answer to a request of somebody elsewhere who has a token of that scope, None for no token."""
        given = {"host": "localhost", **(headers or {})}
        if scope:
            given["authorization"] = f"Bearer {self.tokens[scope]}"
        if body is not None:
            given["content-type"] = "application/json"
        return await ask(
            self.app,
            path if path.startswith("/api") else f"/api/v1{path}",
            method=method,
            headers=given,
            body=b"" if body is None else json.dumps(body).encode(),
            client="192.0.2.7",
            query=urlencode(query or {}).encode(),
        )


@asynccontextmanager
async def served(folder: Path, url: str, now: datetime | None = None) -> AsyncIterator[Served]:
    """Serve the database at `url` by a plan of two sources, two rules and one channel, which is in force."""
    for name, text in (("monitor", MONITOR), ("sources", SOURCES), ("rules", RULES), ("channels", CHANNELS)):
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    environ = {"MONITOR_DATA_DIR": str(folder / "data"), "MONITOR_DATABASE_URL": url}
    prepared = prepare(read(folder, environ), analyse=False)
    database = Database(url)
    await SourceStore(database).sync_plan(prepared.plan, now or utc_now())
    await database.aclose()
    plans = CurrentPlan(prepared)
    metrics = make_metrics(prepared.settings, plans)
    parts = build(prepared.settings, plans, metrics, ShutdownFlag())
    with App(folder=folder, environ=environ) as app:
        desk = open_desk(app, prepared.settings, parts, plans, metrics)
        tokens = {scope: await add_token(url, scope.value, scope, utc_now(), None) for scope in Scope}
        try:
            inner = make_routes(desk)
            yield Served(guarded(inner, desk), inner, desk, url, tokens)
        finally:
            await desk.aclose()
            await parts.aclose()
