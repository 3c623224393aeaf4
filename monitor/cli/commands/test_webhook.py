"""monitor test-webhook"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from operator import attrgetter
from typing import Annotated

import typer

from monitor.cli import process
from monitor.cli.exit_codes import FAILURE
from monitor.cli.opening import opened
from monitor.cli.options import FOLDER, Config, Format, unknown
from monitor.cli.text.output import RecordFormat, write
from monitor.model.records import SampleRecord
from monitor.present.inert import sanitize

COLUMNS = tuple(field.name for field in fields(SampleRecord))


def send(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="The channel, of any kind.")],
    *,
    type_: Annotated[
        str, typer.Option("--type", metavar="TYPE", help="The type of message: monitor schema lists them.")
    ] = "test",
    form: Format = None,
    config: Config = FOLDER,
) -> None:
    """Send a marked sample through a channel and show what its receiver answers (시험 전송).

    One message, through all that a real one goes through: the channel's format, signature and headers, the guard, the
    deadline. It says in words and as `data.test` that it is a test, its `seq` is 0: it stands outside the line, takes no
    number and is sent at once, also while messages wait, the channel is shut or switched off, and no daemon runs. Nothing
    is stored, and no daemon is disturbed. Goes by the files as they are now.
    Exits with 0 when the receiver took it, with 1 when it did not.
    """
    from monitor.channels.words import schemas

    if type_ not in schemas.types():
        raise unknown("--type", "type of message", type_, schemas.types())
    with opened(config) as (app, wait):
        known = [one.id for one in app.files.plan.channels]
        if channel not in known:
            raise unknown("CHANNEL", "channel", channel, known)
        record = wait(app.channel_trials.send_sample(channel, type_, process.now()))
    write((record,), RecordFormat(COLUMNS, _cells, asdict, _draw, ""), form)
    sys.stdout.flush()  # a look-up of a name that hangs would keep the process, but must not keep the answer
    if not record.taken:
        raise typer.Exit(FAILURE)


def _cells(record: SampleRecord) -> tuple[object, ...]:
    """Return a record's values for CSV."""
    return *attrgetter(*COLUMNS[:-1])(record), "; ".join(record.notes)


def _draw(records: Sequence[SampleRecord]) -> None:
    """Write what came of each sample, a line for each thing."""
    for record in records:
        known = {
            "channel": f"{record.channel} ({record.kind})",
            "sent": f"{record.type}, id {record.id}",
            "status": "none" if record.status is None else str(record.status),
            "time": f"{record.elapsed_ms} ms",
            "answer": record.answer,
            "means": record.means,
            "what to do": record.action,
        }
        lines = [*known.items(), *(("note", note) for note in record.notes)]
        sys.stdout.writelines(f"{sanitize(f'{name:<10} {text}')}\n" for name, text in lines if text)
