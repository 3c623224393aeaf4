"""What a rule says of what it counts -> its CountRule, and what in that cannot be meant. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from monitor.config.parts import CountPart, RulePart
from monitor.config.places import Spot
from monitor.config.sections import Section
from monitor.config.validation import suggestion
from monitor.model.counting import CountType
from monitor.model.errors import ConfigProblem
from monitor.model.plan import CountRule, Rule

SPIKE_WINDOW: Final = 3600.0
LONGEST_SPIKE: Final = 86_400.0
_DAY: Final = 86_400.0
_LEAST: Final[dict[CountType, int]] = {"frequency": 1, "spike": 3, "flatline": 1, "new_term": 3}
_WINDOWS: Final[dict[CountType, float]] = {"frequency": 0.0, "spike": SPIKE_WINDOW, "flatline": 0.0, "new_term": _DAY}
_EXAMPLE: Final = "as in count: {of: ID, type: frequency, at_least: 5, within: 1h}"


def count_rule(rule: Rule, part: CountPart) -> CountRule | None:
    """Return the rule with what it counts, defaults filled in; None where no type is given."""
    if part.type is None:
        return None
    least = _LEAST[part.type] if part.at_least is None else part.at_least
    window = _WINDOWS[part.type] if part.within is None else part.within
    return CountRule(rule, part.of, part.type, part.unit, least, window)


def counted(rules: Section[RulePart]) -> Iterator[ConfigProblem]:
    """Complain of rules that look for nothing or for two things, and of counts that nobody could tell anything by."""
    for name, raw in rules.raw.items():
        spot = rules.spots[name]
        if "match" not in raw and "count" not in raw:
            hint = "a rule has an expression, or the `count` of another rule"
            yield spot.problem((), "`match` is missing", hint, "CFG011")
        for key in ("match", "sources", "tests"):
            if "count" in raw and key in raw:
                hint = "a rule over counts goes by the articles of the rule that it counts"
                yield spot.key_problem((key,), f"`{key}` and `count` exclude each other", hint, "CFG033")
    for part in rules.parts:
        if "count" in part.model_fields_set:
            yield from _whole(part.count, rules.spots[part.id])
            yield from _countable(part, rules)


def _whole(part: CountPart, spot: Spot) -> Iterator[ConfigProblem]:
    """Complain of what a type lacks or cannot use."""
    for key in ("of", "type"):
        if not getattr(part, key):
            yield spot.problem(("count",), f"`{key}` is missing", _EXAMPLE, "CFG011")
    if part.type == "frequency" and (part.at_least is None or part.within is None):
        yield spot.problem(("count",), "`type: frequency` needs both `at_least` and `within`", _EXAMPLE, "CFG043")
    if part.type == "new_term" and part.within is not None:
        what = "`type: new_term` takes no `within`: it looks at a day"
        yield spot.key_problem(("count", "within"), what, "delete it", "CFG034")
    if part.type == "new_term" and part.unit != "stories":
        what = "`type: new_term` takes no `unit`: it counts outlets"
        yield spot.key_problem(("count", "unit"), what, "delete it", "CFG034")
    if part.type == "spike" and part.within is not None and part.within > LONGEST_SPIKE:
        what = "`within` of a spike must be 1d or less: what takes longer is no spike"
        yield spot.problem(("count", "within"), what, "count longer with type: frequency", "CFG015")
    if part.type == "flatline" and part.at_least not in {None, 1} and part.within is None:
        hint = "as in count: {of: ID, type: flatline, at_least: 3, within: 1d}"
        yield spot.problem(("count",), "`at_least` of a flatline needs `within`", hint, "CFG043")


def _countable(part: RulePart, rules: Section[RulePart]) -> Iterator[ConfigProblem]:
    """Complain where what is to be counted does not exist, or has no hits: counts of counts would go in circles."""
    word = part.count.of
    if not word:
        return
    spot = rules.spots[part.id]
    shown = spot.find(("count", "of"))[0].raw
    able = [name for name, raw in rules.raw.items() if "count" not in raw]
    if word not in rules.names:
        what = f"there is no rule {shown!r}"
        yield spot.problem(("count", "of"), what, suggestion(word, able) or "define it in rules.yaml", "CFG031")
    elif word not in able:
        itself = "the rule itself" if word == part.id else "a rule over counts"
        what = f"`of` must be a rule with `match`; {shown!r} is {itself}"
        yield spot.problem(("count", "of"), what, suggestion(word, able) or "name one with `match`", "CFG037")
