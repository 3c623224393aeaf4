"""Evaluate: what a rule over counts counts, judged, and told once.

It is looked at when a hit of the rule that it counts was stored, and every minute besides: silences come without a hit. What
is under way at the rule is known to the store, in whose transaction it is decided whether something is told.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from monitor.channels.words.compose import compose
from monitor.model.count_notice import CountNotice
from monitor.model.counting import HOUR, QUIET, Incident
from monitor.model.event import CountTold
from monitor.model.plan import CountRule, Plan
from monitor.model.task import Deliver, Evaluate, Task
from monitor.notify.policy import decide_count, suppressed_as
from monitor.pipeline.count_history import CountHistories, CountHistory, latest
from monitor.pipeline.new_words import WordMemory, Words
from monitor.pipeline.ports import Clock, Observer, Plans
from monitor.schedule.calendar import CALENDAR
from monitor.store.write.count_alerts import SEEN_EVERY, CountAlerts, CountStanding, CountTopic
from monitor.trend.flatline import flatline
from monitor.trend.frequency import frequency
from monitor.trend.incident import CALM, follow
from monitor.trend.new_term import WINDOW, TermMemory, new_terms
from monitor.trend.spike import spike
from monitor.trend.verdict import LEARNING, CountVerdict
from monitor.trend.watched import is_catching_up

EVERY: Final = timedelta(minutes=1)
"""How often a rule over counts is looked at, whatever comes."""


def counting(plan: Plan, met: Collection[str]) -> Iterator[Evaluate]:
    """Yield the looks that hits of the rules `met` (ids) make due at once."""
    yield from (Evaluate(one.rule.id) for one in plan.count_rules if one.of in met)


@dataclass(slots=True)
class CountTicks:
    """Which rules over counts are due for a look: each once a minute, by this process."""

    plans: Plans
    _looked: dict[str, datetime] = field(default_factory=dict)

    def due(self, now: datetime) -> tuple[Evaluate, ...]:
        """Return the looks that are due, and take them for done; a clock that was set back makes them due."""
        known = [one.rule.id for one in self.plans.current()[0].count_rules]
        due = tuple(one for one in known if not timedelta() <= now - self._looked.get(one, now - EVERY) < EVERY)
        self._looked = {one: now if one in due else self._looked[one] for one in known}
        return tuple(Evaluate(one) for one in due)


@dataclass(frozen=True, slots=True)
class CountJudgement:
    """What a look at a rule shows: all that the decision inside the transaction is made from."""

    rule: CountRule
    counted: tuple[str, str]
    verdict: CountVerdict
    history: CountHistory

    def __call__(self, standing: CountStanding) -> tuple[Incident, CountNotice | None]:
        """Return what becomes of the incident, and what is told.

        One that nobody has looked at for as long as calm has to last is over: a burst after a week without a daemon is another.
        """
        seen, at = standing.seen_at, self.verdict.at
        unseen = seen is not None and at - seen > CALM + SEEN_EVERY
        incident, tell = follow(QUIET if unseen else standing.incident, self.verdict)
        return incident, self.notice() if tell else None

    def notice(self) -> CountNotice:
        """Return what is told of it."""
        verdict, (begin, series) = self.verdict, self.history.shown
        return CountNotice(
            kind=self.rule.type,
            at=verdict.at,
            rule=(self.rule.rule.id, self.rule.rule.name),
            counted=self.counted,
            unit=self.rule.unit,
            seconds=verdict.window.total_seconds(),
            count=verdict.count,
            threshold=verdict.threshold,
            begin=begin,
            series=series,
            expected=verdict.expected,
            chance=verdict.chance,
            severity=self.rule.rule.severity,
        )


@dataclass(frozen=True, slots=True)
class NewTermJudgement:
    """What a look for new terms shows. Each term is an incident of its own that is over at once: told terms are remembered."""

    look: CountJudgement
    words: Words
    since: datetime | None

    def __call__(self, standing: CountStanding) -> tuple[Incident, CountNotice | None]:
        """Return what is told of new terms, by what was told in the last day."""
        told = [term for notice in standing.told for term in notice.terms]
        stories = frozenset(story for term in told for story in term.stories)
        memory = TermMemory(self.since, tuple(term.term for term in told), stories)
        rule, now = self.look.rule, self.look.verdict.at
        verdict = new_terms(self.words.uses(), self.words.known, memory, now, rule.least)
        if not verdict.alarm:
            return QUIET, None
        terms = tuple(self.words.new_term(term) for term in verdict.terms)
        return QUIET, replace(replace(self.look, verdict=verdict).notice(), terms=terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluator:
    """The step behind Evaluate."""

    plans: Plans
    histories: CountHistories
    words: WordMemory
    alerts: CountAlerts
    observer: Observer
    clock: Clock

    async def __call__(self, task: Evaluate) -> AsyncIterator[Task]:
        """Look at one rule; yield a Deliver for each message that follows. Raises StoreError."""
        plan, now = self.plans.current()[0], self.clock()
        rule = plan.count_rule(task.rule_id)
        if rule is None:
            self.histories.forget([one.rule.id for one in plan.count_rules])
            return
        history = await self.histories.of(rule, now)
        judgement = await self._judged(rule, plan, history)
        if judgement is None:
            return
        topic = CountTopic(rule.rule.id, rule.type, now, now - WINDOW)
        decide = partial(decide_count, rule.rule, plan=plan, calendar=CALENDAR)
        told = await self.alerts.look(topic, judgement, decide, compose)
        if told.notice is not None:
            kind, counted = told.notice.kind, told.notice.count
            self.observer.report(CountTold(rule.rule.id, kind, counted, suppressed_as(told.notifications)))
        for delivery_id in told.deliveries:
            yield Deliver(delivery_id)

    async def _judged(
        self, rule: CountRule, plan: Plan, history: CountHistory
    ) -> CountJudgement | NewTermJudgement | None:
        """Return what there is to decide, None where nothing has come yet."""
        counted = plan.rule(rule.of)
        of = (rule.of, counted.name if counted is not None else rule.of)
        if rule.type == "new_term":
            quiet = CountVerdict("new_term", history.now, WINDOW, 0, rule.least, calm=True)
            words = await self.words.of(rule, history.now, plan.aliases)
            watched = history.now - history.past.known * HOUR  # what was missed while nobody polled is not remembered
            since = None if words.since is None else max(words.since, watched)
            return NewTermJudgement(CountJudgement(rule, of, quiet, history), words, since)
        verdict = verdict_of(rule, history, plan.zone)
        return None if verdict is None else CountJudgement(rule, of, verdict, history)


def verdict_of(rule: CountRule, history: CountHistory, zone: str) -> CountVerdict | None:
    """Return what the counts of a rule come to; None where there is nothing to go by. Pure."""
    now, window = history.now, timedelta(seconds=rule.seconds)
    if rule.type == "frequency":
        return frequency(history.moments, now, window, rule.least)
    if history.past.known < LEARNING:
        return None
    if rule.type == "spike":
        verdict = spike(history.moments, now, window, *history.usual(window, zone), rule.least)
        if is_catching_up(history.slots, now, window):
            return replace(verdict, alarm=False, calm=False, silent="catching up")
        return verdict
    last = latest(history.moments, now)
    if last is None:
        return None
    window = window or now - last
    return flatline(history.moments, now, window, *history.usual(window, zone), rule.least) if window else None
