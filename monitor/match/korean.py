"""Does what follows a noun belong to its grammar? Reads particles, copula, light verbs and suffixes off a tail."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from monitor.match import grammar

_HANGUL_FIRST: Final = 0xAC00
_HANGUL_LAST: Final = 0xD7A3
_RIEUL: Final = 8
_LONGEST_PARTICLE: Final = max(len(surface) for table in grammar.PARTICLES.values() for surface in table)
_LONGEST_FUSED: Final = 2
_LONGEST_TAIL: Final = 14  # syllables; longer tails are other words


def final_sound(char: str) -> str:
    """Class the last sound of a character: "v"owel, "l" (ㄹ), "c"onsonant, or "?" where the script does not tell."""
    code = ord(char)
    if not _HANGUL_FIRST <= code <= _HANGUL_LAST:
        return "?"
    final = (code - _HANGUL_FIRST) % 28
    return "l" if final == _RIEUL else "c" if final else "v"


def agrees(condition: str, sound: str) -> bool:
    """Decide whether a form with this condition may follow that sound; an unknown sound takes either form."""
    if sound == "?" or condition == grammar.ANY:
        return True
    if condition == grammar.CONSONANT:
        return sound in "cl"
    if condition == grammar.VOWEL:
        return sound == "v"
    return (sound == "c") == (condition == grammar.CLOSED)


@lru_cache(maxsize=65536)
def read_tail(tail: str, sound: str, *, verbs: bool) -> str:
    """Say what the Hangul `tail` after a noun is: particle, copula, verb or suffix with its surface; "" if nothing known.

    `sound` is the class of the noun's last sound; `verbs` allows light verbs (하다, 되다 …), which names do not take.
    """
    if not tail:
        return "bare"
    if len(tail) > _LONGEST_TAIL:
        return ""
    return _particle_or_verb(tail, sound, verbs=verbs) or _suffixed(tail)


def _particle_or_verb(tail: str, sound: str, *, verbs: bool) -> str:
    if _is_chain(tail, sound, "noun"):
        return f"particle {tail}"
    if is_copula(tail, sound):
        return f"copula {tail}"
    if verbs and is_light_verb(tail):
        return f"verb {tail}"
    return ""


def _suffixed(tail: str) -> str:
    """Read 들, 님, 측 … and what grammar follows them."""
    for length in (2, 1):
        suffix, rest = tail[:length], tail[length:]
        if suffix in grammar.PLURAL_HONORIFIC:
            if not rest:
                return f"suffix {suffix}"
            after = _particle_or_verb(rest, final_sound(suffix[-1]), verbs=False)
            if after:
                return f"suffix {suffix}, {after}"
    return ""


def _is_chain(tail: str, sound: str, group: str) -> bool:
    """Decide whether the tail is a chain of particles that may follow `group`, copula at the end allowed."""
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
    """Decide whether the tail is a form of the copula 이다 after a noun with that last sound."""
    if tail[0] == "이" and tail[1:] in grammar.COPULA_ENDINGS:
        return True
    if tail in grammar.COPULA_CONTRACTED and sound in "v?":
        return True
    for length in range(_LONGEST_FUSED, 0, -1):
        endings = grammar.COPULA_FUSED.get(tail[:length])
        if endings is not None and ((tail[length:] or "\0") in (endings or grammar.PAST)):
            return tail[0] != "였" or sound in "v?"
    return False


def is_light_verb(tail: str) -> bool:
    """Decide whether the tail is a form of a verb or adjective that Korean makes from nouns."""
    for forms in grammar.LIGHT_VERBS.values():
        for form, kind in forms.items():
            if tail.startswith(form) and (tail[len(form) :] or "\0") in grammar.VERB_ENDINGS[kind]:
                return True
    return False
