"""monitor replay"""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.exit_codes import FAILURE, OK, PARTIAL
from monitor.cli.opening import reading
from monitor.cli.options import FOLDER, Config
from monitor.present.inert import sanitize

UNKNOWN = "unknown"
AMBIGUOUS = "ambiguous"
SHUT = "shut"
DUE = frozenset({"replayed", "released", "hurried", "behind"})
MEANINGS = {
    "replayed": "replayed: sent again under its old id and number",
    "released": "released: was kept back, is due now",
    "hurried": "hurried: was waiting for its next try, is due now",
    "behind": "behind: waits behind another message of its channel, which is due now",
    SHUT: "shut: its channel is shut, nothing was changed; `monitor channels` says why, `monitor channels open ID` opens it",
    "sending": "sending: is being sent at this moment, left alone",
    AMBIGUOUS: "ambiguous: several deliveries end so, none was touched; give more of the id",
    UNKNOWN: "unknown: there is no such delivery",
}


def replay(
    ids: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Ids, or their ends, as `monitor deliveries` shows them.")
    ],
    *,
    config: Config = FOLDER,
) -> None:
    """Send deliveries again (재전송).

    A running daemon sends them within seconds, otherwise the next `monitor run` does. The receiver sees the same
    webhook-id as before. A message whose channel is shut is left alone. The exit code is 3 for that and when some of the ids
    do not exist, or end several, and 1 when none names one.
    """
    with reading(config) as (app, wait):
        outcomes = wait(app.sending.replay(ids))
        idle = app.sending.nobody_sends()
    for delivery_id, outcome in outcomes:
        typer.echo(sanitize(f"{delivery_id}  {MEANINGS.get(outcome, outcome)}"))
    if idle and any(outcome in DUE for _, outcome in outcomes):
        typer.echo(sanitize(idle), err=True)
    raise typer.Exit(verdict([outcome for _, outcome in outcomes]))


def verdict(outcomes: list[str]) -> int:
    """Return the exit code for the outcomes: how many of the ids name a delivery."""
    missing = outcomes.count(UNKNOWN) + outcomes.count(AMBIGUOUS)
    if not missing:
        return PARTIAL if SHUT in outcomes else OK
    return FAILURE if missing == len(outcomes) else PARTIAL
