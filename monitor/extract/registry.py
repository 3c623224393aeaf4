"""The kinds of source that there are, each under the name of its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.extract import kinds
from monitor.extract.kind import SourceKind
from monitor.model.kind import KindFolder

SOURCE_KINDS: Final[Mapping[str, SourceKind]] = KindFolder(kinds)
