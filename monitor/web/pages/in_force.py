"""What was written to the files is put in force."""

from __future__ import annotations

from typing import Final

from monitor.model.errors import ConfigError, MonitorError
from monitor.service.desk import Desk

TAKEN: Final = "taken"
_LONGEST: Final = 500


async def put_in_force(desk: Desk) -> str:
    """Put in force what was written; return TAKEN, or why it is not in force."""
    desk.line.forget()
    desk.files.forget()
    try:
        await desk.actions.reload()
    except ConfigError as error:
        return error.problems[0].message[:_LONGEST]
    except MonitorError as error:
        return str(error)[:_LONGEST]
    return TAKEN
