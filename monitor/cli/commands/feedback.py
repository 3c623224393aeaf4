"""monitor feedback"""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli import process
from monitor.cli.opening import reading
from monitor.cli.options import FOLDER, Config
from monitor.cli.text.sanitize import sanitize
from monitor.model.errors import InvalidValueError
from monitor.model.feedback import NewFeedback, Relevance


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
    config: Config = FOLDER,
) -> None:
    """Say whether a hit was what its rule means (적중 평가).

    What was said last holds; all that was said before stays. It changes no rule and no alert. `monitor hits --feedback not_meant`
    shows what was found and not meant.
    """
    with reading(config) as (app, wait):
        try:
            said = NewFeedback(relevance=relevance, author=who or process.login(), at=process.now(), note=note)
        except InvalidValueError as error:
            raise typer.BadParameter(str(error)) from None
        now = wait(app.add_feedback(hit, said))
    typer.echo(sanitize(f"hit {hit}: {now.relevance.value}"))
