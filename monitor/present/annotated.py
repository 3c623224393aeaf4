"""The text of an article with what was found and what was refused marked where it stands. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.model.hit import Match, Refusal


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A piece of a text: plain, a word that was `found`, or one that was refused, with the number of that refusal, else 0."""

    text: str
    found: bool = False
    refused: int = 0


def annotated(
    text: str, field: str, matches: Sequence[Match], refusals: Sequence[Refusal]
) -> tuple[tuple[TextPiece, ...], ...]:
    """Return the paragraphs of a text in pieces; refusals are numbered from 1 in their order, whatever field they stand in.

    What does not stand where it is said to stand is left out; where two overlap, what was found counts.
    """
    marks = [(one.start, one.end, 0) for one in matches if _stands(one, text, field)]
    marks += [(one.start, one.end, number) for number, one in enumerate(refusals, 1) if _stands(one, text, field)]
    marks.sort(key=lambda mark: (mark[0], mark[2]))
    pieces: list[TextPiece] = []
    here = 0
    for start, end, number in marks:
        if start < here:
            continue
        if start > here:
            pieces.append(TextPiece(text[here:start]))
        pieces.append(TextPiece(text[start:end], not number, number))
        here = end
    pieces.append(TextPiece(text[here:]))
    return _paragraphs(pieces)


def _stands(one: Match | Refusal, text: str, field: str) -> bool:
    return one.field == field and bool(one.surface) and text[one.start : one.end].startswith(one.surface)


def _paragraphs(pieces: Sequence[TextPiece]) -> tuple[tuple[TextPiece, ...], ...]:
    paragraphs: list[list[TextPiece]] = [[]]
    for piece in pieces:
        if piece.found or piece.refused:
            paragraphs[-1].append(piece)
            continue
        first, *others = piece.text.split("\n")
        paragraphs[-1].append(TextPiece(first))
        paragraphs.extend([TextPiece(other)] for other in others)
    kept = ([piece for piece in paragraph if piece.text] for paragraph in paragraphs)
    return tuple(tuple(paragraph) for paragraph in kept if any(piece.text.strip() for piece in paragraph))
