"""Cuts an expression of the query language into tokens, and says precisely what looks like a slip of the hand."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Final

from monitor.match.query.keyboard import slip
from monitor.match.query.syntax import FIELDS, MODES
from monitor.model.errors import QueryError

_QUOTES: Final = {'"': '"', "“": "”", "”": "”"}
_COUNTED: Final = re.compile(r"(NEAR|ONEAR|ATLEAST)/(\d+)\Z")
_PLAIN_OPERATORS: Final = frozenset({"AND", "OR", "NOT", "EXCEPT", "SAME_SENTENCE"})
_SIGNS: Final = {"&&": "AND", "||": "OR", "&": "AND", "|": "OR", "!": "NOT", "+": "AND"}
_CALLS: Final = frozenset({*MODES, "scan_all"})
_OPERATOR_NAMES: Final = ("AND", "OR", "NOT", "NEAR", "ONEAR", "ATLEAST", "EXCEPT", "SAME_SENTENCE")
_WORD: Final = re.compile(r'[^\s()"“”]+')
_FIELD: Final = re.compile(r"([A-Za-z_]+):(?!//)")
_LETTERS: Final = re.compile(r"[\w.&+-]+")
_SPACE: Final = re.compile(r"\s+")
_SLOP: Final = re.compile(r"~(\d{1,3})")
_ALIAS: Final = re.compile(r"@([\w-]+)")
COUNT_LIMIT: Final = 100


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of an expression: its kind, its text, a number where it carries one, and where it stands.

    Kinds: word, phrase, regex, alias, field, call, operator, open, close, end.
    """

    kind: str
    text: str
    pos: int
    number: int = 0


