"""Rules held against the stored articles one after the other, and what is needed to decide on those that they meet.

Articles that were stored before the span, as far back as a story reaches, are looked at as well, so that a story that was
told before is not told anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from monitor.cluster.choice import WINDOW
from monitor.cluster.gathering import Gathering
from monitor.cluster.rarity import shipped
from monitor.cluster.signature import sign
from monitor.match.brought import as_brought
from monitor.match.ruleset import RuleSet, compile_rules
from monitor.match.words.scan import Analyser
from monitor.model.article import Article
from monitor.model.backtest import BacktestQuery
from monitor.model.errors import MonitorError, QueryError
from monitor.model.fingerprint import rule_fingerprint
from monitor.model.hit import Hit, Match
from monitor.model.plan import Plan, Rule
from monitor.notify.replay import PastMember, PastReading
from monitor.store.read.queries import SqlReader
from monitor.store.read.stored_articles import ArticlePast, ArticleText, BroughtBy

PAGE: Final = 500
"""Articles that are read and matched in one go."""

CLOCKS: Final = timedelta(hours=1)
"""How far a clock may have been set back among the stored articles; behind that their order is that of their numbers."""

Progress = Callable[[int, int], None]
"""Is told how many articles of how many were looked at, about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The plan in force, as far as it has the rules that are tried: ids of those that it has, and the `changed` ones, compiled."""

    known: frozenset[str]
    changed: frozenset[str]
    compiled: RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What is tried: the rules of `plan`, which has no others and says how they are told; with what they are `compared`."""

    plan: Plan
    compiled: RuleSet
    analyser: Analyser | None = None
    compared: Compared | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """An article that met some rule: what became of it, what it meets by each source that brought it, and met before."""

    past: ArticlePast
    met: Mapping[str, Mapping[str, tuple[Match, ...]]]
    before: Mapping[str, tuple[Match, ...]]

    def rules(self) -> set[str]:
        """Return the rules that it meets by any source."""
        return {rule_id for by_rule in self.met.values() for rule_id in by_rule}

    def matches(self, rule_id: str) -> tuple[Match, ...]:
        """Return the mentions of a rule that it meets, by the first source by which it does; () where it does not."""
        return next((by_rule[rule_id] for by_rule in self.met.values() if rule_id in by_rule), ())


@dataclass(slots=True)
class Walk:
    """What a walk over the stored articles has come to so far."""

    stories: StoryBook
    articles: int = 0
    without_body: int = 0
    reached: datetime | None = None
    cut: bool = False
    findings: list[Finding] = field(default_factory=list)


def tried(plan: Plan, rules: Sequence[Rule], analyser: Analyser | None, in_force: Plan | None) -> Tried:
    """Compile rules to be tried, and with `in_force` what they are compared with.

    Raises QueryError, and MonitorError where a rule in force cannot be read any more.
    """
    chosen, compiled = replace(plan, rules=tuple(rules)), compile_rules(rules, plan.aliases, analyser)
    if in_force is None:
        return Tried(plan=chosen, compiled=compiled, analyser=analyser)
    now = {rule.id: rule_fingerprint(rule, plan) for rule in rules}
    known = [rule for rule in in_force.rules if rule.id in now]
    changed = [rule for rule in known if rule_fingerprint(rule, in_force) != now[rule.id]]
    try:
        before = compile_rules(changed, in_force.aliases, analyser)
    except QueryError as error:
        raise MonitorError(
            f"the plan in force cannot be compared with: its {error.text!r} cannot be read: {error.message}"
        ) from None
    compared = Compared(
        known=frozenset(rule.id for rule in known), changed=frozenset(rule.id for rule in changed), compiled=before
    )
    return Tried(plan=chosen, compiled=compiled, analyser=analyser, compared=compared)


def walked(reader: SqlReader, query: BacktestQuery, what: Tried, progress: Progress, stop: Callable[[], bool]) -> Walk:
    """Read the articles of the span and those shortly before it, and match them."""
    walk = Walk(StoryBook(reader))
    early = query.since - WINDOW
    after = reader.stored.first_from(early - CLOCKS) - 1
    to = reader.stored.first_from(query.until + CLOCKS) - 1
    start = after
    while after < to:
        page = reader.stored.texts(after, to, PAGE)
        if not page:
            break
        taken = [one for one in page if early <= one.stored_at < query.until]
        inside = [one for one in taken if one.stored_at >= query.since]
        walk.articles += len(inside)
        walk.without_body += sum(not one.article.body for one in inside)
        found, said = _found(reader, taken, what), {one.id: one.article for one in taken}
        for one in found:
            if one.met:
                walk.stories.place(one, said[one.past.id])
        walk.findings += found
        after, walk.reached = page[-1].id, page[-1].stored_at
        progress(after - start, to - start)
        if after < to and stop():
            walk.cut = True
            break
    return walk


