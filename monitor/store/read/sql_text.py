"""SQL as people write it, with search(), ago(), moment() and kst(), and the same for one database. Pure.

The four mean the same on both databases: what one of them cannot say itself is written out before it is asked.

    article_id IN search('오픈AI')    articles with hits that hold these words
    created_at > ago('2h')           a moment before now; also '어제', '2026-11-05', '11:30'
    created_at > moment('2026-11-05T02:32:16Z')
    kst(created_at)                  text in the configured zone: 2026-11-05 11:32:16
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from monitor.model.errors import InvalidValueError, SqlMistakeError
from monitor.present.timefmt import parse_span
from monitor.store.tables.fulltext import wanted_words

READING: Final = frozenset({"select", "with", "values", "explain", "table"})
"""Words that a question begins with."""

_TOKEN = re.compile(
    r"(?P<blank>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))"
    r"|(?P<text>'(?:[^']|'')*')"
    r"|(?P<other>[eE]'(?:[^'\\]|\\.|'')*'|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$|\"(?:[^\"]|\"\")*\"|`[^`]*`)"
    r"|(?P<word>[^\W\d]\w*)"
    r"|(?P<sign>.)",
    re.DOTALL,
)
_WITH_T = re.compile(r"'\d{4}-\d\d-\d\d[Tt]\d\d.*'")
_OWN = frozenset({"search", "ago", "moment", "kst"})


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a question is written for. `zone` is that of people and of texts without one, `zone_name` its name, `now` aware."""

    name: str
    now: datetime
    zone: tzinfo
    zone_name: str


@dataclass(frozen=True, slots=True)
class WrittenSql:
    """A question as a database takes it. `sources` says from which character of what was asked each piece on comes."""

    text: str
    asked: str
    sources: tuple[tuple[int, int], ...]

    def place(self, character: int) -> str:
        """Return where in what was asked a character of `text`, from 0, comes from: line 1, column 8."""
        start, source = self.sources[bisect_right(self.sources, (character, len(self.asked))) - 1]
        return place(self.asked, min(source + character - start, len(self.asked)))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def write_out(asked: str, dialect: Dialect) -> WrittenSql:
    """Return the question for a database. Raises SqlMistakeError for what is no single question, or asked of a function wrongly."""
    tokens = tuple(_tokens(asked))
    _check_single(asked, tokens)
    pieces: list[tuple[str, int]] = []
    _write(asked, tokens, dialect, pieces)
    text, sources = "", []
    for piece, at in pieces:
        sources.append((len(text), at))
        text += piece
    return WrittenSql(text, asked, tuple(sources))


def place(asked: str, character: int) -> str:
    """Return where a character, from 0, stands: line 1, column 8."""
    before = asked[:character]
    return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"


def _tokens(asked: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(asked):
        kind = found.lastgroup or "sign"
        yield _Token("other" if kind == "tag" else kind, found[0], found.start())


def _check_single(asked: str, tokens: Sequence[_Token]) -> None:
    meant = [token for token in tokens if token.kind != "blank"]
    while meant and meant[-1].text == ";":
        meant.pop()
    if not meant:
        raise SqlMistakeError("nothing is asked; write a SELECT")
    first = next((token for token in meant if token.text != "("), meant[0])
    if first.text.lower() not in READING:
        raise SqlMistakeError(
            f"{first.text[:40]!r} at {place(asked, first.at)}: this command only reads; begin with SELECT"
        )
    for token in meant:
        if token.text == ";":
            raise SqlMistakeError(f"a second statement at {place(asked, token.at)}: one is asked at a time")


def _write(asked: str, tokens: Sequence[_Token], dialect: Dialect, pieces: list[tuple[str, int]]) -> None:
    number, before = 0, ""
    while number < len(tokens):
        token = tokens[number]
        opening = _after_blanks(tokens, number + 1)
        if token.kind == "word" and token.text.lower() in _OWN and before != "." and _is(tokens, opening, "("):
            closing = _closing(asked, tokens, opening)
            _call(asked, token, tokens[opening + 1 : closing], dialect, pieces)
            number, before = closing + 1, ")"
            continue
        if token.kind == "text" and dialect.name == "sqlite" and _WITH_T.fullmatch(token.text):
            raise SqlMistakeError(
                f"{token.text} at {place(asked, token.at)} compares wrongly in SQLite, which writes a blank for T; write moment({token.text})"
            )
        if not (token.text == ";" and token.kind == "sign"):
            pieces.append((token.text, token.at))
        if token.kind != "blank":
            before = token.text
        number += 1


def _call(asked: str, name: _Token, inner: Sequence[_Token], dialect: Dialect, pieces: list[tuple[str, int]]) -> None:
    function = name.text.lower()
    if function == "kst":
        before, after = ("kst(", ")")
        if dialect.name == "postgresql":
            before, after = "to_char((", f") AT TIME ZONE '{dialect.zone_name}', 'YYYY-MM-DD HH24:MI:SS')"
        pieces.append((before, name.at))
        _write(asked, inner, dialect, pieces)
        pieces.append((after, name.at))
        return
    meant = [token for token in inner if token.kind != "blank"]
    if len(meant) != 1 or meant[0].kind != "text":
        raise SqlMistakeError(
            f"{function}() at {place(asked, name.at)} takes one text in quotes, as in {_EXAMPLES[function]}"
        )
    stated = meant[0].text[1:-1].replace("''", "'")
    if function == "search":
        pieces.append((_search(stated, dialect.name), name.at))
        return
    try:
        moment = parse_span(stated, dialect.now, dialect.zone)[0]
    except InvalidValueError as error:
        raise SqlMistakeError(f"{function}() at {place(asked, name.at)}: {error}") from None
    pieces.append((_literal(moment, dialect.name), name.at))


_EXAMPLES: Final = {"search": "search('오픈AI')", "ago": "ago('2h')", "moment": "moment('2026-11-05T11:30')"}


def _search(text: str, dialect: str) -> str:
    found = wanted_words(dialect, text, ())
    if not found:
        return "(SELECT id FROM article WHERE 1 = 0)"
    wanted = found.replace("'", "''")
    if dialect == "sqlite":
        return f"(SELECT rowid FROM search_index WHERE search_index MATCH '{wanted}')"  # noqa: S608 - quotes are doubled
    return f"(SELECT id FROM search_index WHERE words @@ CAST('{wanted}' AS tsquery))"  # noqa: S608 - quotes are doubled


def _literal(moment: datetime, dialect: str) -> str:
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return f"'{text}'" if dialect == "sqlite" else f"TIMESTAMPTZ '{text}+00'"


def _after_blanks(tokens: Sequence[_Token], number: int) -> int:
    while number < len(tokens) and tokens[number].kind == "blank":
        number += 1
    return number


def _is(tokens: Sequence[_Token], number: int, sign: str) -> bool:
    return number < len(tokens) and tokens[number].text == sign


def _closing(asked: str, tokens: Sequence[_Token], opening: int) -> int:
    depth = 0
    for number in range(opening, len(tokens)):
        if tokens[number].kind == "sign":
            depth += {"(": 1, ")": -1}.get(tokens[number].text, 0)
            if depth == 0:
                return number
    raise SqlMistakeError(f"the bracket at {place(asked, tokens[opening].at)} is not closed")
