"""Regular expressions of users, run by RE2: linear time whatever they say, where Python's `re` can be made to hang.

The library is optional; this module alone knows it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any, Final

from monitor.model.errors import QueryError

_LONGEST: Final = 1_000
_MEMORY: Final = 8 << 20  # bytes for one compiled expression
_MOST: Final = 1_000  # matches taken from one field


class CompiledRegex:
    """A compiled expression."""

    def __init__(self, compiled: Any) -> None:  # noqa: ANN401 - the library has no types
        self._compiled = compiled

    def finditer(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield the spans of the first matches in `text` (code points), ascending, none of them empty."""
        text = text.encode(errors="replace").decode()
        for number, found in enumerate(self._compiled.finditer(text)):
            if number >= _MOST:
                return
            if found.end() > found.start():
                yield found.span()


@cache
def _library() -> ModuleType | None:
    try:
        return importlib.import_module("re2")
    except ImportError:
        return None


def compile_regex(pattern: str, expression: str, position: int) -> CompiledRegex:
    """Compile a user's pattern, case-insensitive. Raises QueryError, quoting `expression`, for a bad or too big one."""
    library = _library()
    if library is None:
        raise QueryError(
            expression, position, "regular expressions need the google-re2 package", "install it, or use terms"
        )
    if len(pattern) > _LONGEST:
        raise QueryError(
            expression, position, f"the regular expression is longer than {_LONGEST} characters", "split it"
        )
    options = library.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        return CompiledRegex(library.compile(pattern, options))
    except library.error as error:
        detail = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error.args[0])
        raise QueryError(
            expression, position, f"the regular expression cannot be used: {detail}", "see RE2 syntax"
        ) from error
