"""The formats that a webhook may be asked for, by name. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.channels.formats.alertmanager import alertmanager
from monitor.channels.formats.cloudevents import binary, structured
from monitor.channels.formats.rendered import Format, standard

FORMATS: Final[Mapping[str, Format]] = {
    "standard": standard,
    "cloudevents": structured,
    "cloudevents-binary": binary,
    "alertmanager": alertmanager,
}
