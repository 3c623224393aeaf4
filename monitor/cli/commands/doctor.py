"""monitor doctor"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated  # noqa: TID251 - the service is imported late, its types are named
from zoneinfo import ZoneInfo

import typer

from monitor.cli import process
from monitor.cli.exit_codes import FAILURE, PARTIAL
from monitor.cli.opening import opened
from monitor.cli.options import FOLDER, Config, unknown
from monitor.cli.text.output import amount
from monitor.cli.text.page import explained_page
from monitor.model.article import Entry
from monitor.model.confidential import hide
from monitor.model.errors import public_url
from monitor.model.trial import Trial, TriedArticle, TriedUrl
from monitor.present.inert import sanitize
from monitor.present.moments import in_zone

if TYPE_CHECKING:
    from monitor.service.diagnosis import HealthCheck

SHOWN = 160  # code points of a value
ENTRIES = 5


def doctor(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Try this source live instead.")] = "",
    *,
    trace: Annotated[
        str,
        typer.Option("--trace", metavar="URL", help="Walk one address through the line instead.", show_default=False),
    ] = "",
    quick: Annotated[
        bool, typer.Option("--quick", help="Only configuration, daemon and database; for health checks.")
    ] = False,
    articles: Annotated[
        int, typer.Option(min=1, max=20, metavar="N", help="With SOURCE: how many articles to read.")
    ] = 3,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="With SOURCE: when all is well, take unverified_live out of its file.")
    ] = False,
    config: Config = FOLDER,
) -> None:
    """Check whether all is well, or try a source live (상태 진단, 출처 시험).

    Where something is not, it says what to do. The exit code is 0 when everything is well and 1 when something is not.
    With SOURCE its lists and its first articles are fetched as the daemon would, and nothing is stored or sent: what was
    found is shown, which way won for each field, and which rules hit. The exit code is then 3 when only a part is well.
    With --trace one address is walked through the line: robots, fetch, extract, match, story, and who would hear now, with what each
    step took. Nothing is stored or sent; the exit code is 1 when a step fails.
    """
    if trace:
        if source or quick or confirm:
            raise typer.BadParameter("--trace stands alone", param_hint="--trace")
        _trace(trace, config)
    elif source:
        _try_source(source, articles, config, confirm=confirm)
    else:
        _diagnose(config, quick=quick)


def _trace(url: str, config: Path) -> None:
    """Walk an address through the line and show how that went; exits with 1 when a step failed."""
    now = process.now()
    with opened(config) as (app, wait):
        found, zone = wait(app.explaining.trace(url, now)), ZoneInfo(app.files.plan.zone)
    for line in explained_page(found, now, zone):
        typer.echo(sanitize(hide(line)))
    if not all(step.ok for step in found.steps):
        raise typer.Exit(FAILURE)


def _diagnose(folder: Path, *, quick: bool) -> None:
    """Show every check and what came of it; exits with 1 when one is not ok."""
    with opened(folder) as (app, wait):
        checks = wait(app.doctor.health(quick=quick))
    for line in map(check_line, checks):
        typer.echo(line)
    if not all(check.ok for check in checks):
        raise typer.Exit(FAILURE)


def check_line(check: HealthCheck) -> str:
    """Return a check on one line: `ok` or `FAIL`, what was checked, what was found, what to do."""
    mark = "ok  " if check.ok else "FAIL"
    action = f" -> {check.action}" if check.action and not check.ok else ""
    return sanitize(hide(f"{mark} {check.name}: {check.detail}{action}"))


def _try_source(source: str, articles: int, config: Path, *, confirm: bool) -> None:
    """Try a source and show what came of it; exits with 1 when nothing is well and 3 when only a part is."""
    with opened(config) as (app, wait):
        sources = [one.id for one in app.files.plan.sources]
        if source not in sources:
            raise unknown("SOURCE", "source", source, sources)
        trial, zone = wait(app.source_setup.try_live(source, articles)), ZoneInfo(app.files.plan.zone)
        for line in trial_lines(trial, zone):
            typer.echo(sanitize(hide(line)))
        if not trial.well:
            typer.echo("FAIL not all is well", err=True)
            raise typer.Exit(FAILURE if trial.hopeless else PARTIAL)
        if confirm and trial.source.unverified_live:
            place = wait(app.source_setup.confirm(source))
            typer.echo(sanitize(f"ok   unverified_live taken out: {place}; then: monitor reload"))
        elif trial.source.unverified_live:
            typer.echo(sanitize(f"ok   unverified_live may be taken out: monitor doctor {source} --confirm"))


def trial_lines(trial: Trial, zone: tzinfo) -> Iterator[str]:
    """Return a trial in lines, its times in `zone`."""
    source = trial.source
    reader = f"page definition {source.site}" if source.site else "the generic reader"
    yield f"source {source.id} ({source.name}), {source.kind}, {reader}" + ("" if source.enabled else ", switched off")
    for url in trial.urls:
        yield from _url(url, zone)
    for want in trial.wants:
        yield f"FAIL {want}"
    for number, article in enumerate(trial.articles, 1):
        yield from _article(number, article, zone)


def _url(tried: TriedUrl, zone: tzinfo) -> Iterator[str]:
    if tried.error:
        yield f"FAIL {public_url(tried.url)}: {tried.error}"
        return
    times = [entry.published_at for entry in tried.entries if entry.published_at]
    newest = f", {len(times)} with a time, the newest of {in_zone(max(times), zone)}" if times else ", none with a time"
    yield f"ok   {public_url(tried.url)}: {amount(len(tried.entries), 'article')}{newest}"
    yield from (f"FAIL {error}" for error in tried.partial)
    if tried.cut:
        yield "     that is as many as are taken of one list: what stands behind them is not read; give lists of sections as `url`"
    yield from (f"     {entry_line(entry, zone)}" for entry in tried.entries[:ENTRIES])
    if len(tried.entries) > ENTRIES:
        yield f"     and {len(tried.entries) - ENTRIES} more"


def entry_line(entry: Entry, zone: tzinfo) -> str:
    """Return an entry on one line: time, headline, address."""
    return f"{_value(entry.published_at, zone) or '-'}  {entry.title or '(no headline)'}  {public_url(entry.url)}"


def _article(number: int, tried: TriedArticle, zone: tzinfo) -> Iterator[str]:
    yield f"{'FAIL' if tried.error or tried.wants else 'ok  '} article {number}: {public_url(tried.entry.url)}"
    yield from (f"     {problem}" for problem in (*((tried.error,) if tried.error else ()), *tried.wants))
    article = tried.article
    if article is None:
        return
    fields = ("title", "subtitle", "authors", "section", "published_at", "modified_at", "lang", "canonical_url")
    for name in fields:
        text = _value(getattr(article, name), zone)
        yield f"     {name} [{article.field_sources.get(name, 'not found')}]: {text[:SHOWN]}"
    extent = f"{len(article.body)} characters, confidence {article.field_sources.get('confidence', 'not needed')}"
    yield f"     body [{article.field_sources.get('body', 'not found')}]: {extent}: {article.body[:SHOWN]}"
    hits = ", ".join(f"{rule} ({amount(count, 'mention')})" for rule, count in tried.hits)
    yield f"     rules that hit: {hits or 'none'}"


def _value(value: object, zone: tzinfo) -> str:
    if isinstance(value, datetime):
        return in_zone(value, zone)
    return ", ".join(value) if isinstance(value, tuple) else str(value or "")
