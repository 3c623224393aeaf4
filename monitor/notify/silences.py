"""Which silence covers a hit or an event. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.model.hit import Hit
from monitor.model.normalise import fold
from monitor.model.notification import Silence
from monitor.model.plan import Rule


def covering(silences: Iterable[Silence], rule: Rule, source_id: str, hit: Hit) -> Silence | None:
    """Return the first silence that covers a hit of the rule in that source, or None.

    All that the silence names must be so.
    """
    named = (one for one in silences if concerns(one, rule, source_id))
    return next((one for one in named if not one.word or is_all(one.word, hit)), None)


def concerns(silence: Silence, rule: Rule, source_id: str) -> bool:
    """Return whether the silence covers hits of the rule in that source, as far as its word, if any, lets it."""
    return (
        silence.rule_id in {"", rule.id}
        and silence.source_id in {"", source_id}
        and (not silence.tag or silence.tag in rule.tags)
    )


def covering_count(silences: Iterable[Silence], rule: Rule) -> Silence | None:
    """Return the first silence that covers alerts of a rule over counts, or None: a count has no source and no words."""
    return next((one for one in silences if not one.word and concerns(one, rule, "")), None)


def covering_event(silences: Iterable[Silence], source_id: str) -> Silence | None:
    """Return the first silence that covers an event about that source, or None.

    Only one that names that source and nothing else: who silences hits does not want to be blind, and what befalls all
    sources at once (`source_id` "") is told whatever is silent.
    """
    return next(
        (
            one
            for one in silences
            if source_id and one.source_id == source_id and not (one.rule_id or one.tag or one.word)
        ),
        None,
    )


def is_all(word: str, hit: Hit) -> bool:
    """Return whether each mention of the hit is that word: what the rule asks for, the spelling that fired, or the text.

    A hit with one mention of something else is no matter of that word alone, and is told.
    """
    wanted = fold(word)
    return bool(hit.matches) and all(
        wanted in {fold(match.term), fold(match.alias), fold(match.surface)} for match in hit.matches
    )
