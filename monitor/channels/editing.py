"""How a service edits a message that it has taken, in place and without a new notification. Pure.

What it answers to a message holds the name under which it keeps it; that name, in one short text, is the receipt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from monitor.model.plan import Channel

LONGEST: Final = 200
"""Characters of a receipt: what is longer is none."""


@dataclass(frozen=True, slots=True)
class Change:
    """One request that puts another body in the place of a message's. `url` is confidential."""

    url: str = field(repr=False)
    body: Mapping[str, Any] = field(repr=False)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Editing:
    """How one service does it.

    `receipt` reads it from the JSON that the service answers to a message, "" where it names none. `change` makes the request
    from the channel, the receipt and the body that the message would have now. `open_to` says whether a channel is set up so
    that it can.
    """

    receipt: Callable[[Mapping[str, Any]], str]
    change: Callable[[Channel, str, Mapping[str, Any]], Change]
    open_to: Callable[[Channel], bool] = lambda channel: bool(channel.url)

    def read(self, said: Mapping[str, Any]) -> str:
        """Return the receipt that an answer holds, "" where there is none that can be kept."""
        found = self.receipt(said)
        return found if len(found) <= LONGEST else ""


def named(value: object, pattern: str) -> str:
    """Return an id of a service, a text or a number, where all of it has the form of one; else ""."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if re.fullmatch(pattern, text, re.ASCII) else ""


def inner(said: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the object under a key of another, an empty one where there is none."""
    found = said.get(key)
    return found if isinstance(found, dict) else {}
