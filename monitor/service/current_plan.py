"""Files -> a plan that is known to work, with its rules compiled."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache

from monitor.config.assembly import version
from monitor.config.effective import EffectiveSetting, waiting
from monitor.config.load import Loaded, LoadReport, in_order
from monitor.config.places import Places
from monitor.config.settings import Settings
from monitor.extract.definitions.catalog import checked, sealed
from monitor.extract.reader import site_names
from monitor.match.rule_check import RuleProblem, check_rules
from monitor.match.ruleset import RuleSet, compile_rules
from monitor.match.words.kiwi import KiwiAnalyser
from monitor.model.errors import ConfigError, ConfigProblem, MonitorError
from monitor.model.plan import Cron, Plan
from monitor.schedule.cadence import check_cron
from monitor.schedule.calendar import is_country
from monitor.service.reachable import closed_addresses, foreign_addresses
from monitor.service.unheard import leading_nowhere


@dataclass(frozen=True, slots=True)
class Prepared:
    """A configuration without a fault: every rule compiled, every in-file test passed.

    `analyser` is the one that the rules were compiled with, its model perhaps not loaded yet. `effective` is what monitor.yaml
    comes to.
    """

    settings: Settings
    plan: Plan
    rules: RuleSet
    warnings: tuple[ConfigProblem, ...] = ()
    analyser: KiwiAnalyser | None = None
    effective: tuple[EffectiveSetting, ...] = ()


class CurrentPlan:
    """The plan in force and its rules; swapped as one."""

    def __init__(self, prepared: Prepared) -> None:
        self._current = (prepared.plan, prepared.rules)
        self.refused: tuple[ConfigProblem, ...] = ()
        """What was wrong with the files at the last reload; () when they were taken."""
        self.started = self.effective = prepared.effective
        """What monitor.yaml came to at the start, and what it comes to since the last reload that was taken."""

    def current(self) -> tuple[Plan, RuleSet]:
        """Return the plan and its compiled rules, which always belong together."""
        return self._current

    @property
    def waiting_settings(self) -> frozenset[str]:
        """Return the keys of monitor.yaml that were changed since and take effect at the next start."""
        return waiting(self.started, self.effective)

    def replace(self, prepared: Prepared) -> None:
        """Put another plan in force; steps that run keep the one they began with."""
        self.refused = ()
        self.effective = prepared.effective
        self._current = (prepared.plan, prepared.rules)


def prepare(reading: LoadReport, *, analyse: bool = True) -> Prepared:
    """Check and compile what the files say.

    Without `analyse` the Korean analyser stays out of it, which saves its memory where nothing will be matched. Raises
    ConfigError with every problem at once: those of the files, and those that only the other rooms can see (page
    definitions that are unknown or wrong, cron expressions, rule expressions, rules that fail their own tests).
    """
    loaded = reading.loaded
    analyser, missing = _analyser(loaded) if analyse else (None, ())
    errors, doubts = _rule_problems(loaded, reading.faulty_aliases, analyser)
    problems = in_order((*reading.problems, *missing, *_source_problems(loaded), *_channel_problems(loaded), *errors))
    if problems:
        raise ConfigError(problems)
    plan = _complete(loaded)
    rules = compile_rules(plan.rules, plan.aliases, analyser)
    return Prepared(
        loaded.settings,
        plan,
        rules,
        (
            *loaded.warnings,
            *doubts,
            *closed_addresses(loaded),
            *foreign_addresses(loaded),
            *leading_nowhere(loaded),
        ),
        analyser,
        loaded.effective,
    )


def ready(reading: LoadReport) -> Prepared:
    """Prepare for matching: the analyser's model is loaded as well, which takes seconds and must not hold up a loop."""
    prepared = prepare(reading)
    if prepared.analyser is not None:
        prepared.analyser.load()
    return prepared


@cache
def _kiwi() -> KiwiAnalyser:
    """Return the one analyser of this process: its half gigabyte is paid once."""
    return KiwiAnalyser(threading.Lock())


