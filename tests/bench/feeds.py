"""How many cases of public feed suites are read right: `python -m tests.bench.feeds [--misses]`.

feedparser states what it expects as a Python expression in each file, gofeed as JSON beside it, the feed validator as the
name of a complaint (only its dates say anything about a value). A case is one stated value of an entry's title, link,
publish time, summary or author. Markup is no difference, because rules see plain text; a time without a zone is UTC in
these suites.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
import time
from calendar import timegm
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.extract.feeds.feed import author_names, parse_items
from monitor.extract.text.markup import plain_text
from monitor.fetch.charset import decode
from monitor.model.article import Entry
from monitor.model.errors import ExtractError
from tests.evidence import SHARED

NOW = datetime(2036, 1, 1, tzinfo=UTC)
HOME = "http://example.com/"
FIELDS = ("title", "link", "date", "summary", "author")

_NAMES = {
    "title": "title",
    "title_detail.value": "title",
    "link": "link",
    "published_parsed": "date",
    "updated_parsed": "date",
    "summary": "summary",
    "description": "summary",
    "summary_detail.value": "summary",
    "content.value": "summary",
    "author": "author",
    "author_detail.name": "author",
}
_STEP = re.compile(r"\[u?['\"](\w+)['\"]\]|\.(\w+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Case:
    """One stated value. `value` is text, or a moment for a date."""

    suite: str
    file: Path
    entry: int
    field: str
    value: object


def cases(folder: Path) -> Iterator[Case]:
    """Return every case of the suites in `folder` that concerns one of the five fields."""
    for file in sorted(folder.rglob("*.xml")) + sorted(folder.rglob("*.json")):
        suite = file.relative_to(folder).parts[0]
        if suite == "feedparser":
            yield from _feedparser(file)
        elif suite == "gofeed":
            yield from _gofeed(file)
        elif "data-types-datetime" in file.parts:
            yield from _validator(file)


def _feedparser(file: Path) -> Iterator[Case]:
    found = re.search(r"Expect:\s*(.*?)\s*-->", decode(file.read_bytes()).text, re.DOTALL)
    if not found:
        return
    try:
        tree = ast.parse(" ".join(found[1].split()), mode="eval")
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.Eq):
            path = _STEP.findall(ast.unparse(node.left).removeprefix("entries"))
            value = _literal(node.comparators[0])
            if not ast.unparse(node.left).startswith("entries[") or value is None:
                continue
            words = ".".join(word for first, second, _ in path if (word := first or second))
            field = _NAMES.get(words)
            if field and all(number in ("", "0") for *_, number in path[1:]):
                yield Case("feedparser", file, int(path[0][2]), field, _moment(value) if field == "date" else value)


def _literal(node: ast.expr) -> Any:  # noqa: ANN401 - whatever the suite states
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None


def _moment(value: object) -> datetime | None:
    return datetime.fromtimestamp(timegm(value), UTC) if isinstance(value, tuple) else None


def _gofeed(file: Path) -> Iterator[Case]:
    """gofeed's universal form has `items`, its Atom form `entries`; an author is a record, or text, or a list."""
    expected = file.with_name(f"{file.stem}_expected.json") if file.suffix == ".json" else file.with_suffix(".json")
    if not expected.exists():
        return
    try:
        stated = json.loads(expected.read_text("utf-8"))
    except ValueError:
        return
    for number, item in enumerate(stated.get("items") or stated.get("entries") or ()):
        for field, value in _gofeed_fields(item):
            yield Case("gofeed", file, number, field, value)


