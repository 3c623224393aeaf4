"""Regular expressions of users, run by RE2: linear time whatever they say, where Python's `re` can be made to hang.

The library is optional; this module alone knows it.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any, Final

from monitor.model.errors import QueryError

_LONGEST: Final = 1_000
_BRACKETS: Final = ("missing )", "unexpected )")
_WORDS: Final = {
    "missing ]": ("this [ is never closed", "write ] behind the signs it holds; for the sign itself write \\["),
    "missing )": ("this ( is never closed", "write ) behind what it holds; for the sign itself write \\("),
    "unexpected )": ("a ) closes nothing", "take it away; for the sign itself write \\)"),
    "no argument for repetition": (
        "nothing stands before the sign that repeats",
        "for the sign itself write \\* or \\+",
    ),
    "bad repetition operator": ("two signs that repeat stand side by side", "keep one; for the sign itself write \\*"),
    "invalid repetition size": ("a thing can be repeated at most 1,000 times", "write a smaller number"),
    "invalid perl operator": (
        "RE2 does not look ahead or behind: there is no (?= (?! (?<= (?<!",
        "say it with NEAR or EXCEPT outside the expression",
    ),
    "invalid named capture": ("this group has a wrong name", "write (?P<name>...), or leave the name out"),
    "invalid escape": (
        "there is no such sign behind a backslash",
        "RE2 has no \\1 nor \\Z; for a backslash write \\\\",
    ),
    "trailing \\": ("it ends in a backslash", "for a backslash write \\\\"),
    "invalid character class range": ("this is no range of signs", "write the smaller sign first, as in [a-z]"),
    "invalid character class": ("there is no such class of signs", "see RE2 syntax"),
}
"""What RE2 complains of, in words for people, and the mend."""
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
        raise _unusable(pattern, expression, position, detail) from error


def _unusable(pattern: str, expression: str, position: int, detail: str) -> QueryError:
    """Return RE2's complaint in words, at the place in the expression that it means."""
    sign, _, piece = detail.partition(": ")
    words, hint = next((said for known, said in _WORDS.items() if sign.startswith(known)), (detail, "see RE2 syntax"))
    start = expression.find(pattern, position)
    inside = _bracket(pattern) if sign in _BRACKETS else pattern.rfind(piece) if piece else -1
    at = start + inside if start == position + 1 and inside >= 0 else position
    return QueryError(expression, at, f"the regular expression cannot be used: {words}", hint)


def _bracket(pattern: str) -> int:
    """Return where the bracket stands that was opened last and is not closed, or that closes nothing; -1 for neither."""
    opened: list[int] = []
    plain = re.sub(r"\\.", "..", pattern, flags=re.DOTALL)
    for at, char in enumerate(plain):
        if char == "(":
            opened.append(at)
        elif char == ")" and opened:
            opened.pop()
        elif char == ")":
            return at
    return opened[-1] if opened else -1
