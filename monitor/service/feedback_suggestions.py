"""What the rule of a hit that was not meant could refuse, and what that would cost among its stored hits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from monitor.match.exclusions import exclusions
from monitor.match.ruleset import compile_rules
from monitor.match.words.scan import Analyser
from monitor.model.article import Article
from monitor.model.errors import MonitorError
from monitor.model.feedback import Relevance
from monitor.model.plan import Plan
from monitor.model.records import HitQuery, HitRecord
from monitor.model.suggestion import Exclusion, LostHit, Suggestion, Suggestions
from monitor.store.read.queries import SqlReader

SPAN: Final = timedelta(days=30)
"""How far back the hits go that a suggestion is held against."""

MOST_WRONG: Final = 50
"""Hits that were not meant and are looked at, the latest."""

MOST_OTHERS: Final = 500
"""Other hits that are looked at, the latest."""

SAMPLES: Final = 5
"""Hits that would be lost and are shown of each suggestion."""

_NOT_MET: Final = "the rule as the files have it does not meet this article: there is nothing to refuse"
_NOTHING: Final = (
    "nothing that stands around the words refuses it without losing more than one in ten of the rule's other hits"
)


def suggest(reader: SqlReader, hit_id: int, plan: Plan, analyser: Analyser | None, now: datetime) -> Suggestions:
    """Return what the rule of a hit could refuse: of this hit and of others that were said not to be meant.

    A suggestion can only take hits away, so that it is held against the stored hits of that rule of the last 30 days (the latest
    500 at most) and not against all articles: what it adds is nothing, and what it removes is among them. Limits of the rule to
    sources do not count. Raises StoreError, MonitorError for a hit that there is not and for a rule that is gone.
    """
    asked = reader.hits(HitQuery(id=hit_id, limit=1))
    if not asked:
        raise MonitorError(f"there is no hit {hit_id}; monitor hits shows which there are")
    rule = next((one for one in plan.rules if one.id == asked[0].rule_id), None)
    if rule is None:
        raise MonitorError(f"hit {hit_id} is of rule {asked[0].rule_id!r}, which the files do not have any more")
    said = reader.hits(HitQuery(rule=rule.id, feedback=Relevance.NOT_MEANT.value, limit=MOST_WRONG))
    wrong = (*asked, *(hit for hit in said if hit.id != hit_id))[:MOST_WRONG]
    since = now - SPAN
    known = {hit.id for hit in (*asked, *said)}
    latest = reader.hits(HitQuery(rule=rule.id, since=since, limit=MOST_OTHERS + len(known)))
    others = [hit for hit in latest if hit.id not in known and hit.feedback is not Relevance.NOT_MEANT][:MOST_OTHERS]
    texts = reader.stored.whole({hit.article.id for hit in (*wrong, *others)})
    held = [_brought(hit, texts) for hit in wrong]
    found = exclusions(rule, plan.aliases, held, [_brought(hit, texts) for hit in others], analyser)
    met = compile_rules([replace(rule, sources=())], plan.aliases, analyser).match(held[0])
    return Suggestions(
        hit_id=hit_id,
        rule_id=rule.id,
        expression=rule.expression,
        since=since,
        wrong=len(wrong),
        others=len(others),
        found=tuple(_suggestion(one, wrong, others) for one in found),
        none="" if found else _NOTHING if met else _NOT_MET,
    )


def _suggestion(found: Exclusion, wrong: Sequence[HitRecord], others: Sequence[HitRecord]) -> Suggestion:
    lost = [others[number] for number in found.lost]
    return Suggestion(
        phrase=found.phrase,
        expression=found.expression,
        refused=tuple(wrong[number].id for number in found.refused),
        lost_count=len(lost),
        lost=tuple(LostHit(hit.id, hit.article.title, hit.article.url) for hit in lost[:SAMPLES]),
    )


def _brought(hit: HitRecord, texts: Mapping[int, Article]) -> Article:
    """Return the article of a hit as the source brought it by which it met the rule."""
    return replace(texts[hit.article.id], source_id=hit.article.source)
