"""The kinds of source that there are, each under the name of its file."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Final

from monitor.extract import kinds
from monitor.extract.kind import SourceKind
from monitor.model.kind import KindFolder, KindSettings


def _kind(file: ModuleType) -> SourceKind:
    kind: SourceKind = file.KIND
    return kind


def _settings(file: ModuleType) -> KindSettings:
    return _kind(file).settings


SOURCE_KINDS: Final[Mapping[str, SourceKind]] = KindFolder(kinds, _kind)
SOURCE_SETTINGS: Final[Mapping[str, KindSettings]] = KindFolder(kinds, _settings)
