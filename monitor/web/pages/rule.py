"""/rules/ID, /rules/new: a rule in a form; what a change of it would find and tell, before it is written."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from monitor.model.access import Scope
from monitor.model.article import Article
from monitor.model.backtest import Backtest, BacktestQuery, RuleBacktest
from monitor.model.confidential import hide
from monitor.model.errors import MonitorError, QueryError, UnknownNameError
from monitor.model.hit import Explanation, Match
from monitor.service.desk import Desk
from monitor.service.file_write import FileChangedError
from monitor.service.rule_draft import RuleDraft, typed
from monitor.service.rule_edits import CheckedEdit, DraftFault, OpenedRule
from monitor.service.rule_merge import FIELDS, MergedDraft, fingerprint, merged
from monitor.service.rule_trial import typed as typed_text
from monitor.service.unheard import Silent
from monitor.web.pages.drawings import Bar, bars, week_paths
from monitor.web.pages.in_force import put_in_force
from monitor.web.pages.render import page
from monitor.web.pages.rules import SAID
from monitor.web.pages.viewer import Viewer, remember, remembered, viewer
from monitor.web.problems import ProblemError
from monitor.web.redirects import back

router = APIRouter(include_in_schema=False)

SPAN: Final = timedelta(days=30)
"""How far back a change is tried."""
NEW: Final = "new"
HEIGHT: Final = 44
LONGEST_ADDRESS: Final = 6_000
"""Letters of an address that browsers, and servers between, are sure to pass on."""
_LONGEST: Final = 20_000
RuleId = Annotated[str, Path(max_length=200)]


class RuleForm(BaseModel):
    """What the form sends. `read` names what the file held when the form was made, `base` tells which fields were touched since.

    `theirs` are fields that are to be as the file has them by now, `same` those that an address leaves out because they are as in
    the file. `attempt` is a text or an address to try.
    """

    id: str = Field("", max_length=200)
    name: str = Field("", max_length=1_000)
    match: str = Field("", max_length=_LONGEST)
    tags: str = Field("", max_length=2_000)
    severity: Literal["info", "warning", "critical"] = "info"
    stories: Literal["escalate", "all", "off"] = "escalate"
    channels: list[Annotated[str, Field(max_length=200)]] = Field(default=[], max_length=200)
    sources: str = Field("", max_length=_LONGEST)
    tests_match: str = Field("", max_length=100_000)
    tests_no_match: str = Field("", max_length=100_000)
    read: str = Field("", max_length=100)
    base: str = Field("", max_length=200)
    theirs: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=20)
    same: list[Annotated[str, Field(max_length=40)]] = Field(default=[], max_length=20)
    attempt: str = Field("", max_length=_LONGEST)

    @property
    def tries_address(self) -> bool:
        """Return whether an article is to be fetched and tried."""
        return self.attempt.strip().startswith(("http://", "https://"))

    def address(self, rule_id: str, opened: OpenedRule) -> str:
        """Return where a preview of it stands; "" where an address cannot say all of it, or may not."""
        said = self.model_dump(exclude_defaults=True)
        if rule_id != NEW and self.read == opened.read:
            draft = self.draft(rule_id)
            said["same"] = [one for one in FIELDS if one in said and getattr(draft, one) == getattr(opened.draft, one)]
            said = {name: value for name, value in said.items() if name not in said["same"]}
        address = f"/rules/{quote(rule_id, safe='')}/preview?{urlencode(said, doseq=True)}"
        plain = "\n".join(str(one) for one in said.values())
        return address if len(address) <= LONGEST_ADDRESS and hide(plain) == plain else ""

    def draft(self, rule_id: str) -> RuleDraft:
        """Return the rule that was typed."""
        texts = {
            name: getattr(self, name) for name in ("name", "match", "tags", "sources", "tests_match", "tests_no_match")
        }
        return typed(rule_id=rule_id, texts=texts, channels=self.channels, severity=self.severity, stories=self.stories)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An expression held against a text: what it met, what spoke against it, or why that could not be tried."""

    article: Article | None = None
    met: tuple[Match, ...] = ()
    why: Explanation | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a change would have found and told; None where it was not tried, `busy` because another trial is under way."""

    whole: Backtest | None = None
    rule: RuleBacktest | None = None
    bars: tuple[Bar, ...] = ()
    week: tuple[str, ...] = ()
    busy: bool = False

    @property
    def daily(self) -> float:
        """Return hits a day."""
        assert self.whole is not None  # noqa: S101 - asked of what was tried
        assert self.rule is not None  # noqa: S101
        return self.rule.hits / max(self.whole.span.days, 1.0)

    @property
    def messages(self) -> float:
        """Return messages a day."""
        assert self.whole is not None  # noqa: S101 - asked of what was tried
        assert self.rule is not None  # noqa: S101
        return self.rule.messages / max(self.whole.span.days, 1.0)

    @property
    def channels(self) -> int:
        """Return how many channels would be told."""
        return sum(bool(one.messages or one.waiting) for one in self.rule.channels) if self.rule else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePage:
    """All that the page of a rule shows."""

    opened: OpenedRule
    draft: RuleDraft
    rule_id: str
    edit: CheckedEdit | None = None
    consequence: Consequence = Consequence()
    attempt: Attempt | None = None
    attempted: str = ""
    theirs: tuple[str, ...] | None = None
    merge: MergedDraft | None = None

    @property
    def conflict(self) -> bool:
        """Return whether the file was changed since the form was made."""
        return self.merge is not None

    @property
    def base(self) -> str:
        """Return by what it is known later which fields were touched."""
        return fingerprint(self.opened.draft)

    @property
    def proposed(self) -> bool:
        """Return whether the form has something that its file has not."""
        return bool(self.rule_id) and self.draft != self.opened.draft

    @property
    def silent(self) -> Silent | None:
        """Return why nobody is told of what the rule finds: as it was typed where that was looked at, else as its file has it."""
        return self.edit.silent if self.edit else self.opened.silent

    @property
    def faulty(self) -> tuple[str, ...]:
        """Return the fields in which something is wrong."""
        found = dict.fromkeys(self._field(one) for one in self.edit.faults) if self.edit else {}
        return tuple(one for one in found if one)

    def faults(self, field: str) -> tuple[DraftFault, ...]:
        """Return what is wrong in a field; "" for what is wrong elsewhere."""
        return tuple(one for one in self.edit.faults if self._field(one) == field) if self.edit else ()

    def warnings(self, field: str) -> tuple[DraftFault, ...]:
        """Return what is probably not meant in a field; "" for elsewhere."""
        return tuple(one for one in self.edit.warnings if self._field(one) == field) if self.edit else ()

    def _field(self, one: DraftFault) -> str:
        """Return the field that is shown for a fault; an id that is there already has none."""
        return "" if self.rule_id and one.field == "id" else one.field


@router.get("/rules/new")
async def new_rule(
    request: Request,
    looks: Annotated[Viewer, viewer(Scope.READ)],
    match: Annotated[str, Query(max_length=_LONGEST)] = "",
    id: Annotated[str, Query(max_length=200)] = "",  # noqa: A002 - a parameter of the address
    name: Annotated[str, Query(max_length=1_000)] = "",
) -> Response:
    """Return the form of a rule that is not there yet."""
    desk: Desk = request.app.state.desk
    opened = await asyncio.to_thread(desk.rules.fresh, RuleDraft(id=id, name=name, match=match))
    return await _page(request, looks, RulePage(opened=opened, draft=opened.draft, rule_id=""))


@router.get("/rules/{rule_id}")
async def rule(
    request: Request,
    rule_id: RuleId,
    looks: Annotated[Viewer, viewer(Scope.READ)],
    match: Annotated[str, Query(max_length=_LONGEST)] = "",
) -> Response:
    """Return a rule in its form; with another expression in it where the address names one."""
    opened = await _opened(request, rule_id)
    draft = replace(opened.draft, match=match) if match else opened.draft
    answer = await _page(request, looks, RulePage(opened=opened, draft=draft, rule_id=rule_id))
    if remembered(request, SAID):
        answer.delete_cookie(SAID)
    return answer


@router.get("/rules/{rule_id}/preview")
async def previewed(
    request: Request, rule_id: RuleId, given: Annotated[RuleForm, Query()], looks: Annotated[Viewer, viewer(Scope.READ)]
) -> Response:
    """Return the preview of what the address says, which is there again when its page is loaded again; nothing is fetched for it."""
    if not request.url.query or not looks.may("write"):
        return back(f"/rules/{rule_id}", "/rules")
    if request.headers.get("sec-fetch-site", "none") in {"same-origin", "none"}:
        return await _preview(request, rule_id, given, looks)
    opened, draft = await _typed(request, rule_id, given)  # a page of somebody else has nothing worked out here
    return await _page(request, looks, RulePage(opened=opened, draft=draft, rule_id=_present(rule_id)))


@router.post("/rules/{rule_id}/preview")
async def preview(
    request: Request, rule_id: RuleId, given: Annotated[RuleForm, Form()], looks: Annotated[Viewer, viewer(Scope.WRITE)]
) -> Response:
    """Lead to the preview; what no address can say is answered at once. Nothing is written."""
    opened, _ = await _typed(request, rule_id, given)
    address = given.address(rule_id, opened)
    if address and not given.tries_address:
        return back(address, "/rules")
    answer = await _preview(request, rule_id, given, looks)
    if address:
        answer.headers["HX-Push-Url"] = address  # what htmx shows as the address of an answer to a form
    return answer


async def _preview(request: Request, rule_id: str, given: RuleForm, looks: Viewer) -> Response:
    """Return the form with what its change would come to."""
    desk: Desk = request.app.state.desk
    opened, draft = await _typed(request, rule_id, given)
    merge = merged(given.base, draft, opened.draft, given.theirs) if _present(rule_id) else None
    draft = draft if merge is None else merge.draft
    edit = await asyncio.to_thread(desk.rules.check, _present(rule_id), draft)
    tries = given.attempt.strip() and (request.method == "POST" or not given.tries_address)
    shown = RulePage(
        opened=opened,
        draft=draft,
        rule_id=_present(rule_id),
        edit=edit,
        consequence=await _consequence(desk, edit, draft, looks),
        attempt=await _attempt(desk, edit, draft, given) if tries else None,
        attempted=given.attempt,
    )
    if given.read != opened.read:
        shown = await _conflicting(desk, shown, given, merge)
    return await _page(request, looks, shown, HTTPStatus.UNPROCESSABLE_ENTITY if edit.faults else HTTPStatus.OK)


@router.post("/rules/{rule_id}")
async def save(
    request: Request, rule_id: RuleId, given: Annotated[RuleForm, Form()], looks: Annotated[Viewer, viewer(Scope.ADMIN)]
) -> Response:
    """Write a rule and put it in force; where anything is wrong the form comes back as it was typed."""
    desk: Desk = request.app.state.desk
    opened, draft = await _typed(request, rule_id, given)
    merge = merged(given.base, draft, opened.draft, given.theirs) if _present(rule_id) else None
    draft = draft if merge is None else merge.draft
    shown = RulePage(opened=opened, draft=draft, rule_id=_present(rule_id))
    try:
        edit = await asyncio.to_thread(desk.rules.save, shown.rule_id, draft, given.read, looks.author, looks.now)
    except FileChangedError:
        edit = await asyncio.to_thread(desk.rules.check, shown.rule_id, draft)
        shown = await _conflicting(desk, replace(shown, edit=edit), given, merge)
        return await _page(request, looks, shown, HTTPStatus.CONFLICT)
    if not edit.can_be_saved:
        return await _page(request, looks, replace(shown, edit=edit), HTTPStatus.UNPROCESSABLE_ENTITY)
    answer = back(f"/rules/{draft.id}", "/rules")
    remember(answer, request, SAID, await _in_force(desk, changed=bool(edit.lines)))
    return answer


@router.get("/rules/{rule_id}/remove")
async def ask_removal(request: Request, rule_id: RuleId, looks: Annotated[Viewer, viewer(Scope.ADMIN)]) -> Response:
    """Return the page that asks whether a rule is to go."""
    desk: Desk = request.app.state.desk
    opened = await _opened(request, rule_id)
    edit = await asyncio.to_thread(desk.rules.check_removal, rule_id)
    return await page(request, looks, "rule_removal.html", opened=opened, edit=edit, conflict=False)


@router.post("/rules/{rule_id}/remove")
async def remove(
    request: Request, rule_id: RuleId, given: Annotated[RuleForm, Form()], looks: Annotated[Viewer, viewer(Scope.ADMIN)]
) -> Response:
    """Take a rule out of its file."""
    desk: Desk = request.app.state.desk
    opened = await _opened(request, rule_id)
    try:
        edit = await asyncio.to_thread(desk.rules.save, rule_id, None, given.read, looks.author, looks.now)
    except FileChangedError:
        edit = await asyncio.to_thread(desk.rules.check_removal, rule_id)
        status = HTTPStatus.CONFLICT
        return await page(request, looks, "rule_removal.html", status=status, opened=opened, edit=edit, conflict=True)
    if not edit.can_be_saved:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return await page(request, looks, "rule_removal.html", status=status, opened=opened, edit=edit, conflict=False)
    answer = back("/rules", "/rules")
    remember(answer, request, SAID, await _in_force(desk, changed=True))
    return answer


async def _opened(request: Request, rule_id: str) -> OpenedRule:
    desk: Desk = request.app.state.desk
    try:
        return await asyncio.to_thread(desk.rules.opened, rule_id)
    except UnknownNameError as error:
        if desk.plans.current()[0].rule(rule_id) is None:
            raise ProblemError(HTTPStatus.NOT_FOUND, str(error)) from None
        doubt = (await asyncio.to_thread(desk.rules.doubts)).get(rule_id, "monitor check says what")
        detail = f"the rule {rule_id!r} is in force, but its file is wrong now and is mended there: {doubt}"
        raise ProblemError(HTTPStatus.CONFLICT, detail) from None


async def _typed(request: Request, rule_id: str, given: RuleForm) -> tuple[OpenedRule, RuleDraft]:
    """Return the rule as its file has it, and as it was typed; a new one without an id is given one."""
    desk: Desk = request.app.state.desk
    if rule_id != NEW:
        opened = await _opened(request, rule_id)
        if opened.count:
            raise ProblemError(HTTPStatus.CONFLICT, "a rule over counts is changed in its file")
        as_is = {name: getattr(opened.draft, name) for name in given.same if name in FIELDS}
        return opened, replace(given.draft(rule_id), **as_is)
    draft = given.draft(given.id)
    if not draft.id:
        draft = replace(draft, id=await asyncio.to_thread(desk.rules.propose_id, draft.name or draft.match))
    return await asyncio.to_thread(desk.rules.fresh, RuleDraft()), draft


def _present(rule_id: str) -> str:
    """Return the id of a rule that is there; "" for a new one."""
    return "" if rule_id == NEW else rule_id


async def _conflicting(desk: Desk, shown: RulePage, given: RuleForm, merge: MergedDraft | None) -> RulePage:
    """Return the page with what somebody else wrote since the form was made."""
    theirs = await asyncio.to_thread(desk.rules.since, given.read, shown.opened.file)
    return replace(shown, theirs=theirs, merge=merge or MergedDraft(shown.draft, shown.opened.draft))


async def _consequence(desk: Desk, edit: CheckedEdit, draft: RuleDraft, looks: Viewer) -> Consequence:
    if edit.prepared is None:
        return Consequence()
    query = BacktestQuery(since=looks.now - SPAN, until=looks.now, rule_id=draft.id, against=True)
    found = await desk.actions.backtest(query, edit.prepared)
    if found is None:
        return Consequence(busy=True)
    (one,) = found.rules
    return Consequence(found, one, bars([day.hits for day in one.days], HEIGHT), week_paths(one.hours))


async def _attempt(desk: Desk, edit: CheckedEdit, draft: RuleDraft, given: RuleForm) -> Attempt:
    """Return what becomes of a text, or of the article at an address: never of a file."""
    try:
        text = given.attempt.strip()
        article = await desk.app.rule_trials.article(text) if given.tries_address else typed_text(text)
        met, why = await asyncio.to_thread(desk.rules.try_on, edit.prepared, draft.match, article)
    except QueryError as error:
        return Attempt(fault=error.message)
    except MonitorError as error:
        return Attempt(fault=str(error))
    return Attempt(article, met, why)


async def _in_force(desk: Desk, *, changed: bool) -> str:
    """Put in force what was written; return "taken", "unchanged", or why it is not in force."""
    return await put_in_force(desk) if changed else "unchanged"


async def _page(request: Request, looks: Viewer, shown: RulePage, status: int = HTTPStatus.OK) -> Response:
    desk: Desk = request.app.state.desk
    changes = await asyncio.to_thread(desk.rules.history, shown.rule_id, 5) if shown.rule_id else ()
    return await page(
        request,
        looks,
        "rule.html",
        status=status,
        shown=shown,
        said=remembered(request, SAID),
        changes=changes,
        disk=await desk.files.state(),
        names={one.id: one.name or one.id for one in looks.plan.all_rules},
        sources={one.id: one.name or one.id for one in looks.plan.sources},
    )
