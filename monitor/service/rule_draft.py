"""A rule as a person writes it in a form -> what changes in its file. Pure."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from typing import Final

from monitor.config.item_edit import Changes, ItemValue, KeyPath
from monitor.model.confidential import hide
from monitor.model.plan import Rule

ORDER: Final = (
    "id",
    "name",
    "match",
    "count",
    "sources",
    "channels",
    "tags",
    "severity",
    "stories",
    "escalate",
    "tests",
)
"""The order in which the keys of a rule are written."""
LONGEST_ID: Final = 64
_KEYS: Final[Mapping[str, KeyPath]] = {
    "name": ("name",),
    "match": ("match",),
    "sources": ("sources",),
    "channels": ("channels",),
    "tags": ("tags",),
    "severity": ("severity",),
    "stories": ("stories",),
    "tests_match": ("tests", "match"),
    "tests_no_match": ("tests", "no_match"),
}
_USUAL: Final = {"severity": "info", "stories": "escalate"}
"""What holds where nothing is written."""
_BREAK: Final = re.compile(r"[\s,]+")
_INITIALS: Final = ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"]
_VOWELS: Final = [
    "a",
    "ae",
    "ya",
    "yae",
    "eo",
    "e",
    "yeo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
]
_FINALS: Final = [
    "",
    "k",
    "k",
    "k",
    "n",
    "n",
    "n",
    "t",
    "l",
    "k",
    "m",
    "l",
    "l",
    "l",
    "p",
    "l",
    "m",
    "p",
    "p",
    "t",
    "t",
    "ng",
    "t",
    "t",
    "k",
    "t",
    "p",
    "t",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """A rule as the form has it: texts without blanks around them, lists without what is blank."""

    id: str = ""
    name: str = ""
    match: str = ""
    tags: tuple[str, ...] = ()
    severity: str = "info"
    stories: str = "escalate"
    channels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    tests_match: tuple[str, ...] = ()
    tests_no_match: tuple[str, ...] = ()


def draft_of(rule: Rule) -> RuleDraft:
    """Return a rule as a form shows it, and as it comes back untouched: texts on one line, without what came from a variable."""

    def lines(texts: Collection[str]) -> tuple[str, ...]:
        shown = (" ".join(hide(one).split()) for one in texts)
        return tuple(one for one in shown if one)

    return RuleDraft(
        id=rule.id,
        name=" ".join(hide(rule.name).split()),
        match=_text(hide(rule.expression)),
        tags=tuple(dict.fromkeys(rule.tags)),
        severity=rule.severity,
        stories=rule.stories.mode,
        channels=tuple(dict.fromkeys(rule.channels)),
        sources=tuple(dict.fromkeys(rule.sources)),
        tests_match=lines(rule.tests.match),
        tests_no_match=lines(rule.tests.no_match),
    )


def typed(
    *, rule_id: str, texts: Mapping[str, str], channels: Collection[str], severity: str, stories: str = "escalate"
) -> RuleDraft:
    """Return what was typed into a form: `texts` by the names of the fields, words apart by commas or blanks, tests a line each."""

    def words(name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for one in _BREAK.split(texts.get(name, "")) if one))

    def lines(name: str) -> tuple[str, ...]:
        return tuple(" ".join(one.split()) for one in texts.get(name, "").splitlines() if one.strip())

    return RuleDraft(
        id=rule_id.strip(),
        name=" ".join(texts.get("name", "").split()),
        match=_text(texts.get("match", "")),
        tags=words("tags"),
        severity=severity,
        stories=stories,
        channels=tuple(dict.fromkeys(channels)),
        sources=words("sources"),
        tests_match=lines("tests_match"),
        tests_no_match=lines("tests_no_match"),
    )


def _text(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def changes(draft: RuleDraft, before: RuleDraft) -> Changes:
    """Return the keys that say something else than before, in the order in which they are written; what is usual needs none."""
    found: dict[KeyPath, ItemValue | None] = {}
    for name, path in _ordered():
        value: ItemValue = getattr(draft, name)
        if name == "channels" and set(value) == set(before.channels):
            continue
        if value != getattr(before, name):
            found[path] = None if not value or _USUAL.get(name) == value else written(value)
    return found


def values(draft: RuleDraft) -> Mapping[KeyPath, ItemValue]:
    """Return the keys of a new rule, without those that would say what is so anyway."""
    said = {path: value for path, value in changes(draft, RuleDraft()).items() if value is not None}
    if said.get(("name",)) == draft.id:
        del said["name",]
    return {("id",): draft.id, **said}


def written(value: ItemValue) -> ItemValue:
    """Return a value as a file has it, in which a dollar sign is doubled."""
    return value.replace("$", "$$") if isinstance(value, str) else tuple(one.replace("$", "$$") for one in value)


def _ordered() -> tuple[tuple[str, KeyPath], ...]:
    return tuple(sorted(_KEYS.items(), key=lambda one: ORDER.index(one[1][0])))


def field_of(path: str) -> str:
    """Return the field of a form that a key is typed in; "" for a key that has none."""
    return path if path in {one.name for one in fields(RuleDraft)} else ""


def proposed_id(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return an id for a rule of that name: its letters in Latin script, a number behind it where it is taken."""
    spelt = "".join(_latin(one) for one in unicodedata.normalize("NFC", name.lower())[:200])
    plain = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    wanted = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST_ID - 6].strip("-") or "rule"
    number = 1
    while is_taken(found := wanted if number == 1 else f"{wanted}-{number}"):
        number += 1
    return found


def _latin(sign: str) -> str:
    """Return a Hangul syllable in Latin letters, sign by sign (Revised Romanization without the changes between syllables)."""
    place = ord(sign) - 0xAC00
    if not 0 <= place < len(_INITIALS) * len(_VOWELS) * len(_FINALS):
        return sign
    return _INITIALS[place // (21 * 28)] + _VOWELS[place // 28 % 21] + _FINALS[place % 28]


def difference(before: str, after: str, context: int = 2) -> tuple[str, ...]:
    """Return the lines that differ, those that go with -, those that come with +, a few around them with a blank; ends of lines are left out."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=context)
    return tuple(lines)[2:]  # the first two name files
