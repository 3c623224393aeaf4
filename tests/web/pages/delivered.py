"""Rows of the outbox as pages are given them."""

from __future__ import annotations

from datetime import timedelta

from monitor.model.records import DeliveryRecord
from tests.contracts.invented import NOW


def waiting(channel: str, policy: str, minutes: float) -> DeliveryRecord:
    """Return a notification that is held for so many minutes."""
    due = NOW + timedelta(minutes=minutes)
    return DeliveryRecord(
        f"n{minutes}",
        channel,
        None,
        "r",
        "",
        "",
        "held",
        "",
        0,
        NOW,
        due,
        None,
        None,
        "",
        group_key=f"{policy}:{channel}",
    )
