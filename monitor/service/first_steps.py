"""What is still to be done on a new installation: what to watch, where, and whom to tell. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from monitor.model.plan import Plan

SHIPPED_RULES: Final = frozenset({"deepseek", "openai", "stargate"})
"""The ids of the rules that ship: an installation that has no other watches nothing of its own yet."""
_FORM: Final = re.compile(r"(?:주식|유한|유한책임)회사|\((?:주|유|재|사)\)|[㈜㈲]")
_HANGUL: Final = re.compile(r"[가-힣]+(?: [가-힣]+)*")
_WORD: Final = re.compile(r"[^\W_]+")
_OPERATOR: Final = re.compile(r"[A-Z]+")


class StepKind(StrEnum):
    """A first step."""

    WATCH = "watch"  # a rule of one's own
    SOURCES = "sources"  # outlets that are watched
    TELL = "tell"  # a channel with an address


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A step, and how many there are of what it asks for: rules of one's own, sources switched on, channels with an address.

    `missing` is the first channel without an address, "" where it is not about one.
    """

    kind: StepKind
    count: int
    missing: str = ""

    @property
    def done(self) -> bool:
        """Return whether nothing is left to do."""
        return self.count > 0


def first_steps(plan: Plan) -> tuple[FirstStep, ...]:
    """Return the steps in their order, done ones too; () once all are done."""
    channels = [one for one in plan.channels if one.enabled]
    without = next((one.id for one in channels if not one.url), "")
    steps = (
        FirstStep(StepKind.WATCH, sum(rule.id not in SHIPPED_RULES for rule in plan.all_rules)),
        FirstStep(StepKind.SOURCES, sum(one.enabled for one in plan.sources)),
        FirstStep(StepKind.TELL, sum(bool(one.url) for one in channels), without),
    )
    return () if all(step.done for step in steps) else steps


def expression_of(name: str) -> str:
    """Return what finds a company's name, without its legal form; "" for a name of nothing else.

    A name of several Korean words is found with its blanks and without; what the language would read otherwise is a phrase.
    """
    plain = " ".join(_FORM.sub(" ", name).replace('"', " ").split())
    if _HANGUL.fullmatch(plain):
        return plain.replace(" ", "|")
    if not plain or (_WORD.fullmatch(plain) and not _OPERATOR.fullmatch(plain)):
        return plain
    return f'"{plain}"' if any(letter.isalnum() for letter in plain) else ""
