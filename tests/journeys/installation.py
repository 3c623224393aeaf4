"""A real installation in a temporary folder: configuration files, database, and the daemon as a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.journeys.fault_points import VARIABLE
from tests.journeys.forked import Forked
from tests.patience import PATIENCE
from tests.replica.family import Family
from tests.replica.newsroom import Newsroom

ROOT = Path(__file__).resolve().parents[2]
SECRET = "whsec_" + "bW9uaXRvci1qb3VybmV5LXNlY3JldC0zMi1ieXRlcyE="
ALIASES = {
    "deepseek": ["DeepSeek", "딥시크"],
    "openai": ["OpenAI", "오픈AI", "오픈에이아이"],
    "stargate": ["Stargate", "스타게이트"],
}


@dataclass
class Installation:
    """Everything a user would have on disk. `channels` are ids that all lead to `webhook`; `database_url` "" is SQLite.

    `crash_at` names a fault point at which daemons die (tests.journeys.fault_points); `policies` hold further keys by channel,
    `settings` those of monitor.yaml: several daemons run beside each other, so the system chooses the port.
    """

    folder: Path
    webhook: str = ""
    channels: Sequence[str] = ("desk",)
    every: str = "1s"
    aliases: Mapping[str, Sequence[str]] = field(default_factory=lambda: dict(ALIASES))
    database_url: str = ""
    max_age: str = "7d"
    crash_at: str = ""
    policies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=lambda: {"web": {"listen": "127.0.0.1:0"}})

    @property
    def config(self) -> Path:
        return self.folder / "config"

    @property
    def database(self) -> Path:
        return self.folder / "data" / "monitor.db"

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a process of this installation; nothing of the caller's own configuration leaks in."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("MONITOR_")}
        return kept | {
            "MONITOR_CONFIG": str(self.config),
            "MONITOR_DATA_DIR": str(self.folder / "data"),
            "MONITOR_DATABASE_URL": self.database_url or f"sqlite:///{self.database}",
            "PYTHONUNBUFFERED": "1",
            VARIABLE: self.crash_at,
        }

    def write(self, sources: Sequence[Mapping[str, Any]], rules: Sequence[Mapping[str, Any]] | None = None) -> None:
        """Write the four files."""
        rules = rules or [
            {"id": name, "name": name, "match": f"@{name}", "channels": list(self.channels)} for name in self.aliases
        ]
        loopback = ["127.0.0.0/8"]
        self._dump(
            "monitor.yaml",
            {
                "max_age": self.max_age,
                "fetch": {"timeout": "5s", "per_host_interval": "0s", "allow_networks": loopback},
                "deliver": {"timeout": "5s", "allow_networks": loopback},
                **self.settings,
            },
        )
        self._dump("sources.yaml", {"sources": [{"every": self.every, **source} for source in sources]})
        self._dump("rules.yaml", {"aliases": {k: list(v) for k, v in self.aliases.items()}, "rules": list(rules)})
        channels = [
            {"id": name, "kind": "webhook", "url": self.webhook, "secret": SECRET if self.webhook else ""}
            | dict(self.policies.get(name, {}))
            for name in self.channels
        ]
        self._dump("channels.yaml", {"channels": channels})

    def watch(self, *rooms: Newsroom, **more: Any) -> None:  # noqa: ANN401 - any key of a source
        """Write a configuration that watches the newspapers, by their feeds where they have any."""
        self.write([source_of(room) | more for room in rooms])

    def _dump(self, name: str, content: object) -> None:
        self.config.mkdir(parents=True, exist_ok=True)
        (self.config / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf8")

    def monitor(self, *words: str, timeout: float = PATIENCE, check: bool = False) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            process = Forked(words, self.environ, ROOT, out, err)
            try:
                code = process.wait(timeout)
            finally:
                process.kill()
            done = subprocess.CompletedProcess(
                ["monitor", *words], code, out.read_text("utf-8"), err.read_text("utf-8")
            )
        if check:
            done.check_returncode()
        return done

    async def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end while this loop goes on serving."""
        return await asyncio.to_thread(self.monitor, *words)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Forked]:
        """Keep the daemon running for the block; end it as an operator would, and insist that it ended well."""
        process = self.start()
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            code = await asyncio.to_thread(stop, process)
        assert code == 0, self.log()[-5:]

    def start(self, log: Path | None = None) -> Forked:
        """Start the daemon in the background; its log goes to `log`."""
        to = log or self.folder / "daemon.log"
        return Forked(("run", "--log-format", "json"), self.environ, ROOT, to, to)

    def log(self) -> list[dict[str, Any]]:
        """Return the daemon's log lines so far."""
        path = self.folder / "daemon.log"
        lines = path.read_text(encoding="utf8").splitlines() if path.exists() else []
        return [json.loads(line) for line in lines if line.startswith("{")]

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database directly, as an auditor would."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=PATIENCE)
        try:
            return connection.execute(statement, values).fetchall()
        finally:
            connection.close()


def source_of(room: Newsroom) -> dict[str, Any]:
    """Return the entry of sources.yaml for a newspaper."""
    shape = {"MediaPen": ("list", "mediapen"), "NdSoft": ("list", "ndsoft")}
    kind, site = shape.get(type(room.style).__name__, ("feed", ""))
    if isinstance(room.style, Family):
        kind, site = "feed", room.style.site
    urls = room.lists if kind == "list" else room.feeds
    name = room.style.kind if isinstance(room.style, Family) else type(room.style).__name__.lower()
    entry = {"id": name, "name": room.style.outlet, "kind": kind, "url": urls}
    return entry | ({"site": site} if site else {})


def stop(process: Forked, timeout: float = PATIENCE) -> int:
    """End a daemon as an operator would; return its exit code."""
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(timeout)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


async def until(condition: Callable[[], bool], seconds: float = PATIENCE, what: str = "") -> None:
    """Look until the condition holds; fail with `what` when it does not in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:.0f} s: {what or condition}")
        await asyncio.sleep(0.05)
