"""The kinds of source that there are, each under the name of its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.extract import kinds
from monitor.extract.kind import SourceKind
from monitor.model.kind import modules


def source_kinds() -> Mapping[str, SourceKind]:
    """Return each kind whose file stands in the folder."""
    return {name: module.KIND for name, module in modules(kinds).items()}


SOURCE_KINDS: Final = source_kinds()
