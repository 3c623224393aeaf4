"""The page that `monitor explain` prints: what became of an address, step by step, in lines. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.cli.text.output import amount
from monitor.model.explained import (
    Cause,
    Explained,
    ListedRecord,
    ReadRecord,
    RuleRecord,
    StoryPlace,
    ToldRecord,
)
from monitor.model.feedback import Feedback, Relevance
from monitor.model.records import HearingRecord
from monitor.present import timefmt
from monitor.present.causes import plain_error
from monitor.present.explained import BEGINNING

LONGEST = 240
"""Code points of one text of a stranger that are shown."""

MOST = 8  # refused occurrences, or outlets, that are shown of one rule
_FATES = {
    "sent": "told",
    "waiting": "not told yet: its message waits",
    "held": "not told yet: it is held",
    "dead": "not told: its message was given up",
    "suppressed": "not told, for a reason",
    "nobody": "stored, and no channel is to hear of it",
    "no_hit": "read, and no rule met it",
    "not_read": "listed, and not read yet",
    "ignored": "listed, and left out",
    "forgotten": "read, and kept no more",
    "list": "the address of a list",
    "never_listed": "never listed",
    "tried": "never listed; tried just now, nothing was stored or sent",
}
_SINCE = {
    "changed": "; the rule was changed since",
    "new": "; the rule was not there when the article was stored",
    "gone": "; the rule is in force no more",
}
_FIELDS = ("title", "subtitle", "body", "caption")


class Times:
    """Writes moments as the reader reads them: in the zone, as short as they stay clear."""

    def __init__(self, now: datetime, zone: ZoneInfo) -> None:
        self._now, self._zone = now, zone

    def __call__(self, moment: datetime | None) -> str:
        """Return a moment, "" for none."""
        return "" if moment is None else timefmt.clock(moment, self._now, self._zone)

    @property
    def name(self) -> str:
        """Return how people call the zone."""
        return timefmt.zone_name(self._now, self._zone)


def explained_page(found: Explained, now: datetime, zone: ZoneInfo) -> Iterator[str]:
    """Yield the page, line by line; texts of strangers are as they came, so that each line is to be sanitized."""
    at = Times(now, zone)
    yield f"{found.url}  (times in {at.name})"
    yield f"=> {_FATES.get(found.fate, found.fate)}"
    yield from (f"   {cause_line(cause, at)}" for cause in found.why)
    yield from _steps(found)
    yield "1. Listed"
    yield from (_listed(one, at) for one in found.listed)
    if not found.listed:
        yield "   by no list or feed" + (f"; sources of its host: {', '.join(found.sources)}" if found.sources else "")
    if found.read is None:
        return
    yield "2. Read" + (" just now" if found.live else "")
    yield from _read(found.read, at)
    yield "3. Rules"
    yield from (line for rule in found.rules for line in _rule(rule, at, live=found.live))
    if found.others:
        yield f"   {amount(found.others, 'other rule')}: not met, and further off"
    if found.place is not None:
        yield "4. Story"
        yield from _place(found.place, at)
    yield "5. Messages"
    yield from (line for one in found.told for line in _told(one, at))
    if not found.told:
        yield "   none"
    yield from (f"   {_hearing(one, at)}" for one in found.hearing)


def cause_line(cause: Cause, at: Times) -> str:
    """Return why it is so, with the moment that the words end with."""
    return _cut(cause.words) + (f" {at(cause.at)}" if cause.at else "")


def _steps(found: Explained) -> Iterator[str]:
    for step in found.steps:
        yield f"   {'ok  ' if step.ok else 'FAIL'} {step.name} ({step.elapsed_ms:.0f} ms): {_cut(step.detail)}"


def _listed(one: ListedRecord, at: Times) -> str:
    published = f", published {at(one.published_at)}" if one.published_at else ""
    first = ", there before the source was watched" if one.baseline else ""
    state = {
        "pending": f", to be read at {at(one.next_attempt_at)}",
        "done": f", done at {at(one.done_at)}",
        "ignored": ", left out (first_run: ignore)",
        "dead": ", given up",
    }.get(one.state, f", {one.state}")
    failed = (
        f"; {amount(one.attempts, 'attempt')}, the last failed: {plain_error(one.last_error)}" if one.last_error else ""
    )
    return f"   {at(one.first_seen_at)} by {one.source_name} ({one.source}){published}{first}{state}{failed}: {_cut(one.title)}"


def _read(one: ReadRecord, at: Times) -> Iterator[str]:
    article = one.article
    if one.stored_at is not None:
        yield f"   stored at {at(one.stored_at)} as article {one.id}, from {article.source_id}"
    if one.failure:
        yield f"   its page did not count ({plain_error(one.failure)}): what the list said stands for it"
    ways = ", ".join(
        f"{name} by {way}" for name, way in one.ways.items() if name in {*_FIELDS, "published_at", "authors"}
    )
    sure = one.ways.get("confidence", "")
    yield f"   read: {ways or 'nothing'}" + (f"; confidence {sure}" if sure else "")
    lengths = ", ".join(f"{name} {one.lengths[name]}" for name in _FIELDS if one.lengths.get(name))
    yield f"   characters: {lengths or 'none'}"
    yield f"   title: {_cut(article.title)}"
    if article.body:
        yield f"   text: {article.body[:BEGINNING]}" + ("…" if len(article.body) > BEGINNING else "")
    yield from (f"   lacks: {want}" for want in one.lacks)
    if one.gone_at is not None:
        yield f"   its page is not there any more since {at(one.gone_at)}"


def _rule(one: RuleRecord, at: Times, *, live: bool) -> Iterator[str]:
    name = one.rule if one.name in {"", one.rule} else f"{one.name} ({one.rule})"
    if one.hit_id is not None:
        yield f"   {name}: hit {one.hit_id} at {at(one.hit_at)}{_SINCE.get(one.since, '')}"
    elif one.matches:
        there = "would hit" if live and one.looks_here else "its words are there"
        where = "" if one.looks_here else f", but it looks only at {', '.join(one.sources)}"
        yield f"   {name}: {there}{where}{_SINCE.get(one.since, '')}"
    else:
        missing = f"; missing: {'; '.join(one.missing)}" if one.missing else ""
        yield f"   {name}: not met{_SINCE.get(one.since, '')}{_cut(missing)}"
    if one.feedback is not None:
        yield f"     {_feedback(one.feedback, at)}"
    for found in one.mentions[:MOST]:
        yield f"     {found.field} {found.start}-{found.end} «{_cut(found.surface)}»: {found.reason}"
    if len(one.mentions) > MOST:
        yield f"     and {amount(len(one.mentions) - MOST, 'mention')} more"
    for refusal in one.refusals[:MOST]:
        yield f"     {refusal.field} {refusal.start}-{refusal.end} «{_cut(refusal.surface)}» refused: {refusal.reason}"
    if len(one.refusals) > MOST:
        yield f"     and {len(one.refusals) - MOST} more refused"


def _feedback(said: Feedback, at: Times) -> str:
    meant = "meant" if said.relevance is Relevance.MEANT else "not meant"
    note = f": {_cut(said.note)}" if said.note else ""
    return f"{said.author} said at {at(said.at)} that it was {meant}{note}"


def _place(place: StoryPlace, at: Times) -> Iterator[str]:
    story = place.story
    which = f"act {place.act} of {len(story.acts)}, " if len(story.acts) > 1 else ""
    yield f"   {which}{'the first article' if place.first else 'not the first article'} of it: {_cut(story.title)}"
    outlets = ", ".join(f"{one.source_name} {at(one.first_seen_at)}" for one in story.outlets[:MOST])
    more = f" and {len(story.outlets) - MOST} more" if len(story.outlets) > MOST else ""
    yield f"   {amount(story.articles, 'article')}, {amount(len(story.outlets), 'outlet')}: {outlets}{more}; monitor stories {story.id}"
    related = story.acts[place.act - 1].related if place.act <= len(story.acts) else ""
    if related:
        yield f"   nearly like story {related}, without being joined to it"


def _told(one: ToldRecord, at: Times) -> Iterator[str]:
    message = one.message
    line = f", message #{message.seq}" if message.seq is not None else ""
    levels = f"; new of its story: {', '.join(one.levels)}" if one.levels else ""
    reason = f" ({message.reason})" if message.reason else ""
    yield f"   {one.channel}, rule {one.rule}: {message.state}{reason}{line}, decided {at(message.created_at)}{levels}"
    for tried in one.attempts:
        status = "no answer" if tried.status is None else f"answered {tried.status}"
        detail = f": {_cut(tried.detail)}" if tried.detail else ""
        yield f"     attempt {tried.n} at {at(tried.at)}: {status} in {tried.elapsed_ms:.0f} ms, {tried.state}{detail}"


def _hearing(one: HearingRecord, at: Times) -> str:
    why = "; ".join(
        words if until is None else f"{words} (until {at(until)})"
        for words, until in zip(one.why, one.until, strict=True)
    )
    who = f"{one.channel} ({one.through})" if one.channel else "nobody"
    return f"rule {one.rule} -> {who}" + (f": {one.outcome}" if one.channel else "") + (f"; {why}" if why else "")


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
