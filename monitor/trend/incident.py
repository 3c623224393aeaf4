"""One alert for one incident, however long it lasts and however often it is looked at. Pure.

An incident begins with an alarm and ends when counts have been usual again for two hours; what comes up in between belongs to it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from monitor.model.counting import QUIET, Incident
from monitor.trend.verdict import CountVerdict

CALM: Final = timedelta(hours=2)


def follow(incident: Incident, verdict: CountVerdict) -> tuple[Incident, bool]:
    """Return the incident after a verdict, and whether that is to be told.

    A verdict of before the last one (the clock was set back) neither ends an incident nor begins its calm anew.
    """
    if verdict.alarm:
        if incident.since is None or _over(incident, verdict.at):
            return Incident(verdict.at), True
        return replace(incident, calm_since=None), False
    if incident.since is None or not verdict.calm:
        return replace(incident, calm_since=None), False
    if _over(incident, verdict.at):
        return QUIET, False
    return replace(incident, calm_since=incident.calm_since or verdict.at), False


def _over(incident: Incident, at: datetime) -> bool:
    return incident.calm_since is not None and at - incident.calm_since >= CALM
