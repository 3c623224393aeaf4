"""A rule that two people change at the same time: field by field, what only one of them touched is kept. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Final

from monitor.service.rule_draft import RuleDraft

FIELDS: Final = tuple(one.name for one in fields(RuleDraft) if one.name != "id")
_LETTERS: Final = 8  # of each field's digest


@dataclass(frozen=True, slots=True)
class MergedDraft:
    """What comes of two changes of a rule: `kept` are the fields that are as the other wrote them, `clashing` those that both changed.

    In a clash `draft` has what was typed, and `theirs` what the file has by now.
    """

    draft: RuleDraft
    theirs: RuleDraft
    kept: tuple[str, ...] = ()
    clashing: tuple[str, ...] = ()


def fingerprint(draft: RuleDraft) -> str:
    """Return by what a form that was made from a rule knows later which of its fields were touched."""
    return "".join(_mark(draft, name) for name in FIELDS)


def merged(base: str, mine: RuleDraft, theirs: RuleDraft, chosen: Collection[str] = ()) -> MergedDraft:
    """Return one rule of two: `mine` was typed over what `base` is the fingerprint of, `theirs` is in the file by now.

    Of a field that both changed `mine` stays, theirs where it is `chosen`. Without a fingerprint each difference is such a field.
    """
    known = len(base) == len(FIELDS) * _LETTERS
    kept: list[str] = []
    clashing: list[str] = []
    for number, name in enumerate(FIELDS):
        if _mark(mine, name) == _mark(theirs, name):
            continue
        if name in chosen:
            kept.append(name)
            continue
        before = base[number * _LETTERS : (number + 1) * _LETTERS] if known else ""
        if before == _mark(theirs, name):
            continue  # only I have touched it
        (kept if before == _mark(mine, name) else clashing).append(name)
    taken = {name: getattr(theirs, name) for name in kept}
    return MergedDraft(replace(mine, **taken), theirs, tuple(kept), tuple(clashing))


def _mark(draft: RuleDraft, name: str) -> str:
    value = getattr(draft, name)
    said = sorted(value) if name == "channels" else value  # their order says nothing
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()[:_LETTERS]
