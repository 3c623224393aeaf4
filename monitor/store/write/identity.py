"""Ids that sort in the order in which they were made."""

from __future__ import annotations

import uuid6


def new_uuid() -> str:
    """Return a UUIDv7 (RFC 9562 §5.7): ids that sort in the order in which they were made."""
    return str(uuid6.uuid7())
