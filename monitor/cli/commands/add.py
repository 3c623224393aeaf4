"""monitor add"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from monitor.cli.commands.doctor import entry_line
from monitor.cli.exit_codes import FAILURE, USAGE
from monitor.cli.opening import opened
from monitor.cli.options import FOLDER, Config
from monitor.cli.text.output import amount
from monitor.model.errors import public_url
from monitor.model.plan import Source
from monitor.model.trial import Candidate, Found
from monitor.present.inert import sanitize
from monitor.present.moments import in_zone

PREVIEW = 10


def add(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="A site, one of its lists, a feed or a sitemap; or a FILE.opml.")
    ],
    *,
    pick: Annotated[int, typer.Option(min=1, metavar="N", help="Take the Nth of what was found.")] = 1,
    name: Annotated[str, typer.Option("--id", metavar="ID", help="The new source's id.", show_default=False)] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
    config: Config = FOLDER,
) -> None:
    """Find out how a site can be watched, and add it (출처 추가).

    Looks for feeds, news sitemaps and lists of articles with the manners and limits of the configuration, shows what
    was found, best first, with ten articles of the chosen one, and writes the source to sources.d/ID.yaml. Nothing is
    ever overwritten; a source that would break the configuration is not kept.
    Of an OPML file, in which feed readers export their subscriptions, each feed becomes a source; nothing is fetched. What is watched
    already or cannot be is listed with the reason.
    """
    if "://" not in url and url.lower().endswith((".opml", ".opml.xml")):
        if name or pick != 1:
            raise typer.BadParameter(
                "stands with a URL, not with an OPML file", param_hint="--id" if name else "--pick"
            )
        _subscribe(Path(url), config, yes=yes)
        return
    with opened(config) as (app, wait):
        found = wait(app.source_setup.discover(url if "://" in url else f"https://{url}"))
        plan = app.files.plan
        chosen = _chosen(found, pick, ZoneInfo(plan.zone), plan.sources)
        source_id, text = wait(app.source_setup.new(found, chosen, _id(name)))
        typer.echo("")
        for line in text.splitlines():
            typer.echo(sanitize(line))
        if not yes:
            typer.confirm(f"\nWrite this to sources.d/{source_id}.yaml?", abort=True)
        file = wait(app.source_setup.add(source_id, text))
    typer.echo(sanitize(f"{file} written; then: monitor reload"))


def _subscribe(path: Path, config: Path, *, yes: bool) -> None:
    """Make sources of the feeds of an OPML file, once they have been shown."""
    with opened(config) as (app, wait):
        found, file_id = wait(app.source_setup.subscriptions(path))
        for address, reason in found.left_out:
            typer.echo(sanitize(f"left out: {address}: {reason}"))
        for source_id, title, address in found.sources:
            typer.echo(sanitize(f"{source_id:<16}{title}  {public_url(address)}"))
        if not found.sources:
            typer.echo(sanitize(f"monitor: {path}: no feed that is not watched already"), err=True)
            raise typer.Exit(FAILURE)
        counted = amount(len(found.sources), "feed")
        if not yes:
            typer.confirm(f"\nWrite {counted} to sources.d/{file_id}.yaml?", abort=True)
        file = wait(app.source_setup.add(file_id, found.text))
    typer.echo(sanitize(f"{file} written, {counted}; then: monitor reload"))


def _chosen(found: Found, pick: int, zone: tzinfo, present: Sequence[Source]) -> Candidate:
    """Show what was found, what sources have of it already, and the articles of the one that is picked; return that one."""
    if pick > len(found.candidates):
        raise typer.BadParameter(f"there are {len(found.candidates)}", param_hint="--pick")
    for number, candidate in enumerate(found.candidates, 1):
        line = f"{'*' if number == pick else ' '} {number}  {summary(candidate, zone)}{watched(candidate, present)}"
        typer.echo(sanitize(line))
    chosen = found.candidates[pick - 1]
    typer.echo("")
    for entry in chosen.entries[:PREVIEW]:
        typer.echo(sanitize(f"  {entry_line(entry, zone)}"))
    return chosen


def watched(candidate: Candidate, present: Sequence[Source]) -> str:
    """Return which source has a candidate's address already, "" when none has."""
    from monitor.service.discovery import watcher

    source = watcher(candidate.url, present)
    if source is None:
        return ""
    off = "" if source.enabled else f", switched off: set `enabled: true` of {source.id} instead"
    return f", watched already by {source.id} ({source.name}){off}"


def summary(candidate: Candidate, zone: tzinfo) -> str:
    """Return a candidate on one line, its newest time in `zone`."""
    times = [entry.published_at for entry in candidate.entries if entry.published_at]
    newest = f", newest {in_zone(max(times), zone)}" if times else ""
    site = f", page definition {candidate.site}" if candidate.site else ""
    return f"{candidate.kind:<8}{candidate.url}  {amount(len(candidate.entries), 'article')}{newest}{site}"


def _id(name: str) -> str:
    """Return an id that the user gave. Exits with 2 when it cannot be one."""
    if name and not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,63}", name):
        typer.echo("monitor: an id has small letters, digits, - and _, at most 64", err=True)
        raise typer.Exit(USAGE)
    return name
