"""The configuration, read with every kind of source and channel that there is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from monitor.channels.registry import ANNOUNCED, CHANNEL_KINDS
from monitor.config import load as loading
from monitor.config.load import Loaded, LoadReport
from monitor.extract.registry import SOURCE_KINDS
from monitor.model.kind import KnownKinds

KNOWN_KINDS: Final = KnownKinds(
    sources=SOURCE_KINDS,
    channels=CHANNEL_KINDS,
    announced_channels=ANNOUNCED,
)


def load(folder: Path, environ: Mapping[str, str]) -> Loaded:
    """Read the configuration as monitor.config.load does. Raises ConfigError with every fault of every file."""
    return loading.load(folder, environ, KNOWN_KINDS)


def read(folder: Path, environ: Mapping[str, str]) -> LoadReport:
    """Read as `load` does, but return the faults beside what could be read."""
    return loading.read(folder, environ, KNOWN_KINDS)
