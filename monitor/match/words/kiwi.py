"""Asks the Kiwi morphological analyser about occurrences that grammar and word lists leave in doubt.

The package (kiwipiepy, extra `[ko]`) is optional and heavy: some 500 MB of memory, seconds to load, a fifth of a
millisecond a question. So it is asked about short windows only, and answers are kept. Watch terms are never put into its
dictionary: that would make it cut longer words in two (메타 in 메타버스).
"""

from __future__ import annotations

import importlib
import re
from collections import OrderedDict
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, TypeAlias

from monitor.match.query.syntax import Mode
from monitor.match.words.boundary import BoundaryVerdict, Needle, Traits, traits_of
from monitor.model.errors import MonitorError

_CACHED: Final = 50_000  # windows; each is a few hundred bytes
_REACH: Final = 12  # characters on each side, cut at blanks
_BREAK: Final = re.compile(r"[\n.!?]")
_NOUNS: Final = frozenset({"NNG", "NNP", "NNB", "NR", "NP", "SL", "SH", "SN", "XR", "XPN", "XSN"})
_COPULA: Final = frozenset({"VCP", "ETM"})
_ENDINGS: Final = ("J", "VCP", "XSV", "XSA")
_MOST: Final = 5  # readings asked for
_ALONE: Final = 6.0  # log probability within which a word that stands alone has a second reading
_IN_CONTEXT: Final = 3.0  # the same in its context; the guess falls only when all these readings are against it
_SUFFIXES: Final = frozenset({"들", "님", "씨", "측", "등", "쪽"})
_Token: TypeAlias = tuple[int, int, str, str]  # start, end, tag, form
_Tokens: TypeAlias = tuple[_Token, ...]


class KiwiAnalyser:
    """One analyser, its model loaded at the first question. Answers depend on nothing but the question.

    Raises MonitorError where the package is not installed.
    """

    def __init__(self, turn: AbstractContextManager[object] | None = None) -> None:
        """`turn` is entered around each use of the model: a lock, where several threads ask."""
        try:
            self._library: Any = importlib.import_module("kiwipiepy")
        except ImportError as error:
            raise MonitorError("the Korean analyser needs the kiwipiepy package (the extra [ko])") from error
        self._kiwi: Any = None
        self._turn = turn or nullcontext()
        self._ambiguous: dict[str, bool] = {}  # one entry for each watched common noun at most
        self._windows: OrderedDict[str, tuple[_Tokens, ...]] = OrderedDict()

    def load(self) -> None:
        """Load the model, unless it is; takes seconds, and belongs where nothing waits for it."""
        if self._kiwi is None:
            self._kiwi = self._library.Kiwi()

    def decide(self, text: str, start: int, end: int, needle: Needle, guess: BoundaryVerdict) -> BoundaryVerdict:
        """Return the verdict on an occurrence: the guess, unless the question is one that the analyser answers better."""
        traits = traits_of(needle.alias)
        if not self._is_doubtful(needle.mode, traits, guess):
            return guess
        first, last = _window(text, start, end)
        readings = self._readings(text[first:last])
        span = (start - first, end - first)
        if any(_confirms(tokens, span, needle.mode, traits, guess) is guess.accepted for tokens in readings):
            return guess
        return BoundaryVerdict(accepted=not guess.accepted, reason="analyser", ground=guess.ground)

    def _is_doubtful(self, mode: Mode, traits: Traits, guess: BoundaryVerdict) -> bool:
        """Choose the questions: nouns that could be another part of speech, members of compounds, endings nobody knows."""
        if mode not in {"word", "compound"}:
            return False
        if guess.accepted and traits.kind == "common" and guess.ground in {"edge", "ending"}:
            return not guess.reason.startswith("verb") and self._has_other_readings(traits.folded)
        if mode == "compound":
            return guess.ground == ("compound" if guess.accepted else "longer") and traits.kind != "latin"
        return not guess.accepted and traits.kind != "latin" and guess.ground == "unknown"

    def _has_other_readings(self, word: str) -> bool:
        """Return whether a noun, standing alone, could well be something else: 피해, 잡지, 원래."""
        known = self._ambiguous.get(word)
        if known is None:
            known = any(any(token[2] not in _NOUNS for token in tokens) for tokens in self._analyses(word, _ALONE))
            self._ambiguous[word] = known
        return known

    def _readings(self, window: str) -> tuple[_Tokens, ...]:
        """Return the readings of a window that are about as likely as the best one."""
        found = self._windows.get(window)
        if found is None:
            found = self._analyses(window, _IN_CONTEXT)
            self._windows[window] = found
            if len(self._windows) > _CACHED:
                self._windows.popitem(last=False)
        return found

    def _analyses(self, text: str, margin: float) -> tuple[_Tokens, ...]:
        with self._turn:
            self.load()
            analyses = self._kiwi.analyze(text, top_n=_MOST)
        best = analyses[0][1] if analyses else 0.0
        return tuple(
            tuple((token.start, token.start + token.len, str(token.tag), str(token.form)) for token in tokens)
            for tokens, score in analyses
            if score >= best - margin
        )


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut a piece around an occurrence at blanks, within its sentence."""
    first = max(0, start - _REACH)
    last = min(len(text), end + _REACH)
    for found in _BREAK.finditer(text, first, start):
        first = found.end()
    stop = _BREAK.search(text, end, last)
    if stop:
        last = stop.end()
    blank = text.find(" ", first, start)
    if first and blank >= 0 and start - _REACH == first:
        first = blank + 1
    blank = text.rfind(" ", end, last)
    if last < len(text) and blank >= 0 and end + _REACH == last:
        last = blank
    return first, last


def _is_nominal(inside: list[_Token]) -> bool:
    """Return whether the morphemes that make up a term leave it a noun.

    One that is cut may be a word that the analyser does not know: what ends in a noun is one (검은 + 돈), and so is what
    begins with one, of which the rest was read as a copula (미국 + 이 + ㄴ).
    """
    nouns = [token[2] in _NOUNS for token in inside]
    copula = nouns[0] and all(token[2] in _COPULA for token in inside[1:])
    return all(nouns) or (len(inside) > 1 and (nouns[-1] or copula))


def _confirms(  # noqa: PLR0911 - one answer for each ground
    tokens: _Tokens, span: tuple[int, int], mode: Mode, traits: Traits, guess: BoundaryVerdict
) -> bool | None:
    """Return whether a reading confirms the term: whole nouns make up the span, and in word mode the whole run of them.

    None when no morpheme lies there. An ending that grammar does not know must really be one, unless it follows a name:
    people write a verb right behind those.
    """
    start, end = span
    inside = [token for token in tokens if token[0] < end and token[1] > start]
    if not inside:
        return None
    whole = inside[0][0] == start and all(token[1] <= end or token[0] >= end for token in inside)
    if not whole or not (_is_nominal(inside) if mode == "word" else all(token[2] in _NOUNS for token in inside)):
        return False
    if mode == "compound":
        return True
    if any(token[1] == start and token[2] in _NOUNS for token in tokens):
        return False
    after = next((token for token in tokens if token[0] == end), None)
    if after is None:
        return True
    if guess.ground == "unknown" and traits.kind == "common":
        return after[2].startswith(_ENDINGS)
    return after[2] not in _NOUNS or after[3] in _SUFFIXES
