"""What a calendar is asked for by those who decide when somebody is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Calendar:
    """The moments of crontab expressions, and the days of rest of countries.

    `next_cron` returns the first moment of an expression after another moment, in an IANA zone; UTC. `is_holiday` returns
    whether a date is a public holiday of a country (ISO 3166, two letters).
    """

    next_cron: Callable[[str, datetime, str], datetime]
    is_holiday: Callable[[str, date], bool]
