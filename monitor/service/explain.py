"""Why was something told, or not? One answer, from what is stored, or, where nothing is, tried just now (`monitor explain`)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from monitor.extract.definitions.catalog import unsealed
from monitor.extract.definitions.identity import identity
from monitor.extract.page.listed import NOT_THE_ARTICLE
from monitor.extract.text.urls import bare
from monitor.match.explain import explain, touched
from monitor.match.ruleset import compile_rules
from monitor.match.words.scan import Analyser
from monitor.model.article import Article
from monitor.model.errors import InvalidValueError, MonitorError, QueryError
from monitor.model.explained import AddressFate, Cause, Explained, ReadRecord, RuleRecord, StoredHitRecord, StoredTrail
from monitor.model.fingerprint import rule_fingerprint
from monitor.model.hit import Explanation
from monitor.model.names import unknown_name
from monitor.model.plan import Plan, Rights, Rule
from monitor.pipeline.articles import FLASH
from monitor.service.explain_reasons import reasons
from monitor.store.read.queries import SqlReader

_UNREADABLE: Final = "the rule in force cannot be read: "
MOST_EXPLAINED: Final = 60
"""Rules with a word in the text that are held against it one by one; more of them have a word that stands everywhere."""

MOST_NEAR: Final = 10
"""Rules that came near and are shown, the nearest."""

HIT_DIGITS: Final = 18  # of a number that a database can hold


@dataclass(frozen=True, slots=True)
class ExplainQuery:
    """An address, or the number of a hit, and the one rule that is asked about ("": all) at that moment (UTC)."""

    target: str
    rule: str
    now: datetime

    @property
    def hit_id(self) -> int | None:
        """Return the number of the hit; None where an address is meant."""
        asked = self.target.strip()
        return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= HIT_DIGITS else None

    @property
    def url(self) -> str:
        """Return the address, "" for a hit; one without a scheme is one of the web. Raises InvalidValueError for what is neither."""
        if self.hit_id is not None:
            return ""
        asked = self.target.strip()
        whole = asked if "://" in asked else f"https://{asked}"
        try:
            parts = urlsplit(whole)
            host = parts.hostname or ""
        except ValueError:
            host = ""
        if not host or ("." not in host and ":" not in host) or parts.scheme.lower() not in {"http", "https"}:
            raise InvalidValueError(f"{asked!r} is neither an address (https://…) nor the number of a hit")
        return whole


@dataclass(frozen=True, slots=True)
class Ground:
    """What is gone by: the plan that is matched by, the one that sources are looked up in, and the analyser of Korean."""

    matching: Plan
    plan: Plan
    analyser: Analyser | None = None


def keys_of(url: str, plan: Plan) -> tuple[str, ...]:
    """Return the keys under which an address may be stored: as it ships, and by the definitions that were added."""
    added = {source.definition for source in plan.sources if source.definition}
    found = [identity(url), *(identity(url, unsealed(one).identity) for one in sorted(added))]
    return tuple(dict.fromkeys(found))


def explain_stored(reader: SqlReader, query: ExplainQuery, ground: Ground) -> Explained:
    """Return what the store knows of an address, and why; nothing known of it is the fate NEVER_LISTED, or LIST.

    Raises StoreError, InvalidValueError for no address, UnknownNameError for an unknown rule, MonitorError for no such hit.
    """
    url, hit_id = query.url, query.hit_id
    if query.rule and query.rule not in (known := [rule.id for rule in ground.matching.rules]):
        raise unknown_name("rule", query.rule, known)
    keys = keys_of(url, ground.plan) if url else ()
    trail = reader.trail(keys, hit_id, query.now)
    if trail is None:
        raise MonitorError(f"no hit {hit_id}; monitor hits shows which there are")
    if trail.article is not None and hit_id is not None:
        url, keys = trail.article.url, (trail.article.key,)
    found = Explained(
        url=url,
        key=trail.article.key if trail.article else keys[0],
        asked_at=query.now,
        fate=AddressFate.NEVER_LISTED,
        why=(),
        listed=trail.listed,
        lists=lists_at(url, ground.plan),
        sources=sources_of_host(url, ground.plan),
    )
    if not trail.listed and trail.article is None:
        return _unlisted(found, ground.plan)
    read = (
        None
        if trail.article is None
        else read_record(trail.article, trail, rights=ground.plan.rights(trail.article.source_id))
    )
    rule = query.rule or _rule_of(trail.hits, hit_id)
    rules, others = _rules(reader, trail, ground, rule)
    fate, why = reasons(trail, read, rules)
    asked = {one.rule for one in rules}
    told = tuple(one for one in trail.told if one.rule in asked)
    return replace(found, fate=fate, why=why, read=read, rules=rules, others=others, place=trail.place, told=told)


def lists_at(url: str, plan: Plan) -> tuple[str, ...]:
    """Return the sources that read this very address as a list or feed."""
    key = identity(url)
    return tuple(source.id for source in plan.sources if any(identity(one) == key for one in source.urls))


def sources_of_host(url: str, plan: Plan) -> tuple[str, ...]:
    """Return the sources whose lists are of the address's host, or of a part of it."""
    host = _host(url)
    return tuple(
        source.id for source in plan.sources if host and any(_one_host(host, _host(one)) for one in source.urls)
    )


