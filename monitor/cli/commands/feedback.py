"""monitor feedback"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from monitor.cli import process
from monitor.cli.opening import reading
from monitor.cli.options import FOLDER, Config
from monitor.cli.text.output import amount
from monitor.model.errors import InvalidValueError
from monitor.model.feedback import NewFeedback, Relevance
from monitor.model.suggestion import Suggestions
from monitor.present.inert import sanitize
from monitor.present.suggestions import yaml_line


def feedback(
    hit: Annotated[int, typer.Argument(metavar="HIT", min=1, max=2**63 - 1, help="The number of a hit.")],
    relevance: Annotated[
        Relevance,
        typer.Argument(
            metavar="meant|not_meant|none", help="It is what the rule means, it is not, or take back what was said."
        ),
    ],
    *,
    note: Annotated[str, typer.Option(metavar="TEXT", help="Why, for others.", show_default=False)] = "",
    who: Annotated[
        str, typer.Option(metavar="NAME", help="Who says so; the login name without it.", show_default=False)
    ] = "",
    suggest: Annotated[
        bool, typer.Option("--suggest", help="With not_meant: what its rule could refuse, and what that would cost.")
    ] = False,
    config: Config = FOLDER,
) -> None:
    """Say whether a hit was what its rule means (적중 평가).

    What was said last holds; all that was said before stays. It changes no rule and no alert. `monitor hits --feedback not_meant`
    shows what was found and not meant.

    --suggest tries what stands around the words: longer words, neighbours, nouns of the same sentence. Each suggestion refuses this hit and
    is held against the stored hits of its rule of the last 30 days (an exception adds none): how many would go, which of them
    nobody called wrong, and the line to write into the rules. No file is changed.
    """
    if suggest and relevance is not Relevance.NOT_MEANT:
        raise typer.BadParameter("only for what was not meant", param_hint="--suggest")
    with reading(config) as (app, wait):
        try:
            said = NewFeedback(relevance=relevance, author=who or process.login(), at=process.now(), note=note)
        except InvalidValueError as error:
            raise typer.BadParameter(str(error)) from None
        now = wait(app.triage.add_feedback(hit, said))
        typer.echo(sanitize(f"hit {hit}: {now.relevance.value}"))
        if suggest:
            for line in _lines(wait(app.triage.suggest(hit, process.now()))):
                typer.echo(sanitize(line))


def _lines(found: Suggestions) -> Iterator[str]:
    others = amount(found.others, "other hit")
    yield f"rule {found.rule_id}, held against {amount(found.wrong, 'hit')} not meant and {others} of 30 days:"
    if found.none:
        yield f"  {found.none}"
        return
    for number, one in enumerate(found.found, 1):
        yield f"{number}. {one.phrase}: +0 -{one.removed}, {len(one.refused)} not meant, {one.lost_count} lost"
        yield from (f"     lost: hit {hit.id} {hit.title}" for hit in one.lost)
        yield f"     {yaml_line(one.expression)}"
    yield f"write one of them at {found.place}, then monitor check and monitor reload"
