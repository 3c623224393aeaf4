"""Which stored articles a new or changed rule would find, and nobody would be told of: counted before it is in force.

A rule that is new finds what is stored silently; that it finds something there, somebody who has just written it wants to
know. Counting ends after MOST seconds, for it is an answer on the way and no inquiry.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.match.brought import newly_met
from monitor.match.ruleset import RuleSet
from monitor.model.fingerprint import rule_fingerprint
from monitor.model.plan import Plan
from monitor.store.read.queries import SqlReader
from monitor.store.write.rule_store import GAP_TOLD

SPAN: Final = timedelta(days=7)
MOST: Final = 1.0
"""Seconds that counting may take."""
PAGE: Final = 50
SHOWN: Final = 10
"""Rules that have a line of their own."""


@dataclass(frozen=True, slots=True)
class UntoldCount:
    """How many articles of SPAN each rule matches and is not told of; `whole`: all of them were looked at."""

    by_rule: dict[str, int]
    articles: int
    whole: bool

    def lines(self) -> tuple[str, ...]:
        """Return it in words, the rules with most first; () where there is nothing to say."""
        least, of = "" if self.whole else "at least ", f"of the last {SPAN.days} days"
        found = sorted(((rule, n) for rule, n in self.by_rule.items() if n), key=lambda one: -one[1])
        said = [
            f"rule {rule}: {least}{n} stored article{'' if n == 1 else 's'} {of} match{'es' if n == 1 else ''} and will not "
            f"be sent; once it is in force: monitor hits --rule {rule}"
            for rule, n in found[:SHOWN]
        ]
        if len(found) > SHOWN:
            said.append(f"{len(found) - SHOWN} more rules match stored articles that will not be sent")
        if not found and not self.whole:
            said.append(
                f"none of the newest {self.articles} stored articles matches; there was no time for the rest {of}"
            )
        return tuple(said)


def silent_limits(reader: SqlReader, plan: Plan, now: datetime) -> dict[str, int]:
    """Return the rules that the plan in force does not have so, each with the last article that it tells nobody of.

    One that was away for a short time tells of what came meanwhile.
    """
    known, limits = reader.known_rules(), {}
    for rule in plan.rules:
        there = known.get((rule.id, rule_fingerprint(rule, plan)))
        if there is None:
            limits[rule.id] = sys.maxsize
        elif there.left_at is not None:
            limits[rule.id] = there.silent_to if now - there.left_at <= GAP_TOLD else sys.maxsize
    return limits


def untold(reader: SqlReader, plan: Plan, rules: RuleSet, now: datetime, clock: Callable[[], float]) -> UntoldCount:
    """Count; `clock` gives seconds that never run backwards. Raises StoreError."""
    limits, until = silent_limits(reader, plan, now), clock() + MOST
    only, found, seen, before = rules.only(limits), Counter[str](), 0, sys.maxsize
    while limits and (page := reader.newest_articles(before, PAGE)):
        for one in page:
            if one.stored_at < now - SPAN:
                return UntoldCount(dict(found), seen, whole=True)
            if clock() > until:
                return UntoldCount(dict(found), seen, whole=False)
            matched = (rule for _, met in newly_met(one.article, one.others, only.match) for rule, _ in met)
            found.update(rule for rule in matched if rule not in one.met and one.id <= limits[rule])
            seen += 1
        before = page[-1].id
    return UntoldCount(dict(found), seen, whole=True)
