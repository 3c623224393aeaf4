"""In which encoding a file was saved, where that is not UTF-8. Pure."""

from __future__ import annotations

import re
from typing import Final

NAMES: Final = {"cp949": "CP949 (EUC-KR)", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
"""How people call the encodings that are recognised."""

_HEAD: Final = 512
_FEW: Final = 8
_HANGUL: Final = re.compile("[가-힣]")


def encoding_of(data: bytes) -> str:
    """Return the encoding of a file, as Python calls it: `utf-8-sig` where it is UTF-8, or where nobody can tell."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:_HEAD]
    for zeros, name in ((head[1::2], "utf-16-le"), (head[::2], "utf-16-be")):
        if len(zeros) >= _FEW and zeros.count(0) * 4 > len(zeros):
            return name if _reads(data, name) else "utf-8-sig"
    if _reads(data, "utf-8-sig"):
        return "utf-8-sig"
    return "cp949" if _HANGUL.search(_reads(data, "cp949")) else "utf-8-sig"


def _reads(data: bytes, encoding: str) -> str:
    """Return the text, "" where the encoding does not fit."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""