def _analyser(loaded: Loaded) -> tuple[KiwiAnalyser | None, tuple[ConfigProblem, ...]]:
    """Return the analyser that the settings ask for, or what is wrong with asking for it."""
    if loaded.settings.analyser == "none":
        return None, ()
    try:
        return _kiwi(), ()
    except MonitorError as error:
        hint = "make install-ko, or pip install 'monitor[ko]'; or write `analyser: none`"
        return None, (loaded.places.problem(("monitor", "analyser"), str(error), hint, "ANA001"),)


def _complete(loaded: Loaded) -> Plan:
    """Give each source the page definition that the installation has for it; the plan's version covers them."""
    own = loaded.definitions
    if not own:
        return loaded.plan
    sources = tuple(
        replace(source, definition=sealed(source.site, own)) if source.site in own else source
        for source in loaded.plan.sources
    )
    plan = replace(loaded.plan, sources=sources)
    return replace(plan, version=version(plan))


def _source_problems(loaded: Loaded) -> tuple[ConfigProblem, ...]:
    problems = []
    known = (*loaded.definitions, *site_names())
    for path, wrong in checked(loaded.definitions):
        placed = loaded.places.key_problem if wrong.key else loaded.places.problem
        problems.append(placed(("sites", *path), wrong.message, wrong.hint, "SIT001"))
    for source in loaded.plan.sources:
        if source.site and source.site not in known:
            near = get_close_matches(source.site, known, 3)
            hint = f"did you mean {' or '.join(near)}?" if near else "monitor/extract/sites and sites.d/ hold them"
            place = ("sources", source.id, "site")
            problems.append(loaded.places.problem(place, f"no page definition {source.site!r}", hint, "SRC001"))
        if isinstance(source.every, Cron) and (fault := check_cron(source.every.expression)):
            place = ("sources", source.id, "every")
            hint = "" if "never comes" in fault else 'five fields, as in cron "*/5 8-18 * * 1-5"'
            problems.append(loaded.places.problem(place, fault, hint, "SRC002"))
    if (expression := loaded.settings.heartbeat) and (fault := check_cron(expression)):
        hint = "" if "never comes" in fault else 'five fields, as in cron "0 9 * * *"'
        problems.append(loaded.places.problem(("monitor", "heartbeat"), fault, hint, "SRC002"))
    return tuple(problems)


def _channel_problems(loaded: Loaded) -> tuple[ConfigProblem, ...]:
    """Return what is wrong with when channels are to be told."""
    problems = []
    for channel in loaded.plan.channels:
        policy = channel.policy
        if policy.digest and (fault := check_cron(policy.digest)):
            hint = "" if "never comes" in fault else 'five fields, as in cron "0 8,17 * * 1-5"'
            problems.append(loaded.places.problem(("channels", channel.id, "digest"), fault, hint, "NTF001"))
        if policy.quiet and policy.quiet.holidays and not is_country(policy.quiet.holidays):
            place = ("channels", channel.id, "quiet_hours", "holidays")
            message = f"the public holidays of {policy.quiet.holidays} are not known"
            problems.append(loaded.places.problem(place, message, "write the code of a country, as in KR", "NTF002"))
    return tuple(problems)


def _rule_problems(
    loaded: Loaded, faulty: frozenset[str], analyser: KiwiAnalyser | None
) -> tuple[tuple[ConfigProblem, ...], tuple[ConfigProblem, ...]]:
    """Return the errors and the warnings of all rules that name no faulty alias."""
    rules = [rule for rule in loaded.plan.rules if not any(f"@{name}" in rule.expression for name in faulty)]
    known = frozenset(source.id for source in loaded.plan.sources)
    found = check_rules(rules, loaded.plan.aliases, analyser, known)
    errors = tuple(_placed(loaded.places, one) for one in found if one.severity == "error")
    return errors, tuple(_placed(loaded.places, one) for one in found if one.severity == "warning")


def _placed(places: Places, found: RuleProblem) -> ConfigProblem:
    """Return a fault of a rule with its line: at the key where a key inside the tree of `match` is meant, else at the value."""
    code = "RUL001" if found.severity == "error" else "RUL101"
    path = ("rules", found.rule_id, *found.key) if found.rule_id else found.key
    if found.key[0] == "match" and len(found.key) > 1 and isinstance(found.key[-1], str):
        return places.key_problem(path, found.message, found.hint, code)
    return places.problem(path, found.message, found.hint, code, offset=max(0, found.position))
