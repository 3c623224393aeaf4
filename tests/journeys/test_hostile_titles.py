"""Headlines that would act, through everything that shows them: one table of headlines, one of places, each pair held."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import fromstring

import pytest

from monitor.cluster.choice import choose
from monitor.model.access import Scope
from monitor.model.notification import Notification
from monitor.model.records import HitQuery
from monitor.present.feeds import FORMS
from monitor.service.clock import utc_now
from monitor.store.db.database import Database
from monitor.store.db.migrate import upgrade
from monitor.store.read.queries import SqlReader
from monitor.store.tables.rows import storable
from monitor.store.write.article_store import ArticleStore
from monitor.web.stream import event_text
from tests.cli.conftest import SOURCES, App
from tests.contracts.invented import Finding, Reading, hit, keep, render
from tests.contracts.reports import signed, told
from tests.journeys.installation import Installation
from tests.web.asgi import ask
from tests.web.desk import Served, served

TITLES: Final = {
    "markup": '<script>alert("1")</script> <img src=x onerror=alert(1)> &amp; ]]> <!-- \'',
    "rich markup": "[bold red]속보[/] [link=https://evil.example]여기[/link]",
    "right to left": "\u202egnp.exe 오픈AI\u2067 طارئ \u200f",
    "terminal": "\x1b[31m\x1b]8;;https://evil.example\x07여기 \x9b2J \x7f \x08",
    "long": "가" * 240,
    "emoji": "👩‍👩‍👧‍👦 🇰🇷 ❤️ 👍🏽",
    "nothing": "NUL\x00 \ud800 끝",
    "lines": "첫 줄\r\ndata: 둘째\n\nid: 9\u2028셋째\u2029넷째\x85다섯째",
    "equals": "=cmd|'/c calc'!A0",
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(A1)",
    "tab": "\t=1+1",
    "hidden formula": "\u200b=1+1",
    "full-width formula": "＝1+1",
    "quotes": '"=1+1","x"\\"',
}
OBEYED: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What a terminal obeys, what turns the direction of reading, and what some take for the end of a line."""
FORMULA: Final = re.compile(r"[\s\u200b]*[=+\-@＝＋－＠]")
PAGES: Final = ("/hits", "/hits/{hit}", "/articles/{article}", "/stories", "/stories/{story}", "/deliveries")
COMMANDS: Final = (
    ("hits",),
    ("stories",),
    ("deliveries",),
    ("hits", "--id", "{hit}", "--history"),
    ("hits", "--columns", "title,surfaces"),
    ("sql", "SELECT title, surfaces FROM v_hits"),
)
EXPORTS: Final = tuple(("export", kind) for kind in ("hits", "articles", "stories"))
PRINTED: Final = (
    *product(("table", "json", "ndjson", "csv", "excel"), COMMANDS),
    *product(("ndjson", "csv", "excel"), EXPORTS),
)


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> tuple[App, str]:
    """An installation whose articles have these headlines, each with a hit whose words and passage are the headline too."""
    folder = tmp_path_factory.mktemp("hostile")
    installation = Installation(folder, webhook="http://127.0.0.1:9/hook")
    installation.write(SOURCES)
    (folder / "data").mkdir()
    url = f"sqlite:///{installation.database}"
    upgrade(url)

    async def stock() -> None:
        database = Database(url)
        store = ArticleStore(database, choose, timedelta(days=3))
        for number, title in enumerate(map(storable, TITLES.values())):
            at = utc_now() - timedelta(minutes=100 - number)
            read = told(number, f"k{number}", at, "herald")
            finding = Finding(hit(excerpt=title, rule_name=title), (Notification("desk", "openai"),))
            titled = replace(read, title=title, authors=(title,))
            await keep(store, Reading(None, titled, signed(read).signature, (finding,)), render, at)
        await database.aclose()

    asyncio.run(stock())
    return App(installation), url


@pytest.fixture
async def api(stocked: tuple[App, str], tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path, stocked[1]) as one:
        yield one


def stored(url: str) -> dict[str, str]:
    """Return the headlines as they are stored (no database holds NUL or half a character), by their address."""
    with SqlReader(url) as reader:
        return {one.article.url: one.article.title for one in reader.hits(HitQuery(limit=500))}