def read_record(article: Article, trail: StoredTrail | None = None, *, rights: Rights = "full") -> ReadRecord:
    """Return how an article was read; `trail` where it is stored. Its text is there only where the `rights` leave it to be shown."""
    ways = article.field_sources
    failure = ways.get(NOT_THE_ARTICLE, "")
    missed = ways.get("check", "")
    wants = [missed] if missed else []
    if not failure and len(article.body) < FLASH and "body" not in missed:
        wants.append(f"only {len(article.body)} characters of text: a flash, a notice, or what a pay-wall leaves")
    lengths = {name: len(text) for name, text in article.fields().items()}
    return ReadRecord(
        id=trail.article_id if trail else None,
        article=article if rights == "full" else replace(article, subtitle="", body="", captions=(), listed_summary=""),
        stored_at=trail.stored_at if trail else None,
        ways=ways,
        lengths=lengths,
        failure=failure,
        lacks=tuple(wants),
        gone_at=trail.gone_at if trail else None,
    )


def rule_records(
    article: Article, sources: Collection[str], ground: Ground, asked: str, hits: Sequence[StoredHitRecord] = ()
) -> tuple[tuple[RuleRecord, ...], int]:
    """Return what came of each rule that met the article or came near, or of the one asked; and how many others there are.

    `sources` are those that showed it. A hit of a rule that the plan has no more is among them. Of those that came near, the
    nearest are shown.
    """
    rules = {rule.id: rule for rule in ground.matching.rules if asked in {"", rule.id}}
    stored = {hit.rule: hit for hit in hits if asked in {"", hit.rule}}
    near = (asked,) if asked else touched(rules.values(), ground.matching.aliases, article, ground.analyser)
    chosen = list(dict.fromkeys((*(one for one in stored if one in rules), *near[:MOST_EXPLAINED])))
    found = [_record(rules[one], ground, article, sources, stored.get(one)) for one in chosen if one in rules]
    found += [_left(hit) for hit in stored.values() if hit.rule not in rules]
    met = [one for one in found if asked or one.hit_id is not None or one.matches]
    others = [one for one in found if one not in met and (one.refusals or _is_unreadable(one))]
    shown = (
        *sorted(met, key=lambda one: (one.hit_id is None, not one.looks_here)),
        *sorted(others, key=lambda one: len(one.missing))[:MOST_NEAR],
    )
    return shown, len(rules.keys() - {one.rule for one in shown})


def _is_unreadable(one: RuleRecord) -> bool:
    return any(part.startswith(_UNREADABLE) for part in one.missing)


