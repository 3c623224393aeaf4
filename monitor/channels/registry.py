"""The kinds of channel that there are, each under the name of its file."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Final

from monitor.channels import kinds
from monitor.channels.kind import ChannelKind
from monitor.model.kind import KindFolder, KindSettings

ANNOUNCED: Final = ("naverworks", "email", "apprise")  # not built yet, and the configuration says so


def _kind(file: ModuleType) -> ChannelKind:
    kind: ChannelKind = file.KIND
    return kind


def _settings(file: ModuleType) -> KindSettings:
    return _kind(file).settings


CHANNEL_KINDS: Final[Mapping[str, ChannelKind]] = KindFolder(kinds, _kind)
CHANNEL_SETTINGS: Final[Mapping[str, KindSettings]] = KindFolder(kinds, _settings)
