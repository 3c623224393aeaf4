"""Environment variables inside configuration values. Pure.

Works on the finished text of one scalar, after YAML has been read, so that a variable can never add keys or lists.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from monitor.model.errors import MonitorError

_MARK = re.compile(r"\$\$|\$\{(?P<body>[^{}]*)\}|\$\{")
_BODY = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>.*))?", re.DOTALL | re.ASCII)


class InterpolationError(MonitorError):
    """A variable is not set or badly written. `unset` tells which; neither message nor hint holds any value."""

    def __init__(self, message: str, hint: str, *, unset: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.unset = unset


def _nobody(value: str) -> None:
    del value


def interpolate(text: str, environ: Mapping[str, str], told: Callable[[str], None] = _nobody) -> str:
    """Replace `${VAR}` and `${VAR:-default}` in `text`; `$$` stands for one dollar sign, any other `$` for itself.

    As in a shell, the default also replaces an empty variable. What a variable holds is taken as it is and never read
    again for further marks; `told` hears each value that came from a variable, for it may be a secret. Raises
    InterpolationError.
    """
    if "$" not in text:
        return text
    return _MARK.sub(lambda mark: _value(mark, environ, told), text)


def _value(mark: re.Match[str], environ: Mapping[str, str], told: Callable[[str], None]) -> str:
    """Return what one mark stands for."""
    if mark[0] == "$$":
        return "$"
    found = _BODY.fullmatch(mark["body"] or "")
    if found is None:
        raise InterpolationError(
            "a variable is written wrongly", "write ${NAME} or ${NAME:-default}; for a dollar sign itself write $$"
        )
    name, default = found["name"], found["default"]
    value = environ.get(name, "")
    if name not in environ and default is None:
        hint = f"export {name}=... before the start, or give a default: ${{{name}:-}}"
        raise InterpolationError(f"the environment variable {name} is not set", hint, unset=True)
    if value:
        told(value)
    return _require_utf8(name, value or default or "")


def _require_utf8(name: str, value: str) -> str:
    """Refuse bytes that are not UTF-8, which Python hands over as lone surrogates, and NUL."""
    if "\0" in value or (not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value)):
        raise InterpolationError(f"the environment variable {name} is not UTF-8 text", "set it again as plain text")
    return value
