"""What a rule would have found and told, as a JSON object."""

from __future__ import annotations

from monitor.model.backtest import Backtest, BacktestSpan, HitSample, RuleBacktest
from monitor.present.moments import rfc3339
from monitor.present.shapes import Json, article_object, rule_object


def backtest_object(done: Backtest) -> dict[str, Json]:
    """Return all that a backtest came to: what was looked at, then each rule."""
    return {"span": span_object(done.span), "rules": [tried_rule_object(rule, done.span) for rule in done.rules]}


def span_object(span: BacktestSpan) -> dict[str, Json]:
    """Return what was looked at; `days` is how many days of the span there were articles of."""
    return {
        "since": rfc3339(span.since),
        "until": rfc3339(span.until),
        "stored_since": None if span.stored_since is None else rfc3339(span.stored_since),
        "days": round(span.days, 2),
        "articles": span.articles,
        "without_body": span.without_body,
        "cut": span.cut,
    }


def tried_rule_object(rule: RuleBacktest, span: BacktestSpan) -> dict[str, Json]:
    """Return one rule; what is told of a day is so much on average, null where there is no day."""
    shown: dict[str, Json] = {
        "rule": rule_object(rule.rule_id, rule.rule_name),
        "hits": rule.hits,
        "messages": rule.messages,
        "hits_per_day": per_day(rule.hits, span),
        "messages_per_day": per_day(rule.messages, span),
        "unheard": rule.unheard,
        "days": [{"day": one.day.isoformat(), "hits": one.hits, "messages": dict(one.messages)} for one in rule.days],
        "channels": [
            {"id": one.channel_id, "messages": one.messages, "waiting": one.waiting, "kept_back": dict(one.kept_back)}
            for one in rule.channels
        ],
        "samples": [sample_object(one) for one in rule.samples],
    }
    if rule.alerts is not None:
        shown["alerts"] = rule.alerts
    if rule.notes:
        shown["notes"] = list(rule.notes)
    if rule.difference is not None:
        shown["against"] = {
            "added": rule.difference.added,
            "removed": rule.difference.removed,
            "added_samples": [sample_object(one) for one in rule.difference.added_samples],
            "removed_samples": [sample_object(one) for one in rule.difference.removed_samples],
        }
    return shown


def sample_object(sample: HitSample) -> dict[str, Json]:
    """Return a hit with the words that were found; why it is gone stands there only where it is."""
    shown: dict[str, Json] = {
        "article": article_object(sample.article),
        "at": rfc3339(sample.at),
        "words": list(sample.words),
    }
    if sample.missing or sample.refusals:
        shown["missing"] = list(sample.missing)
        shown["refused"] = [
            {"surface": one.surface, "field": one.field, "reason": one.reason} for one in sample.refusals
        ]
    return shown


def per_day(number: int, span: BacktestSpan) -> float | None:
    """Return how many that is a day; None where less than an hour was looked at."""
    return round(number / span.days, 1) if span.days >= 1 / 24 else None
