"""Is this occurrence a mention? The characters around it decide, mode by mode, and the verdict says why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, NamedTuple, TypeAlias

from monitor.match.query.syntax import Mode
from monitor.match.words.context import (
    is_going_on,
    is_listed,
    is_longer_name,
    is_mountain,
    is_particle_here,
    is_verb_here,
    is_war,
)
from monitor.match.words.grammar import COMPOUND_PREFIXES, COMPOUND_SUFFIXES
from monitor.match.words.korean import Kind, final_sound, read_tail, read_trade
from monitor.match.words.lexicon import COUNTRIES, LONGER, PROPER, SURNAMES, is_common, longer_tails
from monitor.model.normalise import fold

HANGUL: Final = "hangul"
LATIN: Final = "latin"
DIGIT: Final = "digit"
HAN: Final = "han"
SIGN: Final = "sign"
_TAIL: Final = re.compile(r"[가-힣]*")
_CLOSERS: Final = frozenset("'\"’”」』》〉)]】")
_LEAST_COMPOUND: Final = 2
LONGEST_DOUBT: Final = 3  # syllables of an ending that the words around it are asked about
_REACH: Final = 4  # syllables on each side within which longer nouns are looked for
_MADE_IN: Final = "산"
_LEAST_TRADED: Final = 2  # letters of a name that takes 향, 용, 급 …: 고용, 영향, 상급 are words of their own
_OF_ALL_NAMES: Final = frozenset("발행향")  # ... behind a name that is a common noun too; not 용: 경주용 is for races
_FULL_NAME: Final = 3  # syllables of most Korean names, the family name first


# What a verdict rests on: the edges alone, a known ending, an ending nobody knows, membership in a compound, a longer word.
Ground: TypeAlias = Literal["edge", "ending", "unknown", "compound", "longer"]


@dataclass(frozen=True, slots=True)
class BoundaryVerdict:
    """Whether an occurrence counts, and why (bare, particle 에서는, copula 이다, suffix 측 …) or why not."""

    accepted: bool
    reason: str
    ground: Ground = "edge"


BARE: Final = BoundaryVerdict(accepted=True, reason="bare")
_INSIDE: Final = BoundaryVerdict(accepted=True, reason="inside")
_LEFT: Final = BoundaryVerdict(accepted=False, reason="the word begins earlier")


class Needle(NamedTuple):
    """One spelling to look for, and how. A tuple, because a rebuild makes them by the hundred thousand.

    `term` is what the rule asked for, `alias` the spelling; `cased` asks for the capitals as written.
    """

    term: str
    alias: str
    mode: Mode = "word"
    cased: bool = False


@dataclass(frozen=True, slots=True)
class Traits:
    """What the checks ask about a spelling: its folded form, the scripts of its ends, its last sound, what kind of noun
    it is, and what makes it a longer noun."""

    folded: str
    head: str
    foot: str
    sound: str
    kind: Kind
    longer: tuple[str, ...]


@lru_cache(maxsize=100_000)
def traits_of(alias: str) -> Traits:
    """Work out the traits of a spelling; done when it is first met in a text."""
    folded = fold(alias.replace("|", ""))
    head, foot = script(folded[0]), script(folded[-1])
    return Traits(folded, head, foot, final_sound(folded[-1]), _kind(folded), longer_tails(folded))


def _kind(folded: str) -> Kind:
    """Return what grammar a spelling takes after it."""
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


def judge(text: str, start: int, end: int, needle: Needle) -> BoundaryVerdict:  # noqa: PLR0911 - one answer for each mode
    """Return the verdict on the occurrence `text[start:end]` of a needle in a text in normal form."""
    traits, mode = traits_of(needle.alias), needle.mode
    left = _free_left(text, start, traits.head)
    if mode == "substr":
        return BARE if left and _free_right(text, end, traits.foot) else _INSIDE
    if mode == "compound":
        return _judge_compound(text, start, end, traits, left=left)
    if not left:
        return _LEFT
    if _free_right(text, end, traits.foot):
        return _after_closer(text, end, traits)
    if mode == "exact":
        return BoundaryVerdict(accepted=False, reason="the word goes on")
    if mode == "prefix":
        return BoundaryVerdict(accepted=True, reason=f"prefix of {_word_at(text, start, end)}")
    tail = tail_at(text, end)
    return (
        in_context(judge_tail(tail, needle), tail, text, (start, end), needle)
        if tail
        else _judge_glued(text[end], traits)
    )


def judge_tail(tail: str, needle: Needle) -> BoundaryVerdict:
    """Return the verdict on a word-mode occurrence that begins a word, from the Hangul (not empty) right behind it."""
    traits = traits_of(needle.alias)
    longer = _longer_by_ending(tail, traits)
    if longer:
        return longer
    reason = read_tail(tail, traits.sound, "latin" if needle.mode == "name" else traits.kind)
    proper = needle.mode == "name" or traits.kind != "common"
    named = proper or (traits.folded in PROPER and tail[0] in _OF_ALL_NAMES)
    if not reason and len(traits.folded) >= _LEAST_TRADED and named:
        reason = read_trade(tail, of_people=traits.folded in COUNTRIES)
    if reason:
        return BoundaryVerdict(accepted=True, reason=reason, ground="ending")
    return BoundaryVerdict(accepted=False, reason=f"unknown ending {tail}", ground="unknown")


def in_context(
    verdict: BoundaryVerdict, tail: str, text: str, place: tuple[int, int], needle: Needle
) -> BoundaryVerdict:
    """Return the verdict on an ending that means two things, by the words around the occurrence at `place`."""
    traits, (start, end) = traits_of(needle.alias), place
    if verdict.ground == "longer":
        if _is_particle_after_all(traits, tail, text, end):
            return BoundaryVerdict(accepted=True, reason=f"particle {tail}", ground="ending")
        return verdict
    if verdict.accepted and needle.mode == "name" and is_going_on(tail, text, end):
        return BoundaryVerdict(accepted=False, reason=f"verb {tail}", ground="unknown")
    return _another_word(traits, tail, text, (start, end)) or verdict if verdict.accepted else verdict


def _is_particle_after_all(traits: Traits, tail: str, text: str, end: int) -> bool:
    """Return whether what seems to end a longer noun is a particle here (심리학과 뇌과학을); never in 경기도 and its like."""
    return len(traits.folded) > 1 and f"{traits.folded}{tail}" not in LONGER and is_particle_here(tail, text, end)


def _another_word(traits: Traits, tail: str, text: str, place: tuple[int, int]) -> BoundaryVerdict | None:
    """Refuse an occurrence with an ending that the words around it make part of a longer name, or of a verb."""
    folded, (start, end) = traits.folded, place
    mountain = folded not in COUNTRIES and is_mountain(tail, text, end)
    if mountain or (folded in COUNTRIES and is_war(tail, text, end)) or is_longer_name(folded, tail, text, place):
        return BoundaryVerdict(accepted=False, reason=f"longer word {folded}{tail}", ground="longer")
    if (tail == "며" and not is_listed(folded, text, start, end)) or is_verb_here(folded, tail, text, start):
        return BoundaryVerdict(accepted=False, reason=f"verb {tail}", ground="unknown")
    return None


def tail_at(text: str, end: int) -> str:
    """Return the Hangul that follows without a break."""
    found = _TAIL.match(text, end)
    return found[0] if found else ""


def _judge_glued(following: str, traits: Traits) -> BoundaryVerdict:
    """Return the verdict on a word right before a digit, or a letter that is not Hangul: names take numbers (어벤져스2)."""
    if following.isdigit() and traits.kind in {"name", "person"}:
        return BoundaryVerdict(accepted=True, reason=f"number {following}")
    return BoundaryVerdict(accepted=False, reason=f"the word goes on with {following}")


def _longer_by_ending(tail: str, traits: Traits) -> BoundaryVerdict | None:
    """Refuse an occurrence that begins a longer known noun, whose own ending follows."""
    for longer in traits.longer:
        if tail == _MADE_IN and traits.folded in COUNTRIES:
            continue  # 북한산 is a mountain, but bare, before what it is of, coal of North Korea too
        if tail.startswith(longer) and read_tail(tail[len(longer) :], final_sound(longer[-1])):
            return BoundaryVerdict(accepted=False, reason=f"longer word {traits.folded}{longer}", ground="longer")
    return None


def _judge_compound(text: str, start: int, end: int, traits: Traits, *, left: bool) -> BoundaryVerdict:
    """Accept members of compounds: what stands before and behind must be words of their own, not single syllables."""
    tail = tail_at(text, end)
    numbered = traits.foot == HANGUL and script(text[end : end + 1] or " ") == DIGIT
    right = numbered or _free_right(text, end, traits.foot)
    if left and right:
        return BARE
    if not left and not _word_before(text, start, traits):
        return _LEFT
    reason = read_tail(tail, traits.sound, traits.kind) if tail else ""
    if not (right or reason or _word_behind(tail)):
        return BoundaryVerdict(accepted=False, reason=f"part of {_word_at(text, start, end)}", ground="compound")
    if reason:
        longer = _longer_by_ending(tail, traits)
    else:
        longer = _longer_noun(text, start, end, "" if tail[:1] in COMPOUND_SUFFIXES else tail)
    if longer is None and not left:
        longer = _longer_noun(text, start, end, "")
    if longer and not (left and _is_particle_after_all(traits, tail, text, end)):
        return longer
    if left and reason:
        return BoundaryVerdict(accepted=True, reason=reason, ground="ending")
    return BoundaryVerdict(accepted=True, reason=f"compound {_word_at(text, start, end)}", ground="compound")


def _word_before(text: str, start: int, traits: Traits) -> bool:
    """Return whether the letters right before an occurrence can be a word of their own."""
    before = script(text[start - 1])
    if traits.head != HANGUL or before != HANGUL:
        return traits.head == HANGUL and before in {LATIN, DIGIT}
    if start > 1 and script(text[start - 2]) == HANGUL:
        return len(traits.folded) >= _LEAST_COMPOUND
    return text[start - 1] in COMPOUND_PREFIXES


def _word_behind(tail: str) -> bool:
    """Return whether what follows an occurrence is a word of two syllables and more with its own grammar."""
    return bool(tail) and (tail[0] in COMPOUND_SUFFIXES or not read_tail(tail[1:], final_sound(tail[0])))


def _longer_noun(text: str, start: int, end: int, tail: str) -> BoundaryVerdict | None:
    """Refuse an occurrence inside a longer common noun, unless what the noun adds is a noun of its own."""
    for before in range(_REACH + 1):
        first = start - before
        if first < 0 or (before and script(text[first]) != HANGUL):
            break
        for behind in range(len(tail[:_REACH]) + 1):
            word = text[first : end + behind]
            members = all(not part or is_common(part) for part in (text[first:start], tail[:behind]))
            if not members and is_common(word):
                return BoundaryVerdict(accepted=False, reason=f"longer word {word}", ground="longer")
    return None


def _free_left(text: str, start: int, head: str) -> bool:
    """Return whether a word may begin here."""
    if start == 0 or head == SIGN:
        return True
    before = script(text[start - 1])
    if before in {SIGN, HAN}:
        if before == HAN:
            return head != HAN
        return start == 1 or not _joins(text[start - 1], head, text[start - 2])
    return head == LATIN and before == HANGUL


def _free_right(text: str, end: int, foot: str) -> bool:
    """Return whether the word ends here without any Hangul attached."""
    if end >= len(text) or foot == SIGN:
        return True
    after = script(text[end])
    if after == SIGN:
        return not _joins(text[end], foot, text[end + 1 : end + 2])
    return after == HAN and foot != HAN


def _joins(sign: str, edge: str, beyond: str) -> bool:
    """Return whether a sign makes one word of what stands on its sides, as in KT&G and 3.5."""
    if edge == DIGIT and sign in ".,":
        return beyond.isdigit()
    return edge == LATIN and sign == "&" and beyond.isascii() and beyond.isalpha()


def _after_closer(text: str, end: int, traits: Traits) -> BoundaryVerdict:
    """Read a particle beyond a closing quote or bracket ('딥시크'로부터); without one the word stands bare."""
    if text[end : end + 1] not in _CLOSERS:
        return BARE
    tail = tail_at(text, end + 1)
    reason = read_tail(tail, traits.sound, "latin") if tail else ""
    return BoundaryVerdict(accepted=True, reason=reason) if reason else BARE


def _word_at(text: str, start: int, end: int) -> str:
    """Return the run of letters around a span, for explanations; at most 20 characters on each side."""
    first = start
    while first > max(0, start - 20) and text[first - 1].isalnum():
        first -= 1
    last = end
    while last < min(len(text), end + 20) and text[last].isalnum():
        last += 1
    return text[first:last]
