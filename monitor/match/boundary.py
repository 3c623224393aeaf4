"""Is this occurrence a mention? The characters around it decide, mode by mode, and the answer says why."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from monitor.match.korean import final_sound, read_tail
from monitor.match.lexicon import longer_tails
from monitor.match.tree import Mode

HANGUL: Final = "hangul"
LATIN: Final = "latin"
DIGIT: Final = "digit"
HAN: Final = "han"
SIGN: Final = "sign"
_TAIL: Final = re.compile(r"[가-힣]*")
_CLOSERS: Final = frozenset("'\"’”」』》〉)]】")
_LEAST_COMPOUND: Final = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an occurrence counts, and why (bare, particle 에서는, copula 이다, suffix 측 …) or why not."""

    accepted: bool
    reason: str


BARE: Final = Verdict(accepted=True, reason="bare")
_INSIDE: Final = Verdict(accepted=True, reason="inside")
_LEFT: Final = Verdict(accepted=False, reason="the word begins earlier")


@dataclass(frozen=True, slots=True)
class Needle:
    """One spelling to look for, and how.

    `term` is what the rule asked for, `alias` the spelling; `cased` asks for the capitals as written.
    """

    term: str
    alias: str
    mode: Mode = "word"
    cased: bool = False
    head: str = field(init=False)
    foot: str = field(init=False)
    sound: str = field(init=False)
    longer: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Work out once what the checks will ask about the spelling's ends."""
        folded = self.alias.replace("|", "").casefold()
        object.__setattr__(self, "head", script(folded[0]))
        object.__setattr__(self, "foot", script(folded[-1]))
        object.__setattr__(self, "sound", final_sound(folded[-1]))
        object.__setattr__(self, "longer", longer_tails(folded))


def script(char: str) -> str:
    """Class a character by what may touch it without being part of the same word."""
    if "가" <= char <= "힣":
        return HANGUL
    if char.isdigit() and char.isascii():
        return DIGIT
    if char.isascii():
        return LATIN if char.isalpha() else SIGN
    if "一" <= char <= "鿿" or "㐀" <= char <= "䶿":
        return HAN
    return LATIN if char.isalpha() else SIGN


def judge(text: str, start: int, end: int, needle: Needle) -> Verdict:  # noqa: PLR0911 - one answer for each mode
    """Decide about the occurrence `text[start:end]` of a needle in a text in normal form."""
    if needle.mode == "substr":
        return BARE if _free_left(text, start, needle.head) and _free_right(text, end, needle.foot) else _INSIDE
    left = _free_left(text, start, needle.head)
    if needle.mode == "compound":
        return _judge_compound(text, start, end, needle, left=left)
    if not left:
        return _LEFT
    if _free_right(text, end, needle.foot):
        return _after_closer(text, end, needle)
    if needle.mode == "exact":
        return Verdict(accepted=False, reason="the word goes on")
    if needle.mode == "prefix":
        return Verdict(accepted=True, reason=f"prefix of {_word_at(text, start, end)}")
    return judge_tail(_tail(text, end), needle, text[end : end + 1])


def judge_tail(tail: str, needle: Needle, following: str) -> Verdict:
    """Decide about a word-mode occurrence from the Hangul that follows it without a break."""
    if not tail:
        return Verdict(accepted=False, reason=f"the word goes on with {following}")
    for longer in needle.longer:
        if tail.startswith(longer) and read_tail(tail[len(longer) :], final_sound(longer[-1]), verbs=True):
            return Verdict(accepted=False, reason=f"longer word {needle.alias}{longer}")
    reason = read_tail(tail, needle.sound, verbs=needle.foot == HANGUL)
    return Verdict(accepted=True, reason=reason) if reason else Verdict(accepted=False, reason=f"unknown ending {tail}")


def _tail(text: str, end: int) -> str:
    """Answer the Hangul that follows without a break."""
    found = _TAIL.match(text, end)
    return found[0] if found else ""


def _judge_compound(text: str, start: int, end: int, needle: Needle, *, left: bool) -> Verdict:
    """Accept members of compounds: a clear edge on one side is enough for terms of two syllables and more."""
    right = _free_right(text, end, needle.foot)
    if left and right:
        return BARE
    tail = _tail(text, end)
    if LATIN in {needle.head, needle.foot} and not left and text[start - 1].isascii():
        return _LEFT
    if left:
        return Verdict(accepted=True, reason=f"compound {_word_at(text, start, end)}")
    grammar = right or bool(tail and read_tail(tail, needle.sound, verbs=True))
    if grammar and end - start >= _LEAST_COMPOUND:
        return Verdict(accepted=True, reason=f"compound {_word_at(text, start, end)}")
    return _LEFT


def _free_left(text: str, start: int, head: str) -> bool:
    """Decide whether a word may begin here."""
    if start == 0 or head == SIGN:
        return True
    before = script(text[start - 1])
    if before in {SIGN, HAN}:
        glued_number = head == DIGIT and text[start - 1] in ".," and text[start - 2 : start - 1].isdigit()
        return not glued_number and (before != HAN or head != HAN)
    return head == LATIN and before == HANGUL


def _free_right(text: str, end: int, foot: str) -> bool:
    """Decide whether the word ends here without any Hangul attached."""
    if end >= len(text) or foot == SIGN:
        return True
    after = script(text[end])
    if after == SIGN:
        return not (foot == DIGIT and text[end] in ".," and text[end + 1 : end + 2].isdigit())
    return after == HAN and foot != HAN


def _after_closer(text: str, end: int, needle: Needle) -> Verdict:
    """Read a particle beyond a closing quote or bracket ('딥시크'로부터); without one the word stands bare."""
    if text[end : end + 1] not in _CLOSERS:
        return BARE
    tail = _tail(text, end + 1)
    reason = read_tail(tail, needle.sound, verbs=False) if tail else ""
    return Verdict(accepted=True, reason=reason) if reason else BARE


def _word_at(text: str, start: int, end: int) -> str:
    """Answer the run of letters around a span, for explanations; at most 20 characters on each side."""
    first = start
    while first > max(0, start - 20) and text[first - 1].isalnum():
        first -= 1
    last = end
    while last < min(len(text), end + 20) and text[last].isalnum():
        last += 1
    return text[first:last]