def _found(reader: SqlReader, page: Sequence[ArticleText], what: Tried) -> list[Finding]:
    """Return the articles of a page that meet something, with what became of them."""
    met: dict[int, dict[str, dict[str, tuple[Match, ...]]]] = {}
    before: dict[int, dict[str, tuple[Match, ...]]] = {}
    for one in page:
        for brought, found in as_brought(one.article, one.others, what.compiled.match):
            met.setdefault(one.id, {})[brought.source_id] = dict(found)
        if what.compared is not None and what.compared.changed:
            for _, found in as_brought(one.article, one.others, what.compared.compiled.match):
                before.setdefault(one.id, {}).update(found)
    ids = met.keys() | before.keys()
    if not ids:
        return []
    known = reader.stored.pasts(ids)
    return [Finding(past, met.get(past.id, {}), before.get(past.id, {})) for past in known]


@dataclass(slots=True)
class StoryBook:
    """Which story each article that meets a rule is told in; articles come in the order in which they were stored.

    What was compared when it was stored is where it was put then. The others are compared now, with those that meet a rule:
    only for these the texts of the former are read again.
    """

    reader: SqlReader
    story_of: dict[int, str] = field(default_factory=dict)
    _gathering: Gathering = field(default_factory=Gathering)
    _compared: list[ArticlePast] = field(default_factory=list)

    def place(self, finding: Finding, text: Article) -> None:
        """Put an article into a story; `text` is what it says.

        One that meets a rule only as a further source brought it would not have been compared, and has a story of its own.
        """
        past, seen = finding.past, text.first_seen_at
        self.story_of[past.id] = past.story_id
        if past.compared:
            self._compared.append(past)
        elif text.source_id in finding.met:
            self._catch_up(seen - WINDOW)
            self.story_of[past.id] = self._gathering.story_of(sign(text, shipped()), seen, past.story_id)

    def _catch_up(self, since: datetime) -> None:
        """Let articles be joined that were compared when they were stored, unless they are too old for that."""
        near = [past for past in self._compared if past.article.first_seen_at >= since]
        self._compared.clear()
        texts = self.reader.stored.whole([past.id for past in near]) if near else {}
        for past in near:
            if (text := texts.get(past.id)) is not None:
                self._gathering.add(sign(text, shipped()), text.first_seen_at, past.story_id)

    def members(self, findings: Sequence[Finding]) -> Mapping[str, Sequence[PastMember]]:
        """Return the articles of each story, ascending by when they were stored."""
        known = self.reader.stored.members(set(self.story_of.values()))
        found = {
            story_id: [PastMember(number, source_id, at) for number, source_id, at in rows]
            for story_id, rows in known.items()
        }
        moved = [one.past for one in findings if self.story_of.get(one.past.id, one.past.story_id) != one.past.story_id]
        for past in moved:
            member = PastMember(past.id, past.article.source_id, past.stored_at)
            found.setdefault(self.story_of[past.id], []).append(member)
        for joined in {self.story_of[past.id] for past in moved}:
            found[joined].sort(key=lambda member: (member.stored_at, member.article_id))
        return found


def readings(findings: Sequence[Finding], rule: Rule, story_of: Mapping[int, str]) -> list[PastReading]:
    """Return the readings that a rule meets, in the order of their decisions."""
    found = []
    for one in findings:
        for brought in one.past.readings:
            matches = one.met.get(brought.source_id, {}).get(rule.id)
            if matches:
                found.append(_reading(one.past, brought, Hit(rule.id, rule.name, "", matches, ""), story_of))
    return sorted(found, key=lambda reading: (reading.at, reading.article_id))


def _reading(past: ArticlePast, brought: BroughtBy, hit: Hit, story_of: Mapping[int, str]) -> PastReading:
    return PastReading(
        at=decided_at(past, brought, hit.rule_id),
        article_id=past.id,
        article=replace(past.article, source_id=brought.source_id),
        story_id=story_of[past.id],
        hits=(hit,),
        baseline=brought.baseline,
        listed_at=brought.listed_at,
    )


def decided_at(past: ArticlePast, brought: BroughtBy, rule_id: str) -> datetime:
    """Return when it was decided, or would have been, whom to tell of an article that a source brought (UTC).

    Its own source brought it when it was stored; where its page was read only later, and the hit came with that, then.
    """
    if brought.done_at is None:
        return past.stored_at
    late = past.met.get((rule_id, brought.source_id)) == brought.done_at
    return brought.done_at if late or brought.source_id != past.article.source_id else past.stored_at
