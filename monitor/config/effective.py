"""What monitor.yaml comes to: each of its values as it holds, where it was said, and no secret. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from pydantic import BaseModel

from monitor.config.parts import MonitorPart
from monitor.config.places import Path, Spot
from monitor.config.quantities import duration_text, size_text
from monitor.config.validation import CONFIDENTIAL
from monitor.model.confidential import hide

MASK: Final = "********"
"""What stands for a value that nobody is shown."""
RELOADED: Final = frozenset(
    {"timezone", "first_run", "analyser", "operator_channels", "max_age", "follow_up", "adaptive"}
)
"""Keys at the top that a reload puts in force; all others take effect at the next start."""
_BYTES: Final = frozenset({"max_bytes"})


class Origin(StrEnum):
    """Where a value was said: in the file, in a variable of the environment, or nowhere, so that the default holds."""

    FILE = "file"
    ENVIRONMENT = "environment"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class EffectiveSetting:
    """A value by its dotted key, as it would be written; "" for none, MASK for what is confidential.

    `place` is the line of the file, or the name of the variable.
    """

    key: str
    value: str
    origin: Origin
    place: str = ""


def effective(
    part: MonitorPart, spot: Spot | None, variables: dict[str, tuple[str, str]]
) -> tuple[EffectiveSetting, ...]:
    """Return all values of monitor.yaml, which stands at `spot`; `variables` are (name, value) of keys that they outrank."""
    found = []
    for one in _walk(part, spot, ()):
        name, value = variables.get(one.key, ("", ""))
        if name:
            shown = MASK if one.key in CONFIDENTIAL else hide(value)
            found.append(EffectiveSetting(one.key, shown, Origin.ENVIRONMENT, name))
        else:
            found.append(one)
    return tuple(found)


def waiting(started: Iterable[EffectiveSetting], now: Collection[EffectiveSetting]) -> frozenset[str]:
    """Return the keys whose values were changed since the start and take effect at the next one."""
    before = {one.key: one.value for one in started}
    return frozenset(
        one.key for one in now if one.key.split(".")[0] not in RELOADED and before.get(one.key) != one.value
    )


def _walk(part: BaseModel, spot: Spot | None, path: Path) -> Iterator[EffectiveSetting]:
    for name, field in type(part).model_fields.items():
        value, here = getattr(part, name), (*path, name)
        if isinstance(value, BaseModel):
            yield from _walk(value, spot, here)
            continue
        written = name in part.model_fields_set
        confidential = name in CONFIDENTIAL or not field.repr
        shown = (MASK if value else "") if confidential else hide(_text(name, value))
        line = str(spot.find(here)[0].line) if written and spot is not None else ""
        yield EffectiveSetting(".".join(map(str, here)), shown, Origin.FILE if written else Origin.DEFAULT, line)


def _text(name: str, value: object) -> str:
    """Return a value as it would be written."""
    if name == "listen" and isinstance(value, tuple):
        host, port = value
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if isinstance(value, list | tuple):
        return ", ".join(_text(name, one) for one in value)
    return _scalar(name, value)


def _scalar(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float | timedelta):
        return duration_text(value.total_seconds() if isinstance(value, timedelta) else value)
    return size_text(value) if name in _BYTES and isinstance(value, int) else str(value)