def titles_in(document: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield the values of all keys `title` of a document."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key == "title" and isinstance(value, str):
                yield value
            else:
                yield from titles_in(value)
    elif isinstance(document, list):
        for one in document:
            yield from titles_in(one)


async def test_what_the_web_answers_holds_them_whole_and_inert(api: Served, stocked: tuple[App, str]) -> None:
    await _answers_hold_them(api, set(stored(stocked[1]).values()))
    await _errors_quote_them(api)
    for form in FORMS:
        await _is_a_document_of_texts(api, stocked[1], form)


async def _answers_hold_them(api: Served, wanted: set[str]) -> None:
    assert len(wanted) == len(TITLES)
    shown: dict[str, set[str]] = {path: set() for path in PAGES}
    for one in (await api.get("/hits", limit=500)).json()["hits"]:
        named = {"hit": one["id"], "article": one["article"]["id"], "story": one["story"]["id"]}
        for path in PAGES:
            answer = await api.get(path.format(**named))
            assert (answer.status, OBEYED.search(answer.text.replace("\n", ""))) == (200, None), path
            assert answer.headers["x-content-type-options"] == "nosniff"
            shown[path] |= set(titles_in(answer.json()))
        for path, query in (("/notifications", {"hit": one["id"]}), ("/explain", {"hit": one["id"]})):
            answer = await api.call("GET", path, query)
            assert OBEYED.search(answer.text) is None, path
            assert one["article"]["title"] in set(titles_in(answer.json())), path
    assert {path: wanted - found for path, found in shown.items()} == {path: set() for path in PAGES}


async def _errors_quote_them(api: Served) -> None:
    for name, given in TITLES.items():
        title = given.encode("utf-8", "replace").decode()[:100]
        for query in ({"rule": title}, {"since": title}, {title: "1"}):
            answer = await api.call("GET", "/hits", query)
            assert answer.status in {400, 422}, name
            assert answer.headers["content-type"] == "application/problem+json"
            assert (bool(answer.json()["detail"]), OBEYED.search(answer.text)) == (True, None), name


def test_events_are_one_line_each_whatever_they_tell(stocked: tuple[App, str]) -> None:
    with SqlReader(stocked[1]) as reader:
        for one in reader.hits(HitQuery(limit=500)):
            text = event_text(one)
            assert OBEYED.search(text) is None
            first, kind, data, *rest = text.splitlines()
            assert (first, kind, rest) == (f"id: {one.id}", "event: hit", [""])
            assert json.loads(data.removeprefix("data: "))["article"]["title"] == one.article.title


async def _is_a_document_of_texts(api: Served, url: str, form: str) -> None:
    wanted = {title: OBEYED.sub("", title) for title in stored(url).values()}
    path = f"/feeds/{api.tokens[Scope.FEED]}/hits.{form}"
    answer = await ask(api.app, path, headers={"host": "localhost"}, client="192.0.2.7", query=b"limit=200")
    assert answer.status == 200, answer.text
    assert OBEYED.search(answer.text) is None
    if form == "json":
        shown = {one["title"] for one in answer.json()["items"]}
    else:
        nodes = list(fromstring(answer.body).iter())  # noqa: S314 - our own document
        assert not {node.tag.rpartition("}")[2] for node in nodes} & {"script", "img", "a", "b"}
        shown = {(node.text or "") for node in nodes if node.tag.rpartition("}")[2] == "title"}
    lines = {title.replace("\r\n", "\n") for title in shown}
    assert {title.replace("\r\n", "\n") for title in wanted.values()} <= lines


@pytest.mark.parametrize(
    ("form", "command"), PRINTED, ids=lambda value: value if isinstance(value, str) else " ".join(value)
)
def test_what_commands_print_is_only_shown(stocked: tuple[App, str], form: str, command: tuple[str, ...]) -> None:
    run, url = stocked
    words = [word.format(hit=1) for word in command]
    limit = () if command[0] == "export" or "--history" in command else ("--limit", "500")
    since = ("--since", "2020-01-01") if command[0] == "stories" else ()
    outcome = run(*words, *limit, *since, *(("--excel",) if form == "excel" else ("--format", form)))
    assert outcome.code == 0, outcome.err
    shown = outcome.out.removeprefix("\ufeff")
    assert OBEYED.search(shown) is None
    if form in {"csv", "excel"}:
        rows = list(csv.reader(io.StringIO(shown)))
        assert {len(row) for row in rows} == {len(rows[0])}
        texts = [cell for row in rows[1:] for cell in row if not re.fullmatch(r"-?\d+(\.\d+)?", cell)]
        assert [cell for cell in texts if FORMULA.match(cell)] == []
    elif form in {"json", "ndjson"} and "--history" not in command:
        found = json.loads(shown) if form == "json" else [json.loads(line) for line in shown.splitlines()]
        assert set(stored(url).values()) <= set(titles_in(found))


@pytest.mark.parametrize(
    "command", [("explain", "1"), ("hits", "--timeline", "day"), ("routes", "openai")], ids=" ".join
)
def test_pages_in_words_are_only_shown(stocked: tuple[App, str], command: tuple[str, ...]) -> None:
    outcome = stocked[0](*command)
    assert (outcome.code, OBEYED.search(outcome.out)) == (0, None), outcome.err


def test_every_headline_of_the_table_would_do_something() -> None:
    """What is inert anyhow holds nothing."""
    acts = (OBEYED, FORMULA, re.compile('[<\\["]'))
    assert {name for name, title in TITLES.items() if not any(one.search(title) for one in acts)} == {"long", "emoji"}
