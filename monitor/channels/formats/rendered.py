"""What a format makes of a message, and the frozen body as every format reads it. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from monitor.model.delivery import Delivery
from monitor.model.errors import MessageError
from monitor.model.plan import Channel

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Rendered:
    """The body as it goes out, and the headers that belong to it. `note` is for the record of the attempt."""

    body: bytes = field(repr=False)
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


Format: TypeAlias = Callable[[Delivery, Channel], Rendered]
"""Return the message in one format. Raises MessageError for a body that is none of ours."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A frozen body, or an item of a digest. `data` is as it was frozen."""

    type: str
    version: str
    timestamp: str
    data: Mapping[str, Any]

    def text(self, *path: str) -> str:
        """Return the text or number that stands there in `data`, "" where there is none."""
        found: object = self.data
        for step in path:
            found = found.get(step) if isinstance(found, Mapping) else None
        return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""

    def items(self) -> tuple[Envelope, ...]:
        """Return the messages that a digest is made of; of any other the message itself."""
        listed = self.data.get("items")
        told = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
        return tuple(_envelope(item, self.version) for item in told) if self.type == "digest" and told else (self,)

    def hits(self) -> tuple[Envelope, ...]:
        """Return the message, then for each further rule that its article met the one that a hit of it alone would have."""
        also = self.data.get("also")
        others = [one for one in also if isinstance(one, dict)] if isinstance(also, list) else []
        return (self, *(replace(self, data={**self.data, "also": [], "matches": [], **one}) for one in others))


def standard(delivery: Delivery, channel: Channel) -> Rendered:
    """Return the frozen body as it stands."""
    del channel
    return Rendered(delivery.body)


def read_envelope(body: bytes) -> Envelope:
    """Read a frozen body. Raises MessageError for what is no message of ours."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        raise MessageError("the message is no JSON") from None
    if not isinstance(message, dict) or not isinstance(message.get("data"), dict) or not message.get("type"):
        raise MessageError("the message is none of ours")
    return _envelope(message, "1")


def encode(value: object) -> bytes:
    """Write JSON: compact, UTF-8, Korean left readable, keys in the order in which they stand."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _envelope(message: Mapping[str, Any], version: str) -> Envelope:
    data = message.get("data")
    return Envelope(
        type=str(message.get("type", "")),
        version=str(message.get("version", version)),
        timestamp=str(message.get("timestamp", "")),
        data=data if isinstance(data, dict) else {},
    )
