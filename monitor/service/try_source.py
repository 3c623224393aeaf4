"""Try a source live: what would be found, stored and hit, without storing anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from monitor.config.load import LoadReport
from monitor.config.settings import Settings
from monitor.extract.reader import missing_in_list
from monitor.match.ruleset import RuleSet
from monitor.model.article import Article, Entry
from monitor.model.errors import ConfigProblem, ExtractError, FetchError, MonitorError
from monitor.model.plan import Source
from monitor.model.trial import Trial, TriedArticle, TriedUrl
from monitor.service.clients import Visitor, visiting
from monitor.service.clock import utc_now

_IN_BLOCK = re.compile(r"\s+unverified_live:\s*true\s*(?:#.*)?")
_IN_FLOW = re.compile(r",\s*unverified_live:\s*true(?=\s*[,}])|(?<=\{)\s*unverified_live:\s*true\s*,")


async def try_source(source: Source, rules: RuleSet, settings: Settings, most: int) -> Trial:
    """Poll a source and read its first `most` articles."""
    async with visiting(settings) as visitor:
        urls = tuple([await _read_list(url, source, visitor) for url in source.urls])
        entries = {entry.key: entry for tried in urls for entry in tried.entries}
        chosen = tuple(entries.values())[:most]
        articles = tuple([await _read(entry, source, rules, visitor) for entry in chosen])
    return Trial(source, urls, articles, missing_in_list(source, len(entries)))


async def _read_list(url: str, source: Source, visitor: Visitor) -> TriedUrl:
    try:
        result = await visitor.list_reader().read(url, source, None, None)
    except (FetchError, ExtractError) as error:
        return TriedUrl(url, error=str(error))
    return TriedUrl(url, result.entries, result.errors, cut=result.cut)


async def _read(entry: Entry, source: Source, rules: RuleSet, visitor: Visitor) -> TriedArticle:
    try:
        article = await visitor.page_reader().read(entry, source, utc_now())
    except (FetchError, ExtractError) as error:
        return TriedArticle(entry, error=str(error))
    hits = tuple((rule, len(matches)) for rule, matches in rules.match(article))
    return TriedArticle(entry, article, hits, _wants(article))


def _wants(article: Article) -> tuple[str, ...]:
    """Return what is missing: to the definition's own check, and to anybody."""
    missed = article.field_sources.get("check", "")
    empty = tuple(f"no {name}" for name in ("title", "body") if not getattr(article, name))
    return (*((missed,) if missed else ()), *(word for word in empty if word not in missed))


def confirm(place: ConfigProblem, confirmed: Callable[[], bool]) -> str:
    """Take `unverified_live` out of the file at that place; return the file and line. Raises MonitorError.

    Nothing else of the file is touched; where the line cannot be told for sure, or `confirmed` does not see it gone,
    nothing is.
    """
    file = Path(place.file)
    before = file.read_bytes().decode("utf-8")
    lines = before.split("\n")
    written = lines[place.line - 1] if 0 < place.line <= len(lines) else ""
    changed = [] if _IN_BLOCK.fullmatch(written) else [_IN_FLOW.sub("", written, count=1)]
    if "unverified_live" not in written or any("unverified_live" in line for line in changed):
        raise MonitorError(f"{file}:{place.line}: take `unverified_live` out by hand")
    lines[place.line - 1 : place.line] = changed
    _replace(file, "\n".join(lines))
    if not confirmed():
        _replace(file, before)
        raise MonitorError(f"{file}:{place.line}: take `unverified_live` out by hand")
    return f"{file}:{place.line}"


def is_confirmed(report: LoadReport, source_id: str) -> bool:
    """Return whether the files are right and their source is known to work."""
    source = report.loaded.plan.source(source_id)
    return not report.problems and source is not None and not source.unverified_live


def _replace(file: Path, text: str) -> None:
    """Put a text in a file's place at one stroke, its mode kept."""
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(text, encoding="utf-8", newline="")
    fresh.chmod(file.stat().st_mode & 0o777)
    fresh.replace(file)
