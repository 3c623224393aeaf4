"""The kinds of channel that there are, each under the name of its file, and which channels can edit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from monitor.channels import kinds
from monitor.channels.kind import ChannelKind, EditingKind
from monitor.model.kind import KindFolder
from monitor.model.plan import Channel

CHANNEL_KINDS: Final[Mapping[str, ChannelKind]] = KindFolder(kinds)


def can_edit(channel: Channel) -> bool:
    """Return whether messages of a channel can be brought up to date where they stand."""
    kind = _editing(channel.kind)
    return kind is not None and kind.edits(channel)


@cache  # asked for each article: an import and a look at every method of a kind would cost more than all else
def _editing(name: str) -> EditingKind | None:
    kind = CHANNEL_KINDS.get(name)
    return kind if isinstance(kind, EditingKind) else None
