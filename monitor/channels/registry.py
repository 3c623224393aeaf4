"""The kinds of channel that there are, each under the name of its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.channels import kinds
from monitor.channels.kind import ChannelKind
from monitor.model.kind import modules

ANNOUNCED: Final = ("naverworks", "email", "apprise")  # not built yet, and the configuration says so


def channel_kinds() -> Mapping[str, ChannelKind]:
    """Return each kind whose file stands in the folder."""
    return {name: module.KIND for name, module in modules(kinds).items()}


CHANNEL_KINDS: Final = channel_kinds()