def tokenise(text: str) -> list[Token]:
    """Cut `text` into tokens, an `end` token last. Raises QueryError at the first thing that cannot be meant."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        space = _SPACE.match(text, at)
        if space:
            at = space.end()
            continue
        token, at = _next(text, at)
        tokens.append(token)
    tokens.append(Token("end", "", len(text)))
    return tokens


def _next(text: str, at: int) -> tuple[Token, int]:  # noqa: PLR0911 - one answer for each kind of token
    char = text[at]
    if char in "()":
        return Token("open" if char == "(" else "close", char, at), at + 1
    if char in _QUOTES:
        return _phrase(text, at)
    if char == "/":
        return _regex(text, at)
    if char == "@":
        return _alias(text, at)
    if char == "-" and at + 1 < len(text) and not text[at + 1].isspace():
        return Token("operator", "NOT", at), at + 1
    field = _FIELD.match(text, at)
    if field:
        return _field(text, field)
    return _word(text, at)


def _phrase(text: str, at: int) -> tuple[Token, int]:
    closing = _QUOTES[text[at]]
    letters: list[str] = []
    end = at + 1
    while end < len(text) and text[end] != closing:
        if text[end] == "\\" and end + 1 < len(text):
            end += 1
        letters.append(text[end])
        end += 1
    if end >= len(text):
        raise QueryError(text, at, "the quotation mark is never closed", f"add {closing} where the phrase ends")
    if not "".join(letters).strip():
        raise QueryError(text, at, "the phrase is empty", "write the words to look for between the quotation marks")
    if text[at] != '"' and _ALIAS.fullmatch("".join(letters).strip()):
        hint = 'take the quotation marks away for the alias group, or write " to look for the text itself'
        raise QueryError(text, at, "an alias group between quotation marks is plain text", hint)
    slop = _SLOP.match(text, end + 1)
    stop = slop.end() if slop else end + 1
    return Token("phrase", "".join(letters), at, int(slop[1]) if slop else 0), stop


def _regex(text: str, at: int) -> tuple[Token, int]:
    end = at + 1
    while end < len(text) and text[end] != "/":
        end += 2 if text[end] == "\\" else 1
    if end >= len(text):
        raise QueryError(text, at, "the regular expression is never closed", "add / where it ends, or quote the word")
    if end == at + 1:
        raise QueryError(text, at, "the regular expression is empty", "write it between two slashes")
    return Token("regex", text[at + 1 : end].replace("\\/", "/"), at), end + 1


def _alias(text: str, at: int) -> tuple[Token, int]:
    found = _ALIAS.match(text, at)
    if not found:
        raise QueryError(
            text, at, "@ must be followed by the name of an alias group", 'quote it to look for "@" itself'
        )
    return Token("alias", found[1], at), found.end()


def _field(text: str, found: re.Match[str]) -> tuple[Token, int]:
    name = found[1]
    if name not in FIELDS:
        raise QueryError(text, found.start(), f"there is no field {name!r}", _suggest(name, FIELDS, "quote the word"))
    if found.end() >= len(text) or text[found.end()].isspace():
        raise QueryError(text, found.start(), f"nothing follows {name}:", f"write the word right after it: {name}:word")
    return Token("field", name, found.start()), found.end()


def _word(text: str, at: int) -> tuple[Token, int]:
    found = _WORD.match(text, at)
    assert found is not None  # noqa: S101 - blanks, brackets and quotes were dealt with before
    word, end = found[0], found.end()
    if word in _CALLS and text[end : end + 1] == "(":
        return Token("call", word, at), end
    if text[end:].lstrip()[:1] == "(":
        _refuse_call(text, at, word, end)
    if word in _PLAIN_OPERATORS:
        return Token("operator", word, at), end
    counted = _COUNTED.match(word)
    if counted:
        return Token("operator", counted[1], at, _count(text, at, int(counted[2][:9]))), end
    _refuse_slip(text, at, word)
    return Token("word", word, at), end


def _refuse_call(text: str, at: int, word: str, end: int) -> None:
    """Raise QueryError when a word before a bracket was meant for a mode: COMPOUND(…), 단어(…), compound (…)."""
    glued = text[end] == "("
    if word in _CALLS or (word.lower() in _CALLS and glued):
        raise QueryError(text, at, f"{word!r} looks like a mode", f"write {word.lower()}(…), or quote the word")
    if glued and _LETTERS.fullmatch(word) and word not in _OPERATOR_NAMES:
        close = difflib.get_close_matches(word.lower(), sorted(_CALLS), 1, 0.75)
        modes = f"did you mean {close[0]}(…)?" if close else f"modes are {', '.join(MODES)}"
        raise QueryError(text, at, f"there is no mode {word!r}", f"{modes}; otherwise put a blank before the bracket")


def _count(text: str, at: int, number: int) -> int:
    if not 1 <= number <= COUNT_LIMIT:
        raise QueryError(text, at, f"the number must be from 1 to {COUNT_LIMIT}", "for example NEAR/5")
    return number


def _refuse_slip(text: str, at: int, word: str) -> None:
    """Raise QueryError when a word is most likely a mistyped operator."""
    if word in _SIGNS:
        raise QueryError(text, at, f"{word!r} is not an operator", f"write {_SIGNS[word]}, or quote it")
    if word[-1] in "*＊":
        raise QueryError(text, at, "there is no * wildcard", f"write prefix({word.rstrip('*＊') or 'word'})")
    slipped = slip(word)
    if slipped:
        raise QueryError(text, at + slipped[0], *slipped[1:])
    letters = re.sub(r"[^A-Za-z_]", "", word)
    upper = letters.upper()
    if upper in {"AND", "OR", "NOT", "EXCEPT", "SAME_SENTENCE"} and word == letters:
        raise QueryError(text, at, f"{word!r} looks like an operator", f"write {upper}, or quote the word")
    near_miss = upper in {"NEAR", "ONEAR", "ATLEAST"} and (word.isupper() or len(word) > len(letters))
    if near_miss:
        number = re.sub(r"\D", "", word) or "5"
        raise QueryError(text, at, f"{word!r} looks like an operator", f"write {upper}/{number}, or quote the word")
    if word.isascii() and letters.isupper() and ("/" in word or len(letters) > 4):  # noqa: PLR2004 - longer than acronyms
        close = difflib.get_close_matches(letters, _OPERATOR_NAMES, 1, 0.74)
        if close:
            raise QueryError(
                text, at, f"{word!r} looks like an operator", f"did you mean {close[0]}? otherwise quote it"
            )


def _suggest(name: str, known: tuple[str, ...], otherwise: str) -> str:
    """Name the nearest known word, or all of them."""
    close = difflib.get_close_matches(name.lower(), known, 1, 0.6)
    return (
        f"did you mean {close[0]}:?" if close else f"fields are {', '.join(known)}; {otherwise} if no field was meant"
    )
