"""What a rule says beside the fields of its form: how a story is told again, what is counted, its aliases, its lines in the file. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from monitor.config import item_edit
from monitor.config.item_edit import UneditableError
from monitor.config.load import Loaded
from monitor.config.quantities import duration_text
from monitor.config.redaction import redact
from monitor.match.rule_check import aliases_of
from monitor.model.confidential import hide
from monitor.model.plan import CountRule, Rule
from monitor.model.policy import ESCALATE, StoryPolicy


@dataclass(frozen=True, slots=True)
class UsedAlias:
    """An alias that a rule names, with its spellings, and where it stands."""

    name: str
    spellings: tuple[str, ...]
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class RuleDetails:
    """`count` is None for a rule that reads articles itself; `text` is its item in the file without secrets, "" where that is unclear."""

    policy: StoryPolicy = ESCALATE
    count: CountRule | None = None
    aliases: tuple[UsedAlias, ...] = ()
    text: str = ""

    @property
    def escalate(self) -> str:
        """Return the levels at which a story is told again as the line that says so in the file, to be changed there."""
        burst, majors = self.policy.burst, ", ".join(self.policy.majors)
        spread = f"{burst.outlets}, within: {duration_text(burst.within)}" if burst else "0"
        outlets = ", ".join(map(str, self.policy.outlets))
        last = f", majors: [{majors}]" if majors else ""
        return f"escalate: {{outlets: [{outlets}], burst: {{outlets: {spread}}}{last}}}"


def rule_details(loaded: Loaded, rule: Rule, text: str, named: Callable[[str], str]) -> RuleDetails:
    """Return what a rule of `loaded` says; `text` is its file, `named` gives the name of a file as people know it."""
    root = loaded.places.root
    found = []
    for name in aliases_of(rule.expression):
        spot, exact = root.find(("aliases", name))
        if exact and name in loaded.plan.aliases:
            spellings = tuple(map(hide, loaded.plan.aliases[name]))
            found.append(UsedAlias(name, spellings, named(spot.file), spot.line))
    try:
        lines = item_edit.source(text, "rules", rule.id).splitlines()
    except UneditableError:
        lines = []
    shown = "\n".join(hide(redact(line, "rules.yaml")) for line in lines)
    return RuleDetails(rule.stories, loaded.plan.count_rule(rule.id), tuple(found), shown)
