"""The product's own errors as a plain line and an exit code; anything else is a bug and keeps its traceback."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from monitor.model.confidential import hide
from monitor.model.errors import (
    NO_FOLDER,
    ConfigError,
    LockHeldError,
    MonitorError,
    QueryError,
    SchemaError,
    SqlMistakeError,
)
from monitor.present.inert import sanitize

OK, FAILURE, USAGE, PARTIAL = 0, 1, 2, 3
# Of sysexits.h: EX_NOINPUT, EX_TEMPFAIL, EX_PROTOCOL, EX_CONFIG. A service manager tries 75 again, never 2, 76 and 78.
UNREADABLE, LOCKED, NEWER_SCHEMA, NO_CONFIG = 66, 75, 76, 78


def exit_code(error: Exception) -> int:
    """Return the exit code that an error means."""
    if isinstance(error, ConfigError):
        return NO_CONFIG if any(problem.code == NO_FOLDER for problem in error.problems) else USAGE
    codes = ((QueryError, USAGE), (SqlMistakeError, USAGE), (LockHeldError, LOCKED), (SchemaError, NEWER_SCHEMA))
    return next((code for kind, code in codes if isinstance(error, kind)), FAILURE)


def error_text(error: Exception) -> str:
    """Return an error in words: one line, or for a ConfigError one line per problem."""
    if isinstance(error, ConfigError):
        return "\n".join(sanitize(hide(str(problem))) for problem in error.problems)
    if isinstance(error, OSError):
        place = f" ({error.filename})" if error.filename else ""
        return sanitize(hide(f"monitor: {error.strerror or error}{place}"))
    return sanitize(hide(f"monitor: {error}"))


def discard_output() -> None:
    """Let the interpreter's last flush of standard output go nowhere: its reader has had enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class RootCommand(TyperGroup):
    """The root command: runs one of its commands and prints its errors."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's own signature
        """Run the command. A reader that stops reading (`| head`) is no error."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            discard_output()
            raise typer.Exit(OK) from None
        except (MonitorError, OSError) as error:
            typer.echo(error_text(error), err=True)
            raise typer.Exit(exit_code(error)) from error
        return result
