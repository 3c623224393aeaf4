"""What a question or a wish names: rules, sources, channels, tags. Which of them the plan does not have. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields

from monitor.model.errors import UnknownNameError
from monitor.model.names import unknown_name
from monitor.model.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The names of a question, "" where it has none of that kind."""

    rule: str = ""
    source: str = ""
    channel: str = ""
    tag: str = ""


def names_of(plan: Plan) -> Mapping[str, Collection[str]]:
    """Return by kind the names that a plan has."""
    return {
        "rule": [one.id for one in plan.all_rules],
        "source": [one.id for one in plan.sources],
        "channel": [one.id for one in plan.channels],
        "tag": sorted({tag for one in plan.all_rules for tag in one.tags}),
    }


def unplanned(plan: Plan, named: Named) -> Iterator[UnknownNameError]:
    """Yield for each name that the plan does not have what is wrong with it."""
    known = names_of(plan)
    for field in fields(named):
        given = getattr(named, field.name)
        if given and given not in known[field.name]:
            yield unknown_name(field.name, given, known[field.name])


def insist_on_plan(plan: Plan, named: Named) -> None:
    """Refuse names that the plan does not have, for what is done by the plan alone. Raises UnknownNameError."""
    for fault in unplanned(plan, named):
        raise fault
