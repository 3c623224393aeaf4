"""Text from strangers, made to show what it says: one line, nothing invisible, bounded. Pure.

Headlines and receivers' answers are written by others. Controls can forge log lines, bidirectional marks can turn a
link around (Unicode Technical Report 36, section 2.1.3), zero-width and filler characters can hide words, and a lone
surrogate cannot be encoded at all.
"""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"
LOOK_AHEAD = 20  # times the limit: how far into a text is looked at, so that a page-long headline costs little

# Cc controls, Cf formats (bidirectional and zero-width marks, soft hyphen, tags), Cs lone surrogates.
_UNSAFE = frozenset({"Cc", "Cf", "Cs"})

# Drawn as nothing although their categories are letters, marks or symbols: Hangul fillers, grapheme joiner, empty
# Khmer vowels, empty braille cell.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u034f\u17b4\u17b5\u2800")

_JAMO_TAIL = range(0x1160, 0x1200)  # vowels and finals that belong to the consonant before them
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def visible_line(text: str, limit: int) -> str:
    """Return the text on one line without invisible characters, at most `limit` >= 1 code points long.

    Apart from what is matched and stored, which keeps every character: only what is shown to people is cut down.

    A cut ends in an ellipsis and never separates a mark, a Hangul vowel or final, or a skin tone from its base. What
    lies beyond LOOK_AHEAD times the limit counts as absent.
    """
    line = " ".join(text[: limit * LOOK_AHEAD].split())
    shown = " ".join("".join(char for char in line if _visible(char)).split())
    return shown if len(shown) <= limit else cut(shown, limit - 1).rstrip() + ELLIPSIS


def _visible(char: str) -> bool:
    """Return whether a character may stand in a message."""
    return char not in _BLANK and unicodedata.category(char) not in _UNSAFE


def cut(text: str, length: int) -> str:
    """Return at most `length` leading code points, without splitting what is drawn as one character."""
    while length > 0 and _clings(text[length]):
        length -= 1
    return text[:length]


def _clings(char: str) -> bool:
    """Return whether a character is drawn together with the one before it."""
    code = ord(char)
    return code in _JAMO_TAIL or code in _SKIN_TONES or unicodedata.category(char).startswith("M")
