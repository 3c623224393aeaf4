"""Is this occurrence a mention? The characters around it decide, mode by mode, and the answer says why."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from monitor.match.grammar import COMPOUND_PREFIXES, COMPOUND_SUFFIXES
from monitor.match.korean import Kind, final_sound, read_tail
from monitor.match.lexicon import is_common, longer_tails
from monitor.match.nouns import SURNAMES
from monitor.match.tree import Mode

HANGUL: Final = "hangul"
LATIN: Final = "latin"
DIGIT: Final = "digit"
HAN: Final = "han"
SIGN: Final = "sign"
_TAIL: Final = re.compile(r"[가-힣]*")
_CLOSERS: Final = frozenset("'\"’”」』》〉)]】")
_LEAST_COMPOUND: Final = 2
_REACH: Final = 4  # syllables on each side within which longer nouns are looked for
_FULL_NAME: Final = 3  # syllables of most Korean names, the family name first


# What a verdict rests on: the edges alone, a known ending, an ending nobody knows, membership in a compound, a longer word.
Ground: TypeAlias = Literal["edge", "ending", "unknown", "compound", "longer"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an occurrence counts, and why (bare, particle 에서는, copula 이다, suffix 측 …) or why not."""

    accepted: bool
    reason: str
    ground: Ground = "edge"


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
    folded: str = field(init=False, repr=False)
    head: str = field(init=False)
    foot: str = field(init=False)
    sound: str = field(init=False)
    kind: Kind = field(init=False)
    length: int = field(init=False)
    longer: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Work out once what the checks will ask about the spelling's ends."""
        folded = self.alias.replace("|", "").casefold()
        object.__setattr__(self, "folded", folded)
        object.__setattr__(self, "head", script(folded[0]))
        object.__setattr__(self, "foot", script(folded[-1]))
        object.__setattr__(self, "sound", final_sound(folded[-1]))
        object.__setattr__(self, "length", len(folded))
        object.__setattr__(self, "kind", _kind(folded))
        object.__setattr__(self, "longer", longer_tails(folded))


def _kind(folded: str) -> Kind:
    """Say what grammar a spelling takes after it."""
    if script(folded[-1]) != HANGUL:
        return "latin"
    if is_common(folded):
        return "common"
    return "person" if len(folded) == _FULL_NAME and folded[0] in SURNAMES else "name"


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
    if "\u1100" <= char <= "\u11ff" or "\u3131" <= char <= "\u318e":
        return SIGN  # letters that stand alone, as in ㅋㅋ, belong to no word
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
        numbered = needle.kind in {"name", "person"} and following.isdigit()
        return Verdict(accepted=numbered, reason=f"{'number' if numbered else 'the word goes on with'} {following}")
    longer = longer_by_lexicon(tail, needle)
    if longer:
        return longer
    reason = read_tail(tail, needle.sound, needle.kind)
    if reason:
        return Verdict(accepted=True, reason=reason, ground="ending")
    return Verdict(accepted=False, reason=f"unknown ending {tail}", ground="unknown")


def longer_by_lexicon(tail: str, needle: Needle) -> Verdict | None:
    """Refuse an occurrence that begins a longer known noun, whose own ending follows."""
    for longer in needle.longer:
        if tail.startswith(longer) and read_tail(tail[len(longer) :], final_sound(longer[-1])):
            return Verdict(accepted=False, reason=f"longer word {needle.alias}{longer}", ground="longer")
    return None


def _tail(text: str, end: int) -> str:
    """Answer the Hangul that follows without a break."""
    found = _TAIL.match(text, end)
    return found[0] if found else ""


def _judge_compound(text: str, start: int, end: int, needle: Needle, *, left: bool) -> Verdict:
    """Accept members of compounds: what stands before and behind must be words of their own, not single syllables."""
    tail = _tail(text, end)
    numbered = needle.foot == HANGUL and script(text[end : end + 1] or " ") == DIGIT
    if left and (numbered or _free_right(text, end, needle.foot)):
        return BARE
    if not left and not _word_before(text, start, needle):
        return _LEFT
    if not (numbered or _free_right(text, end, needle.foot) or _word_behind(tail, needle)):
        return Verdict(accepted=False, reason=f"part of {_word_at(text, start, end)}", ground="compound")
    reason = read_tail(tail, needle.sound, needle.kind)
    affixed = tail[:1] in COMPOUND_SUFFIXES
    longer = longer_by_lexicon(tail, needle) if reason else _longer_noun(text, start, end, "" if affixed else tail)
    if longer is None and not left:
        longer = _longer_noun(text, start, end, "")
    if longer:
        return longer
    if left and reason:
        return Verdict(accepted=True, reason=reason, ground="ending")
    return Verdict(accepted=True, reason=f"compound {_word_at(text, start, end)}", ground="compound")


def _longer_noun(text: str, start: int, end: int, tail: str) -> Verdict | None:
    """Refuse an occurrence inside a longer common noun, unless what the noun adds is a noun of its own."""
    for before in range(_REACH + 1):
        first = start - before
        if first < 0 or (before and script(text[first]) != HANGUL):
            break
        for behind in range(len(tail[:_REACH]) + 1):
            word = text[first : end + behind]
            members = all(not part or is_common(part) for part in (text[first:start], tail[:behind]))
            if not members and is_common(word):
                return Verdict(accepted=False, reason=f"longer word {word}", ground="longer")
    return None


def _word_before(text: str, start: int, needle: Needle) -> bool:
    """Decide whether the letters right before an occurrence can be a word of their own."""
    if needle.head != HANGUL or script(text[start - 1]) != HANGUL:
        return needle.head == HANGUL and script(text[start - 1]) in {LATIN, DIGIT}
    if start > 1 and script(text[start - 2]) == HANGUL:
        return needle.length >= _LEAST_COMPOUND
    return text[start - 1] in COMPOUND_PREFIXES


def _word_behind(tail: str, needle: Needle) -> bool:
    """Decide whether what follows an occurrence is grammar, or a word of two syllables and more with its own."""
    if not tail or read_tail(tail, needle.sound, needle.kind):
        return bool(tail)
    return tail[0] in COMPOUND_SUFFIXES or not read_tail(tail[1:], final_sound(tail[0]), "common")


def _free_left(text: str, start: int, head: str) -> bool:
    """Decide whether a word may begin here."""
    if start == 0 or head == SIGN:
        return True
    before = script(text[start - 1])
    if before in {SIGN, HAN}:
        if before == HAN:
            return head != HAN
        return start == 1 or not _joins(text[start - 1], head, text[start - 2])
    return head == LATIN and before == HANGUL


def _free_right(text: str, end: int, foot: str) -> bool:
    """Decide whether the word ends here without any Hangul attached."""
    if end >= len(text) or foot == SIGN:
        return True
    after = script(text[end])
    if after == SIGN:
        return not _joins(text[end], foot, text[end + 1 : end + 2])
    return after == HAN and foot != HAN


def _joins(sign: str, edge: str, beyond: str) -> bool:
    """Decide whether a sign makes one word of what stands on its sides, as in KT&G and 3.5."""
    if edge == DIGIT and sign in ".,":
        return beyond.isdigit()
    return edge == LATIN and sign == "&" and beyond.isascii() and beyond.isalpha()


def _after_closer(text: str, end: int, needle: Needle) -> Verdict:
    """Read a particle beyond a closing quote or bracket ('딥시크'로부터); without one the word stands bare."""
    if text[end : end + 1] not in _CLOSERS:
        return BARE
    tail = _tail(text, end + 1)
    reason = read_tail(tail, needle.sound, "latin") if tail else ""
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
