"""monitor explain"""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo

import typer

from monitor.cli import process
from monitor.cli.opening import reading
from monitor.cli.options import FOLDER, Config, unknown
from monitor.cli.text.page import explained_page
from monitor.cli.text.sanitize import to_json
from monitor.model.confidential import hide
from monitor.present.explained import explained_object
from monitor.present.inert import sanitize


class PageForm(StrEnum):
    """The forms of a page."""

    TEXT = "text"
    JSON = "json"


PageFormat: TypeAlias = Annotated[
    PageForm, typer.Option("--format", help="A page of text, or one JSON object for programs.")
]


def explain(
    target: Annotated[str, typer.Argument(metavar="URL|HIT", help="An address in any spelling, or a hit's number.")],
    *,
    rule: Annotated[str, typer.Option(metavar="ID", help="Only this rule.", show_default=False)] = "",
    offline: Annotated[
        bool, typer.Option("--offline", help="Fetch nothing, also where no list has shown the address.")
    ] = False,
    form: PageFormat = PageForm.TEXT,
    config: Config = FOLDER,
) -> None:
    """Explain why something was told, or not (알림 경위).

    One page, in order: which source listed it when; how its page was read; which rules met it, and what was refused and why; its
    story; what became of each message. Rules are those in force; where one was changed since, that is said. An address that no list
    has shown is fetched just now, as `monitor doctor --trace` does, and what would happen is said; nothing is stored or sent.

    fate in JSON: sent, waiting, held, dead, suppressed, nobody (no channel is to hear of it), no_hit, not_read, ignored,
    forgotten (read, and kept no more), list (the address of a list itself), never_listed, tried (never listed, fetched just now). Keys: url, key, asked_at, fate, why, listed,
    lists, sources, read, rules, other_rules, story, notifications, hearing, live, steps; what does not apply is null or empty.
    """
    now = process.now()
    with reading(config) as (app, wait):
        plan = wait(app.plan())
        if rule and rule not in {one.id for one in plan.rules}:
            raise unknown("--rule", "rule", rule, [one.id for one in plan.rules])
        found = wait(app.explaining.explain(target, rule, now, live=not offline))
    if form is PageForm.JSON:
        sys.stdout.write(to_json(explained_object(found), indent=2) + "\n")
        return
    for line in explained_page(found, now, ZoneInfo(plan.zone)):
        typer.echo(sanitize(hide(line)))