def _gofeed_fields(item: dict[str, Any]) -> Iterator[tuple[str, object]]:
    if item.get("title"):
        yield "title", item["title"]
    link = item.get("link") or next(
        (
            one["href"]
            for one in item.get("links") or ()
            if isinstance(one, dict) and one.get("rel", "alternate") == "alternate" and one.get("href")
        ),
        None,
    )
    if link:
        yield "link", link
    stated = item.get("publishedParsed") or item.get("pubDateParsed") or item.get("updatedParsed")
    if stated:
        yield "date", datetime.fromisoformat(stated).astimezone(UTC)
    content = item.get("content")
    text = (
        item.get("description")
        or item.get("summary")
        or (content.get("value") if isinstance(content, dict) else content)
    )
    if text:
        yield "summary", text
    people = item.get("authors") or item.get("author")
    names = [
        one.get("name", "") if isinstance(one, dict) else one
        for one in (people if isinstance(people, list) else [people])
        if one
    ]
    if any(names):
        yield "author", ", ".join(filter(None, names))


def _validator(file: Path) -> Iterator[Case]:
    text = decode(file.read_bytes()).text
    stated = re.search(r"<item>.*?<pubDate>([^<]*)</pubDate>", text, re.DOTALL)
    if "!InvalidRFC2822Date" in text and stated:
        from email.utils import parsedate_to_datetime  # noqa: PLC0415 - the oracle of this suite alone

        try:
            yield Case("feedvalidator", file, 0, "date", parsedate_to_datetime(stated[1].strip()).astimezone(UTC))
        except ValueError:
            return


def read(file: Path) -> tuple[tuple[Entry, ...], float]:
    """Return the entries that the product reads, linkless ones too, and the seconds it took."""
    body = file.read_bytes()
    header = re.search(rb"Header:\s*Content-type:\s*([^\r\n]+)", body, re.IGNORECASE)
    text = decode(body, header[1].decode("latin-1").strip() if header else "").text
    started = time.perf_counter()
    try:
        entries = parse_items(text, HOME, "UTC", NOW)
    except ExtractError:
        entries = ()
    return entries, time.perf_counter() - started


def right(case: Case, entries: tuple[Entry, ...]) -> bool:
    """Return whether the product read what the case states."""
    if case.entry >= len(entries):
        return not case.value
    entry = entries[case.entry]
    match case.field:
        case "title":
            return _same(entry.title, case.value)
        case "link":
            return entry.url == case.value or entry.url.rstrip("/") == str(case.value).rstrip("/")
        case "date":
            return case.value is None or entry.published_at == case.value
        case "summary":
            return _same(entry.summary, case.value)
        case _:
            return _same(entry.author, author_names(str(case.value)))


def _same(shown: str, stated: object) -> bool:
    return _bare(shown) == _bare(str(stated))


def _bare(text: str) -> str:
    """Return a text without markup, also of tags that no page of news has (SVG, MathML), and without blanks."""
    return re.sub(r"\s|<[a-z/][^<>]*>", "", plain_text(plain_text(text)))


def score(folder: Path) -> tuple[Counter[tuple[str, str]], list[Case], float]:
    """Return the number of cases by suite and field, the misses, and the slowest reading in seconds."""
    counted: Counter[tuple[str, str]] = Counter()
    misses, slowest = [], 0.0
    for case in cases(folder):
        entries, seconds = read(case.file)
        slowest = max(slowest, seconds)
        counted[case.suite, case.field] += 1
        if not right(case, entries):
            misses.append(case)
    return counted, misses, slowest


def main() -> None:
    """Print the table, and with --misses each miss."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true")
    asked = parser.parse_args()
    counted, misses, slowest = score(SHARED / "fixtures" / "rss")
    wrong = Counter((case.suite, case.field) for case in misses)
    for suite in ("feedparser", "gofeed", "feedvalidator"):
        for field in FIELDS:
            total = counted[suite, field]
            if total:
                print(f"{suite:<14}{field:<9}{total - wrong[suite, field]:>5} of {total:>4}")
    total = counted.total()
    print(
        f"all           {'':<9}{total - len(misses):>5} of {total:>4}  {(total - len(misses)) / total:.2%}; slowest {slowest * 1000:.0f} ms"
    )
    for case in misses if asked.misses else ():
        entries, _ = read(case.file)
        entry = entries[case.entry] if case.entry < len(entries) else None
        print(f"{case.file.relative_to(SHARED)} [{case.entry}] {case.field}: {case.value!r}\n    {entry}")


if __name__ == "__main__":
    main()
