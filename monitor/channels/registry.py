"""The kinds of channel that there are, each under the name of its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.channels import kinds
from monitor.channels.kind import ChannelKind
from monitor.model.kind import KindFolder

CHANNEL_KINDS: Final[Mapping[str, ChannelKind]] = KindFolder(kinds)
