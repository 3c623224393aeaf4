"""The query language: text to tree, by precedence climbing (V. R. Pratt, Top down operator precedence, 1973).

    expr   := or ; or := and ("OR" and)* ; and := not (["AND"] not)* ; not := ["NOT" | "-"] near
    near   := except (("NEAR/"n | "ONEAR/"n | "SAME_SENTENCE") except)*
    except := atom ["EXCEPT" atom]
    atom   := term | "phrase"["~"n] | /re2/ | @alias | field:atom | "ATLEAST/"n atom | mode"("expr")" | "("expr")"

NEAR and EXCEPT work on occurrences, so their sides are terms, or groups of terms joined by OR.
"""

from __future__ import annotations

import re
from typing import Final, cast

from monitor.match.query import syntax
from monitor.match.query.lexer import Token, tokenise
from monitor.model.errors import QueryError

LONGEST: Final = 20_000  # code points; what the largest news monitors accept
_DEEPEST: Final = 60
# One word or phrase of Hangul needs no parser; large rule sets are made of them.
_SIMPLE: Final = re.compile('[가-힣]{1,50}|"[가-힣]{1,50}"')
_BINDING: Final = {"OR": 10, "AND": 20, "NEAR": 40, "ONEAR": 40, "SAME_SENTENCE": 40, "EXCEPT": 50}
_NOT: Final = 30
_ATOM: Final = 60
_STARTS: Final = frozenset({"word", "phrase", "regex", "alias", "field", "call", "open"})


def parse(text: str) -> syntax.Node:
    """Read an expression. Raises QueryError with the place of the first fault and how to mend it."""
    if word := plain_word(text):
        return syntax.Term(word, quoted=text[0] == '"')
    if len(text) > LONGEST:
        raise QueryError(text, LONGEST, f"the expression is longer than {LONGEST} characters", "split the rule")
    parser = _Parser(text, tokenise(text))
    node = parser.expression(0, 0)
    parser.finish()
    return node


def plain_word(text: str) -> str:
    """Return the word of an expression that is nothing but one word of Hangul, quoted or not; "" for all others."""
    return text.strip('"') if _SIMPLE.fullmatch(text) else ""


