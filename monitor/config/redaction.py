"""Lines of configuration files as they may be shown: without their secrets, each letter in its column. Pure."""

from __future__ import annotations

import re
from pathlib import PurePath

# Where a value ends: at the end of a flow entry, a quote or the line. Variables (${NAME}) are no secrets.
_VALUE = r"""(?:(?<=")(?!\$\{)(?:[^"\\]|\\.)+|(?<=')(?!\$\{)[^']+|(?<!["'])(?!\$\{)[^\s,}\]"'#][^,}\]#]*)"""
_EVERYWHERE = (
    re.compile(r"whsec_[A-Za-z0-9+/=_-]+"),
    re.compile(r"(?<=://)[^\s/@]+(?=@)"),  # user and password of an address
    re.compile(
        rf"""(?i)(?<!\w)(?<!\$\{{)(?:[a-z]+_)*(?:secrets?|token|password|api_?key|private_key)["']?\s*:\s*["'\[]*(?P<value>{_VALUE})"""
    ),
)
_CHANNELS = (
    re.compile(r"""https?://[^\s/"',}\]]*(?P<value>[^\s"',}\]]+)"""),  # the path is the password with many services
    # Elsewhere (Apprise) the host may be a key as well.
    re.compile(r"""(?i)(?<![\w+.-])(?!https?:|smtps?:)[a-z][a-z0-9+.-]*://(?P<value>[^\s"'}\]]+)"""),
    re.compile(r"(?<![$\w{])(?![a-z]+(?:_[a-z]+)+:\s)[A-Za-z0-9+/_-]{16,}={0,2}"),  # a key on a line of its own
    re.compile(  # of `headers`
        rf"""(?i)(?<![\w-])(?:x-[\w-]+|authorization|cookie)["']?\s*:\s*["']?(?P<value>{_VALUE})"""
    ),
    re.compile(r"(?i)\b(?:bearer|basic)\s+(?P<value>[\w.~+/=-]+)"),
)


def redact(line: str, file: str) -> str:
    """Return a line of a configuration file with stars over its secrets; columns stay where they are.

    In the files of channels, addresses are secrets too: behind their host, and where they are neither http nor smtp, as a whole.
    """
    path = PurePath(file)
    patterns = _EVERYWHERE + (_CHANNELS if "channels" in {path.stem, path.parent.stem} else ())
    for pattern in patterns:
        line = pattern.sub(_stars, line)
    return line


def _stars(found: re.Match[str]) -> str:
    start = found.start("value") - found.start() if "value" in found.re.groupindex else 0
    return found[0][:start] + "*" * len(found[0][start:])
