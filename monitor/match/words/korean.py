"""Does what follows a noun belong to its grammar? Reads particles, copula, light verbs and suffixes off a tail."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal, TypeAlias

from monitor.match.words import grammar

# What the noun is: a common noun takes light verbs and few suffixes; a name takes titles and the like, that of a person
# 군 and 양 besides; a term that ends
# in Latin letters or digits takes what names take, and no verbs (SK하이닉스 is not SK + 하…).
Kind: TypeAlias = Literal["common", "name", "person", "latin"]
_HANGUL_FIRST: Final = 0xAC00
_HANGUL_LAST: Final = 0xD7A3
_RIEUL: Final = 8
_LONGEST_PARTICLE: Final = max(len(surface) for table in grammar.PARTICLES.values() for surface in table)
_LONGEST_FUSED: Final = 2
_LONGEST_SUFFIX: Final = max(map(len, grammar.NAME_NOUNS))
_LONGEST_TAIL: Final = 14  # syllables; longer tails are other words


def final_sound(char: str) -> str:
    """Class the last sound of a character: "v"owel, "l" (ㄹ), "c"onsonant, or "?" where the script does not tell."""
    code = ord(char)
    if not _HANGUL_FIRST <= code <= _HANGUL_LAST:
        return "?"
    final = (code - _HANGUL_FIRST) % 28
    return "l" if final == _RIEUL else "c" if final else "v"


def agrees(condition: str, sound: str) -> bool:
    """Return whether a form with this condition may follow that sound; an unknown sound takes either form."""
    if sound == "?" or condition == grammar.ANY:
        return True
    if condition == grammar.CONSONANT:
        return sound in "cl"
    if condition == grammar.VOWEL:
        return sound == "v"
    return (sound == "c") == (condition == grammar.CLOSED)


@lru_cache(maxsize=65536)
def read_tail(tail: str, sound: str, kind: Kind = "common") -> str:
    """Return what the Hangul `tail` after a noun is: particle, copula, verb or suffix with its surface; "" if nothing known.

    `sound` is the class of the noun's last sound.
    """
    if not tail:
        return "bare"
    if len(tail) > _LONGEST_TAIL:
        return ""
    return _inflection(tail, sound, verbs=kind != "latin") or _suffixed(tail, sound, kind)


def _inflection(tail: str, sound: str, *, verbs: bool) -> str:
    if is_particle(tail, sound):
        return f"particle {tail}"
    if is_copula(tail, sound):
        return f"copula {tail}"
    if verbs and is_light_verb(tail):
        return f"verb {tail}"
    return ""


def _suffixed(tail: str, sound: str, kind: Kind) -> str:
    """Read 들, 님, 측 …, after names also titles and the like, and what grammar follows them."""
    for length in range(min(_LONGEST_SUFFIX, len(tail)), 0, -1):
        suffix, rest = tail[:length], tail[length:]
        if suffix in grammar.SUFFIXES or (kind != "common" and _follows_names(suffix, sound, kind)):
            if not rest:
                return f"suffix {suffix}"
            after = _inflection(rest, final_sound(suffix[-1]), verbs=False)
            if after or rest in grammar.SUFFIXES:
                return f"suffix {suffix}, {after or rest}"
    return ""


def read_trade(tail: str, *, of_people: bool = False) -> str:
    """Return what a tail is that business pages put behind a name (애플향 매출, 오픈AI용 칩, 삼성계 은행); "" for another.

    `of_people`: the name is a country's: of whom people descend, or whose manner something has, speaks of no country (중국계
    미국인, 한국형 원전).
    """
    for suffix in grammar.TRADE_SUFFIXES:
        if tail.startswith(suffix) and not (of_people and suffix in grammar.OF_COUNTRIES):
            rest = tail[len(suffix) :]
            after = _inflection(rest, final_sound(suffix[-1]), verbs=False) if rest else ""
            if not rest or after:
                return f"suffix {suffix}" + (f", {after}" if after else "")
    return ""


def _follows_names(suffix: str, sound: str, kind: Kind) -> bool:
    """Return whether a suffix or a short noun follows names; 이 is the one of given names that end in a consonant."""
    if suffix in grammar.NAME_SUFFIXES or suffix in grammar.NAME_NOUNS:
        return True
    if suffix == "이":
        return kind != "latin" and sound in "cl"
    return kind == "person" and suffix in grammar.PERSON_SUFFIXES


def is_particle(tail: str, sound: str) -> bool:
    """Return whether the tail is a chain of particles, whatever word careless writing glued to it included."""
    if _is_chain(tail, sound, "noun"):
        return True
    return any(
        tail.startswith(particle) and tail[len(particle) :].startswith(words) and _is_chain(particle, sound, "noun")
        for particle, words in grammar.GLUED.items()
    )


def _is_chain(tail: str, sound: str, group: str) -> bool:
    """Return whether the tail is a chain of particles that may follow `group`, copula at the end allowed."""
    if not tail:
        return True
    for following in grammar.FOLLOWS[group]:
        table = grammar.PARTICLES[following]
        for length in range(min(_LONGEST_PARTICLE, len(tail)), 0, -1):
            condition = table.get(tail[:length])
            if (
                condition is not None
                and agrees(condition, sound)
                and _is_chain(tail[length:], final_sound(tail[length - 1]), following)
            ):
                return True
    return group != "noun" and group in grammar.COPULA_AFTER and is_copula(tail, sound)


def is_copula(tail: str, sound: str) -> bool:
    """Return whether the tail is a form of the copula 이다 after a noun with that last sound."""
    if _begins_in(tail, grammar.CERTAIN_COPULA):
        return tail[0] != "였" or sound in "v?"
    if tail[0] == "이" and tail[1:] in grammar.COPULA_ENDINGS:
        return True
    if tail in grammar.COPULA_CONTRACTED and sound in "v?":
        return True
    for length in range(_LONGEST_FUSED, 0, -1):
        endings = grammar.COPULA_FUSED.get(tail[:length])
        if endings is not None and ((tail[length:] or "\0") in (endings or grammar.PAST)):
            return tail[0] != "였" or sound in "v?"
    return False


def _begins_in(tail: str, words: frozenset[str]) -> bool:
    """Return whether a tail of the length of inflected words begins with one of these."""
    return len(tail) <= grammar.LONGEST_VERB and any(tail[:length] in words for length in (1, 2, 3))


def is_light_verb(tail: str) -> bool:
    """Return whether the tail is a form of a verb or adjective that Korean makes from nouns."""
    if _begins_in(tail, grammar.CERTAIN_VERBS):
        return True
    for forms in grammar.LIGHT_VERBS.values():
        for form, kind in forms.items():
            if tail.startswith(form) and (tail[len(form) :] or "\0") in grammar.VERB_ENDINGS[kind]:
                return True
    return False
