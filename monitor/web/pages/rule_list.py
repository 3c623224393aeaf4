"""Rules a page at a time, and those that somebody looks for: several hundred are too many for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Query

from monitor.model.confidential import hide
from monitor.model.plan import Rule

PAGE: Final = 100
MOST: Final = 1_000_000
Find = Annotated[str, Query(max_length=200)]
Begin = Annotated[int, Query(ge=0, le=MOST)]


@dataclass(frozen=True, slots=True)
class RuleList:
    """A page of the `number` rules in which `find` stands. `previous` and `following` are where others begin, None for none."""

    rules: tuple[Rule, ...]
    find: str
    begin: int
    number: int

    @property
    def previous(self) -> int | None:
        """Return where the page before begins."""
        return max(0, self.begin - PAGE) if self.begin else None

    @property
    def following(self) -> int | None:
        """Return where the next page begins."""
        end = self.begin + PAGE
        return end if end < self.number else None


def rule_list(rules: Sequence[Rule], find: str, begin: int) -> RuleList:
    """Return a page of rules; `find` stands in the id, name, a tag or the expression as people see them, in letters of either case."""
    wanted = find.strip().casefold()
    found = [one for one in rules if wanted in _words(one)] if wanted else rules
    return RuleList(tuple(found[begin : begin + PAGE]), find.strip(), begin, len(found))


def _words(rule: Rule) -> str:
    return hide("\n".join((rule.id, rule.name, rule.expression, *rule.tags))).casefold()