def _record(
    rule: Rule, ground: Ground, article: Article, sources: Collection[str], hit: StoredHitRecord | None
) -> RuleRecord:
    try:
        told = explain(rule, ground.matching.aliases, article, ground.analyser)
    except QueryError as error:  # what is remembered of a plan may be damaged, or of an older program
        told = Explanation(hit=False, missing=(f"{_UNREADABLE}{error}",), refusals=())
    mentions = hit.mentions if hit else ()
    if told.hit and hit is None:
        anywhere = compile_rules([replace(rule, sources=())], ground.matching.aliases, ground.analyser)
        mentions = next((found for _, found in anywhere.match(article)), ())
    return RuleRecord(
        rule=rule.id,
        name=rule.name,
        hit_id=hit.id if hit else None,
        hit_at=hit.created_at if hit else None,
        mentions=mentions,
        matches=told.hit,
        looks_here=not rule.sources or not sources or not set(sources).isdisjoint(rule.sources),
        since="unknown",
        missing=told.missing,
        refusals=told.refusals,
        sources=rule.sources,
        feedback=hit.feedback if hit else None,
    )


def _left(hit: StoredHitRecord) -> RuleRecord:
    """Return a hit of a rule that the plan in force has no more."""
    return RuleRecord(
        rule=hit.rule,
        name=hit.name,
        hit_id=hit.id,
        hit_at=hit.created_at,
        mentions=hit.mentions,
        matches=False,
        looks_here=True,
        since="gone",
        feedback=hit.feedback,
    )


def _rule_of(hits: Sequence[StoredHitRecord], hit_id: int | None) -> str:
    """Return the rule of the hit that is asked about."""
    return next((hit.rule for hit in hits if hit.id == hit_id), "")


def _rules(reader: SqlReader, trail: StoredTrail, ground: Ground, asked: str) -> tuple[tuple[RuleRecord, ...], int]:
    if trail.article is None or trail.stored_at is None:
        return (), 0
    sources = {trail.article.source_id, *(one.source for one in trail.listed)}
    records, others = rule_records(trail.article, sources, ground, asked, trail.hits)
    versions = {hit.rule: hit.plan_version for hit in trail.hits}
    named, then = reader.plans_then(set(versions.values()), trail.stored_at)
    return tuple(
        replace(one, since=_since(one, named.get(versions.get(one.rule, ""), then), ground.matching)) for one in records
    ), others


def _since(one: RuleRecord, then: Plan, now: Plan) -> str:
    """Return how a rule stands to what it was: same | changed | new | gone | unknown."""
    rule, before = now.rule(one.rule), then.rule(one.rule)
    if rule is None:
        return "gone"
    if not then.version:
        return "unknown"
    if before is None:
        return "new"
    # What is remembered of a plan does not say which analyser it had.
    same = rule_fingerprint(rule, replace(now, analyser="none")) == rule_fingerprint(before, then)
    return "same" if same else "changed"


def _unlisted(found: Explained, plan: Plan) -> Explained:
    """Return the answer for an address that no list has shown."""
    if found.lists:
        words = f"this is the address of a list or feed of {', '.join(found.lists)}, not of an article; monitor sources {found.lists[0]} says how it fares"
        return replace(found, fate=AddressFate.LIST, why=(Cause(words),))
    if not found.sources:
        words = f"no list or feed has shown it, and no source is of the host {_host(found.url)}; monitor add {found.url} finds out how to watch it"
        return replace(found, why=(Cause(words),))
    named = ", ".join(_named(one, plan) for one in found.sources)
    return replace(found, why=(Cause(f"no list or feed has shown it; sources of its host: {named}"),))


def _named(source_id: str, plan: Plan) -> str:
    source = plan.source(source_id)
    return source_id if source is None or source.enabled else f"{source_id} (switched off)"


def _host(url: str) -> str:
    try:
        return bare((urlsplit(url).hostname or "").lower())
    except ValueError:
        return ""


def _one_host(one: str, other: str) -> bool:
    return bool(other) and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))
