"""A record as a JSON object: each field under its name, as `--format json` prints it."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from monitor.present.moments import rfc3339
from monitor.present.shapes import Json


def record_object(record: Any) -> dict[str, Json]:  # noqa: ANN401 - any dataclass
    """Return the fields of a record of texts, numbers, moments and tuples of them; moments are RFC 3339 in UTC."""
    return {field.name: _shown(getattr(record, field.name)) for field in fields(record)}


def _shown(value: Any) -> Json:  # noqa: ANN401 - the value of any field
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, tuple):
        return [_shown(one) for one in value]
    shown: Json = value
    return shown
