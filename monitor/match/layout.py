"""Where the words, sentences and paragraphs of a scanned text lie."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

_WORD: Final = re.compile(r"\S+")
_SENTENCE_END: Final = re.compile(r"[.!?。…]+[\"'”’」』)\]]*(?=\s)|\n")
_PARAGRAPH_END: Final = re.compile(r"\n")


class Layout:
    """Counts eojeols (words between blanks) and finds sentences, once for each scanned text."""

    def __init__(self, text: str) -> None:
        self._words = [found.start() for found in _WORD.finditer(text)]
        self._sentences = [found.end() for found in _SENTENCE_END.finditer(text)]
        self._paragraphs = [found.end() for found in _PARAGRAPH_END.finditer(text)]

    def word(self, offset: int) -> int:
        """Number the eojeol that holds an offset."""
        return bisect_right(self._words, offset)

    def sentence(self, offset: int) -> int:
        """Number the sentence that holds an offset. Fields and paragraphs end sentences."""
        return bisect_right(self._sentences, offset)

    def same_paragraph(self, one: int, other: int) -> bool:
        """Return whether two offsets lie in one paragraph of one field."""
        return bisect_right(self._paragraphs, one) == bisect_right(self._paragraphs, other)