class _Parser:
    """Walks over the tokens of one expression."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._at = 0

    def finish(self) -> None:
        """Raise QueryError unless everything was read."""
        token = self._tokens[self._at]
        if token.kind == "close":
            raise self._error(token, "this bracket was never opened", "remove it, or open one before")

    def expression(self, least: int, depth: int) -> syntax.Node:
        """Read an expression whose operators bind at least as tightly as `least`."""
        node = self._prefix(depth)
        while True:
            operator, binding = self._infix()
            if binding <= least:
                return node
            token = self._tokens[self._at]
            if operator is not None:
                self._at += 1
            node = self._joined(node, operator or Token("operator", "AND", token.pos), binding, depth)

    def _infix(self) -> tuple[Token | None, int]:
        """Look at what comes next as an infix operator; None with a binding means juxtaposition, which is AND."""
        token = self._tokens[self._at]
        if token.kind == "operator" and token.text in _BINDING:
            return token, _BINDING[token.text]
        if token.kind in _STARTS or (token.kind == "operator" and token.text in {"NOT", "ATLEAST"}):
            return None, _BINDING["AND"]
        return None, -1

    def _joined(self, left: syntax.Node, operator: Token, binding: int, depth: int) -> syntax.Node:
        right = self.expression(binding, depth + 1)
        match operator.text:
            case "AND":
                return syntax.And((*_parts(left, syntax.And), *_parts(right, syntax.And)), left.pos)
            case "OR":
                return syntax.Or((*_parts(left, syntax.Or), *_parts(right, syntax.Or)), left.pos)
            case "EXCEPT":
                self._need_occurrences(left, operator)
                self._need_occurrences(right, operator)
                return syntax.Except(left, right, operator.pos)
            case _:
                return self._near(left, right, operator)

    def _near(self, left: syntax.Node, right: syntax.Node, operator: Token) -> syntax.Node:
        self._need_occurrences(left, operator)
        self._need_occurrences(right, operator)
        distance = None if operator.text == "SAME_SENTENCE" else operator.number
        return syntax.Near(left, right, distance, operator.text == "ONEAR", operator.pos)

    def _prefix(self, depth: int) -> syntax.Node:  # noqa: C901, PLR0911 - one case for each kind of token
        token = self._tokens[self._at]
        if depth > _DEEPEST:
            raise self._error(token, "brackets are nested too deeply", "use alias groups")
        self._at += 1
        if token.kind == "operator":
            return self._prefix_operator(token, depth)
        match token.kind:
            case "word":
                return syntax.Term(token.text, pos=token.pos)
            case "phrase":
                return syntax.Term(token.text, quoted=True, slop=token.number, pos=token.pos)
            case "regex":
                return syntax.Regex(token.text, token.pos)
            case "alias":
                return syntax.Alias(token.text, token.pos)
            case "field":
                return self._within(token, depth)
            case "call":
                return self._call(token, depth)
            case "open":
                return self._bracketed(token, depth)
            case _:
                raise self._missing(token)

    def _prefix_operator(self, token: Token, depth: int) -> syntax.Node:
        if token.text == "NOT":
            return syntax.Not(self.expression(_NOT - 1, depth + 1), token.pos)
        if token.text == "ATLEAST":
            node = self.expression(_ATOM, depth + 1)
            self._need_occurrences(node, token)
            return syntax.AtLeast(token.number, node, token.pos)
        raise self._error(token, f"nothing stands before {token.text}", "write a term there, or quote the word")

    def _missing(self, token: Token) -> QueryError:
        if token.kind == "close":
            return self._error(token, "a term is missing before this bracket", "write a term, or remove the brackets")
        if self._at == 1:
            return self._error(token, "the expression is empty", "write at least one term")
        return self._error(
            token, "the expression ends where a term should stand", "write a term, or remove the operator"
        )

    def _within(self, token: Token, depth: int) -> syntax.Node:
        node = self.expression(_ATOM, depth + 1)
        if token.text in syntax.LABEL_FIELDS and not _is_label(node):
            raise self._error(token, f"{token.text}: takes one plain word", f"for example {token.text}:name")
        return syntax.Within(token.text, node, token.pos)

    def _call(self, token: Token, depth: int) -> syntax.Node:
        bracket = self._tokens[self._at]
        self._at += 1
        node = self._bracketed(bracket, depth)
        if token.text == "scan_all":
            if token.pos != self._tokens[0].pos or self._tokens[self._at].kind != "end":
                raise self._error(token, "scan_all() must enclose the whole expression", "move it to the outside")
            return syntax.ScanAll(node, token.pos)
        return syntax.Moded(cast("syntax.Mode", token.text), node, token.pos)

    def _bracketed(self, bracket: Token, depth: int) -> syntax.Node:
        node = self.expression(0, depth + 1)
        if self._tokens[self._at].kind != "close":
            raise self._error(bracket, "this bracket is never closed", "add ) where the group ends")
        self._at += 1
        return node

    def _need_occurrences(self, node: syntax.Node, operator: Token) -> None:
        if not has_occurrences(node):
            raise QueryError(
                self._text,
                node.pos,
                f"{operator.text} joins occurrences of words; this side has none",
                "use terms, or a group of terms joined by OR",
            )

    def _error(self, token: Token, message: str, hint: str) -> QueryError:
        return QueryError(self._text, token.pos, message, hint)


def has_occurrences(node: syntax.Node) -> bool:
    """Return whether a node stands for places in a text, so that NEAR, EXCEPT and ATLEAST can work on them."""
    match node:
        case syntax.Term() | syntax.Alias() | syntax.Regex():
            return True
        case syntax.Within(name, inner):
            return name not in syntax.LABEL_FIELDS and has_occurrences(inner)
        case syntax.Moded(_, inner):
            return has_occurrences(inner)
        case syntax.Or(parts):
            return all(has_occurrences(part) for part in parts)
        case syntax.Except() | syntax.Near():
            return True
        case _:
            return False


def _parts(node: syntax.Node, kind: type[syntax.And | syntax.Or]) -> tuple[syntax.Node, ...]:
    """Return the parts of a node of that kind, or the node alone: a AND (b AND c) is one And of three."""
    return node.parts if isinstance(node, kind) else (node,)


def _is_label(node: syntax.Node) -> bool:
    return isinstance(node, syntax.Term)
