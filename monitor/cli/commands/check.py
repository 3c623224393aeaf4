"""monitor check"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from monitor.cli import process
from monitor.cli.exit_codes import USAGE
from monitor.cli.opening import opened
from monitor.cli.options import FOLDER, Config
from monitor.cli.text.output import amount
from monitor.cli.text.sanitize import to_json
from monitor.cli.text.snippet import snippet
from monitor.model.confidential import hide
from monitor.model.errors import ConfigError, ConfigProblem
from monitor.model.plan import Plan
from monitor.present.inert import sanitize
from monitor.service.shown_files import shown_lines


class Report(StrEnum):
    """The forms of the report: for people, for programs, for GitHub's annotations."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


Problems: TypeAlias = Sequence[ConfigProblem]


@dataclass(frozen=True, slots=True)
class Remarks:
    """What is no fault: notes for information, and what differs from the plan in force where somebody asked for that."""

    notes: Sequence[str] = ()
    changed: Sequence[str] = ()


NONE = Remarks()


def check(
    *,
    form: Annotated[Report, typer.Option("--format", help="Form of the report.")] = Report.TEXT,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show as well what a reload would change of the plan in force.")
    ] = False,
    config: Config = FOLDER,
) -> None:
    """Check the configuration (설정 검사).

    Reports every problem at once, each with file, line, column and a hint; notes are for information. With --diff what is
    new, changed or gone since the plan in force is shown too, and how many stored articles new rules match that nobody will
    be told of; nothing is reloaded. The exit code is 2 when there are errors and
    0 when there are at most warnings.
    """
    errors: Problems = ()
    warnings: Problems = ()
    summary = ""
    notes: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    try:
        with opened(config) as (app, wait):
            prepared = wait(app.prepare())
            unhit = wait(app.plan_check.without_hits())
            counts = wait(app.plan_check.count_outlooks(process.now()))
            if diff:
                changed = (*wait(app.plan_check.changes()), *wait(app.plan_check.refused_losses())) or (
                    "the files say what is in force",
                )
        plan, warnings = prepared.plan, prepared.warnings
        counted = (plan.sources, "source"), (plan.all_rules, "rule"), (plan.channels, "channel")
        amounts = ", ".join(amount(len(entries), noun) for entries, noun in counted)
        summary = f"{config}: plan {plan.version}, {amounts}{_aside(plan)}"
        from monitor.match.rule_check import remarks  # help needs none of it

        notes = tuple(map(hide, (*remarks(plan.rules, plan.aliases, unhit), *counts)))
    except ConfigError as error:
        errors = error.problems
    errors, warnings = _without_secrets(errors), _without_secrets(warnings)
    sys.stdout.write(FORMS[form](errors, warnings, hide(summary), Remarks(notes, tuple(map(hide, changed)))))
    if errors:
        raise typer.Exit(USAGE)


def _without_secrets(problems: Problems) -> Problems:
    """Return the problems as they may be shown."""
    return [replace(one, message=hide(one.message), hint=hide(one.hint)) for one in problems]


def _aside(plan: Plan) -> str:
    """Return how many sources are off and how many of the others were never seen to work."""
    off = sum(not source.enabled for source in plan.sources)
    untried = sum(source.enabled and source.unverified_live for source in plan.sources)
    parts = [f"{off} of the sources switched off"] * bool(off) + [f"{untried} not yet seen to work live"] * bool(
        untried
    )
    return f" ({', '.join(parts)})" if parts else ""


def as_text(errors: Problems, warnings: Problems, summary: str, beside: Remarks = NONE) -> str:
    """Return the report for people: each problem with its place, its lines and its hint, then the sum and the remarks."""
    parts = [_problem("error", problem) for problem in errors] + [_problem("warning", problem) for problem in warnings]
    amounts = f"{amount(len(errors), 'error')}, {amount(len(warnings), 'warning')}"
    lines = [*(f"note: {note}" for note in beside.notes), *(f"diff: {line}" for line in beside.changed)]
    said = "\n\n".join([*parts, f"{summary}: {amounts}" if summary else amounts]) + "\n"
    return said + "".join(sanitize(line) + "\n" for line in lines)


def _problem(severity: str, problem: ConfigProblem) -> str:
    place = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    parts = [sanitize(f"{place}: {severity}: {problem.message} [{problem.code}]")]
    parts.append(snippet(shown_lines(Path(problem.file)), problem.line, problem.column))
    parts.append(sanitize(f"  hint: {problem.hint}") if problem.hint else "")
    return "\n".join(part for part in parts if part)


def as_json(errors: Problems, warnings: Problems, summary: str, beside: Remarks = NONE) -> str:
    """Return the report for programs; `diff` is there only where it was asked for."""
    body = {"ok": not errors, "summary": summary, "errors": list(map(asdict, errors))}
    body |= {"warnings": list(map(asdict, warnings)), "notes": list(beside.notes)}
    return to_json(body | ({"diff": list(beside.changed)} if beside.changed else {}), indent=2) + "\n"


def as_github(errors: Problems, warnings: Problems, _: str, beside: Remarks = NONE) -> str:
    """Return the report as workflow commands of GitHub Actions: `::error file=...,line=...,col=...::message`.

    What differs from the plan in force is a notice without a place; notes are left out.
    """
    said = "".join(
        f"::{severity} file={_escaped(problem.file, ':,')},line={problem.line},col={problem.column},"
        f"title={_escaped(problem.code, ':,')}::{_escaped(_sentence(problem))}\n"
        for severity, problems in (("error", errors), ("warning", warnings))
        for problem in problems
    )
    return said + "".join(f"::notice title=diff::{_escaped(line)}\n" for line in beside.changed)


def _sentence(problem: ConfigProblem) -> str:
    return problem.message + (f" ({problem.hint})" if problem.hint else "")


def _escaped(text: str, also: str = "") -> str:
    """Escape what separates the parts of a workflow command."""
    return "".join(f"%{ord(char):02X}" if char in "%\r\n" + also else char for char in text)


FORMS: dict[Report, Callable[[Problems, Problems, str, Remarks], str]] = {
    Report.TEXT: as_text,
    Report.JSON: as_json,
    Report.GITHUB: as_github,
}
