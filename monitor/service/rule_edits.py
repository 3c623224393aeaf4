"""Rules changed where they stand: checked as `monitor check` does, shown, then written, by whom it says in the history."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from monitor.config import item_edit
from monitor.config.files import FileMarks, file_marks
from monitor.config.item_edit import UneditableError
from monitor.config.load import LoadReport
from monitor.config.places import Spot
from monitor.config.values import RESERVED_ID
from monitor.match.ruleset import compile_rules
from monitor.model.article import Article
from monitor.model.confidential import hide
from monitor.model.errors import ConfigError, ConfigProblem
from monitor.model.hit import Explanation, Match
from monitor.model.names import unknown_name
from monitor.model.plan import Rule
from monitor.service.config_history import ConfigChange, ConfigHistory, NewConfigChange
from monitor.service.configuration import read
from monitor.service.current_plan import Prepared, prepare
from monitor.service.file_write import FileChangedError, digest, present, writable, write
from monitor.service.rule_details import RuleDetails, rule_details
from monitor.service.rule_draft import ORDER, RuleDraft, changes, difference, draft_of, field_of, proposed_id, values
from monitor.service.rule_trial import explanations, insist_on_expression
from monitor.service.unheard import SILENT, Silent, silent

SECTION: Final = "rules"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_REMEMBERED: Final = 8
"""Texts of files that forms were made from, which are shown to who comes second."""


@dataclass(frozen=True, slots=True)
class OpenedRule:
    """A rule and where it stands: `line` of `file`, which holds what `read` names. `count`: it has no expression of its own.

    `silent` is why nobody is told of what it finds, None where somebody is. `details` are what the form has no field for.
    """

    draft: RuleDraft
    file: str
    line: int
    read: str
    count: bool = False
    silent: Silent | None = None
    details: RuleDetails = field(default_factory=RuleDetails)


@dataclass(frozen=True, slots=True)
class DraftFault:
    """What is wrong with what was typed: `field` of the form, "" where it is none of them; `at` is its file and line."""

    field: str
    message: str
    hint: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedEdit:
    """A change as it would be written: the lines that differ, what is wrong with it, what is probably not meant.

    `text` is the whole file afterwards, None where it cannot be made; then `offered` is what a person can put there by hand.
    `prepared` is the whole configuration with it, None while there are faults; `silent` is why nobody would be told of what the
    rule finds. `read` names what the file held.
    """

    file: Path
    read: str
    text: str | None
    before: str
    lines: tuple[str, ...] = ()
    faults: tuple[DraftFault, ...] = ()
    warnings: tuple[DraftFault, ...] = ()
    prepared: Prepared | None = None
    offered: str = ""
    may_write: bool = True
    silent: Silent | None = None

    @property
    def can_be_saved(self) -> bool:
        """Return whether all is right and the file can be written."""
        return self.text is not None and not self.faults and self.may_write


class RuleEdits:
    """Reads and changes the rules of a folder of configuration. All of it waits for files: call it in a thread."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        """Change the files of `folder`, whose variables come from `environ`."""
        self._folder = folder
        self._environ = environ
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._turn = threading.Lock()
        self._doubts: tuple[FileMarks, Mapping[str, str]] | None = None

    def opened(self, rule_id: str) -> OpenedRule:
        """Return a rule as its file has it. Raises UnknownNameError, OSError."""
        loaded = read(self._folder, self._environ).loaded
        rule = next((one for one in loaded.plan.all_rules if one.id == rule_id), None)
        if rule is None:
            raise unknown_name("rule", rule_id, [one.id for one in loaded.plan.all_rules])
        spot, _ = loaded.places.root.find((SECTION, rule_id))
        file = Path(spot.file)
        return OpenedRule(
            draft_of(rule),
            self._named(file),
            spot.line,
            self._remembered(file),
            loaded.plan.count_rule(rule_id) is not None,
            silent(loaded.plan, rule_id),
            rule_details(loaded, rule, _text(present(file)), lambda name: self._named(Path(name))),
        )

    def fresh(self, draft: RuleDraft) -> OpenedRule:
        """Return a rule that is not there yet, in the file where it would stand. Raises OSError."""
        file = self._folder / f"{SECTION}.yaml"
        return OpenedRule(draft, file.name, 0, self._remembered(file))

    def propose_id(self, name: str) -> str:
        """Return an id that no rule has."""
        taken = {one.id for one in read(self._folder, self._environ).loaded.plan.all_rules}
        return proposed_id(name, {*taken, RESERVED_ID}.__contains__)

    def check(self, rule_id: str, draft: RuleDraft) -> CheckedEdit:
        """Return what a change comes to, nothing written; `rule_id` is "" for a new one. Raises UnknownNameError, OSError."""
        if not rule_id:
            return self._checked(self._folder / f"{SECTION}.yaml", draft, None)
        opened = self.opened(rule_id)
        return self._checked(self._folder / opened.file, replace(draft, id=rule_id), opened.draft)

    def check_removal(self, rule_id: str) -> CheckedEdit:
        """Return what it comes to when a rule goes, nothing written. Raises UnknownNameError, OSError."""
        file = self._folder / self.opened(rule_id).file
        before = _text(present(file))
        try:
            after = item_edit.removed(before, SECTION, rule_id)
        except UneditableError as error:
            return CheckedEdit(
                file=file, read=self._remembered(file), text=None, before=before, faults=(DraftFault("", str(error)),)
            )
        return self._whole(file, before, after, rule_id, "")

    def save(self, rule_id: str, draft: RuleDraft | None, given: str, author: str, at: datetime) -> CheckedEdit:
        """Write a change, a rule that goes for None, over the file that `given` names, and remember who did; return what was written.

        Nothing is written where there are faults: they are in what is returned. Raises FileChangedError, OSError, UnknownNameError.
        """
        edit = self.check_removal(rule_id) if draft is None else self.check(rule_id, draft)
        if edit.read != given:
            raise FileChangedError(f"{edit.file.name} was changed since it was read")
        if not edit.can_be_saved or edit.text is None or not edit.lines or edit.prepared is None:
            return edit
        try:
            write(edit.file, edit.text.encode("utf-8"), given)
        except OSError as error:  # a file that is mounted by itself, a disk that is full
            fault = DraftFault("", f"the file cannot be written: {error.strerror}")
            offered = item_edit.item_text(values(draft)) if draft else ""
            return replace(edit, faults=(fault,), may_write=False, offered=offered)
        made = NewConfigChange(
            at=at,
            author=author,
            file=self._named(edit.file),
            rule=rule_id or (draft.id if draft else ""),
            lines=edit.lines,
            plan=edit.prepared.plan.version,
            before=given,
            after=digest(edit.text.encode("utf-8")),
        )
        ConfigHistory(edit.prepared.settings.data_dir).add(made)
        return edit

    def since(self, given: str, file: str) -> tuple[str, ...] | None:
        """Return how a file differs from what `given` names, None where that is not known any more. Raises OSError."""
        before = self._texts.get(given, "" if not given else None)
        return None if before is None else difference(before, _text(present(self._folder / file)))

    def doubts(self) -> Mapping[str, str]:
        """Return for each rule of the files what is probably not meant, or is wrong, in it; found once for the same files."""
        marks = file_marks(self._folder)
        if self._doubts is None or self._doubts[0] != marks:
            self._doubts = marks, _doubts(read(self._folder, self._environ))
        return self._doubts[1]

    def history(self, rule_id: str = "", most: int = 100) -> tuple[ConfigChange, ...]:
        """Return what was changed from the pages, the newest first, in one rule where one is named. Raises OSError."""
        return ConfigHistory(read(self._folder, self._environ).loaded.settings.data_dir).changes(rule_id, most)

    def try_on(
        self, prepared: Prepared | None, expression: str, article: Article
    ) -> tuple[tuple[Match, ...], Explanation]:
        """Return where an expression is met in an article, and what speaks against it. Raises QueryError, ConfigError."""
        using = prepared or prepare(read(self._folder, self._environ))
        aliases = using.plan.aliases
        rule = Rule("draft", "draft", expression)
        insist_on_expression(rule, aliases)
        met = compile_rules((rule,), aliases, using.analyser).match(article)
        ((_, why),) = explanations(using, "", expression, article)
        return next((matches for _, matches in met), ()), why

    def _checked(self, file: Path, draft: RuleDraft, before: RuleDraft | None) -> CheckedEdit:
        text = _text(present(file))
        faults = _shape(draft)
        offered = item_edit.item_text(values(draft)) if draft.id and not faults else ""
        try:
            if faults:
                after: str | None = None
            elif before is None:
                after = item_edit.added(text, SECTION, values(draft))
            else:
                after = item_edit.changed(text, SECTION, draft.id, changes(draft, before), ORDER)
        except UneditableError as error:
            after, faults = None, (DraftFault("", str(error)),)
        if after is None:
            return CheckedEdit(
                file=file, read=self._remembered(file), text=None, before=text, faults=faults, offered=offered
            )
        return self._whole(file, text, after, draft.id, offered)

    def _whole(self, file: Path, before: str, after: str, rule_id: str, offered: str) -> CheckedEdit:
        """Return a change with what the whole configuration says to it."""
        report = read(self._folder, self._environ, {file: after.encode("utf-8")})
        prepared: Prepared | None = None
        problems: Sequence[ConfigProblem] = ()
        warnings: Sequence[ConfigProblem] = ()
        try:
            prepared = prepare(report)
            warnings = prepared.warnings
        except ConfigError as error:
            problems = error.problems
        known = _KeyPlaces(report.loaded.places.root.find((SECTION, rule_id))[0])
        may_write = writable(file)
        nobody = None if prepared is None else silent(prepared.plan, rule_id)
        told = [one for one in warnings if nobody is None or one.code != SILENT]
        return CheckedEdit(
            file=file,
            read=self._remembered(file),
            text=after,
            before=before,
            lines=difference(before, after),
            faults=tuple(self._fault(one, known, file) for one in problems),
            warnings=tuple(self._fault(one, known, file) for one in told if one.file == str(file) and known.has(one)),
            prepared=prepared,
            offered=offered if not may_write else "",
            may_write=may_write,
            silent=nobody,
        )

    def _fault(self, one: ConfigProblem, known: _KeyPlaces, file: Path) -> DraftFault:
        place = Path(one.file)
        at = f"{self._named(place)}:{one.line}" if one.line else self._named(place)
        return DraftFault(known.field(one) if place == file else "", hide(one.message), hide(one.hint), at)

    def _named(self, file: Path) -> str:
        return file.relative_to(self._folder).as_posix() if file.is_relative_to(self._folder) else str(file)

    def _remembered(self, file: Path) -> str:
        """Return the name of what a file holds, and keep it for who comes second."""
        data = present(file)
        name = digest(data)
        if len(data or b"") <= item_edit.LONGEST:
            with self._turn:
                self._texts.pop(name, None)
                self._texts[name] = _text(data)
                while len(self._texts) > _REMEMBERED:
                    self._texts.popitem(last=False)
        return name


class _KeyPlaces:
    """Which places of a file belong to which field of a rule."""

    def __init__(self, spot: Spot) -> None:
        self._starts = sorted((*place, field_of(name)) for name, place in spot.keys.items())
        if (tests := spot.children.get("tests")) is not None:
            self._starts += [(*place, field_of(f"tests_{name}")) for name, place in tests.keys.items()]
            self._starts.sort()
        self._first, self._last = spot.line, _last_line(spot)

    def has(self, problem: ConfigProblem) -> bool:
        """Return whether a problem is one of the rule."""
        return self._first <= problem.line <= self._last

    def field(self, problem: ConfigProblem) -> str:
        """Return the field in which a problem is mended, "" for none."""
        before = [name for line, column, name in self._starts if (line, column) <= (problem.line, problem.column)]
        return before[-1] if before and self.has(problem) else ""


def _last_line(spot: Spot) -> int:
    return max((spot.line, *(line for line, _ in spot.keys.values()), *map(_last_line, spot.children.values())))


def _doubts(report: LoadReport) -> Mapping[str, str]:
    """Return the first that is to be said of each rule."""
    found: Sequence[ConfigProblem]
    try:
        found = prepare(report).warnings
    except ConfigError as error:
        found = error.problems
    rules = report.loaded.places.root.find((SECTION,))[0].children
    places = {str(name): (spot.file, _KeyPlaces(spot)) for name, spot in rules.items()}
    return {
        name: hide(one.message)
        for one in reversed(found)
        for name, (file, place) in places.items()
        if one.file == file and place.has(one)
    }


def _shape(draft: RuleDraft) -> tuple[DraftFault, ...]:
    """Return what is wrong with a draft before any file is looked at."""
    found = []
    if not _ID.fullmatch(draft.id) or draft.id == RESERVED_ID:
        found.append(
            DraftFault("id", f"an id has small letters, digits, - and _, at most 64, and is not {RESERVED_ID}")
        )
    if not draft.match:
        found.append(DraftFault("match", "nothing is looked for"))
    return tuple(found)


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "surrogateescape")
