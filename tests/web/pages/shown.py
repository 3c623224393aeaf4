"""The pages over a real database, asked for as a browser asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.cluster.choice import choose
from monitor.model.access import Scope
from monitor.model.hit import Hit, Match
from monitor.model.story import Signature
from monitor.store.db.database import Database
from monitor.store.write.article_store import ArticleStore
from tests.contracts.invented import Finding, Reading, article, keep, later, render
from tests.web.asgi import Answer, ask
from tests.web.desk import Served, served

FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
HOSTILE = "<script>alert(1)</script>\"'&<b>오픈AI</b>\u202e\x1b[31m{{7*7}}"


class Part:
    """A page, or an element of one."""

    def __init__(self, node: LexborNode) -> None:
        self._node = node

    @property
    def text(self) -> str:
        """Return its text."""
        return self._node.text()

    @property
    def classes(self) -> list[str]:
        """Return its classes."""
        return self.attr("class").split()

    def attr(self, name: str) -> str:
        """Return an attribute, "" without one."""
        return self._node.attributes.get(name) or ""

    def all(self, what: str) -> list[Part]:
        """Return what a selector finds in it."""
        return [Part(one) for one in self._node.css(what)]

    def has(self, what: str) -> bool:
        """Return whether a selector finds anything in it."""
        return self._node.css_first(what) is not None

    def one(self, what: str) -> Part:
        """Return the first that a selector finds; there has to be one."""
        found = self._node.css_first(what)
        assert found is not None, what
        return Part(found)


@dataclass
class Browser:
    """Somebody with a browser: their cookies, and what they may do (None: nobody knows them)."""

    site: Served
    scope: Scope | None = Scope.WRITE
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> Answer:
        """Return a page."""
        return await self._ask("GET", path, headers)

    async def post(self, path: str, fields: object = (), headers: Mapping[str, str] | None = None) -> Answer:
        """Return what a form leads to."""
        return await self._ask("POST", path, headers or FORM, urlencode(fields, doseq=True).encode())  # type: ignore[arg-type]

    async def look(self, path: str) -> Part:
        """Return a page as it is parsed; it has to be one."""
        answer = await self.get(path)
        assert answer.status == 200, answer.text
        root = LexborHTMLParser(answer.text).root
        assert root is not None
        return Part(root)

    async def show(self, path: str, fields: object = (), status: int = 200) -> Part:
        """Return the page with which a form is answered."""
        answer = await self.post(path, fields)
        assert answer.status == status, answer.text
        root = LexborHTMLParser(answer.text).root
        assert root is not None
        return Part(root)

    async def rows(self, path: str = "/hits") -> list[Part]:
        """Return the lines of a list."""
        return (await self.look(path)).all("li.row")

    async def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        where, _, query = path.partition("#")[0].partition("?")
        given = {"host": "localhost", "accept": "text/html", **headers}
        if self.scope:
            given["authorization"] = f"Bearer {self.site.tokens[self.scope]}"
        if self.cookies:
            given["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = await ask(
            self.site.app, where, method=method, headers=given, body=body, client="192.0.2.7", query=query.encode()
        )
        self._keep(answer)
        return answer

    def _keep(self, answer: Answer) -> None:
        if given := answer.headers.get("set-cookie"):
            name, _, rest = given.partition("=")
            value = rest.partition(";")[0].strip('"')
            self.cookies[name] = value
            if not value:
                del self.cookies[name]


@asynccontextmanager
async def browsing(folder: Path, url: str) -> AsyncIterator[Browser]:
    """Serve a database to a browser."""
    async with served(folder, url) as site:
        yield Browser(site)


async def found(
    url: str, key: str, *rules: str, at: float = 0.0, title: str = "오픈AI 소식", body: str = "오픈AI가 밝혔다"
) -> None:
    """Store an article with hits, a story of its own."""
    database = Database(url)
    try:
        findings = tuple(Finding(_hit(rule, title), ()) for rule in rules)
        read = article(key, title=title, body=body, source_id="herald")
        store = ArticleStore(database, choose, timedelta(days=3))
        await keep(store, Reading(None, read, Signature(), findings), render, later(at))
    finally:
        await database.aclose()


def _hit(rule: str, title: str) -> Hit:
    place = max(title.find("오픈AI"), 0)
    match = Match("@openai", "오픈AI", "title", place, place + 4, "오픈AI", "bare")
    return Hit(rule, {"openai": "OpenAI", "seoul": "서울"}.get(rule, rule), "v1", (match,), "오픈AI가 밝혔다")
