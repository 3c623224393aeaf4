"""monitor schema"""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.cli.options import unknown


def schema(
    type_: Annotated[
        str, typer.Argument(metavar="TYPE", show_default=False, help="A type of message, as in hit.created.")
    ] = "",
) -> None:
    """Print the JSON Schema of a webhook body (웹훅 본문의 스키마).

    Without TYPE the types of message are listed, one a line. The version of a shape ends its `$id`, and is `version` in the body.
    """
    from monitor.channels.words import schemas

    if not type_:
        typer.echo("\n".join(schemas.types()))
        return
    if type_ not in schemas.types():
        raise unknown("TYPE", "type of message", type_, schemas.types())
    typer.echo(schemas.schema_text(type_).rstrip("\n"))
