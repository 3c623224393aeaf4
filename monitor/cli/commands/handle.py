"""monitor handle"""

from __future__ import annotations

from typing import Annotated, Final

import typer

from monitor.cli import process
from monitor.cli.opening import reading
from monitor.cli.options import FOLDER, Config, faults_of
from monitor.model.errors import InvalidValueError
from monitor.model.handling import HandlingState, HandlingSubject, NewHandling
from monitor.present.inert import sanitize

STORY: Final = "story:"
_MOST: Final = 2**63 - 1


def handle(
    what: Annotated[
        str,
        typer.Argument(
            metavar="HIT|story:ID", help="The number of a hit, or story: and the id of a story or the end of it."
        ),
    ],
    *,
    state: Annotated[
        HandlingState,
        typer.Option(help="new: nobody sees to it; kept: it matters; ignored: it does not; handled: it is done."),
    ],
    owner: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Who sees to it; as before without it, - for nobody in particular.", show_default=False
        ),
    ] = None,
    note: Annotated[str, typer.Option(metavar="TEXT", help="What others should know.", show_default=False)] = "",
    who: Annotated[
        str, typer.Option(metavar="NAME", help="Who says so; the login name without it.", show_default=False)
    ] = "",
    config: Config = FOLDER,
) -> None:
    """Say what became of a hit or a story (처리 상태).

    What is said of a story holds for all of its acts and hits, also those that come later; a new act is new again. What was said
    last holds, of the hit or of its story; all that was said before stays. `monitor hits --handling new` shows what nobody has seen to.
    """
    with reading(config) as (app, wait):
        if what.startswith(STORY):
            ending = what.removeprefix(STORY)
            with faults_of("HIT|story:ID"):
                subject = HandlingSubject(story_id=wait(app.story_called(ending)))
        else:
            subject = HandlingSubject(hit_id=_number(what))
        try:
            said = NewHandling(
                state=state,
                author=who or process.login(),
                at=process.now(),
                owner="" if owner == "-" else owner,
                note=note,
            )
        except InvalidValueError as error:
            raise typer.BadParameter(str(error)) from None
        now = wait(app.triage.handle(subject, said))
    name = f"hit {subject.hit_id}" if subject.hit_id is not None else f"story {subject.story_id}"
    typer.echo(sanitize(f"{name}: {now.state.value}{f', {now.owner}' if now.owner else ''}"))


def _number(text: str) -> int:
    """Return the number of a hit. Raises BadParameter for what is none."""
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:20]) <= _MOST and len(text) < 20):  # noqa: PLR2004 - digits
        raise typer.BadParameter(f"{text!r} is neither the number of a hit nor story:ID", param_hint="HIT|story:ID")
    return int(text)
