"""What a plan would have told of articles of the past: its own decisions, over a memory of messages that were never made. Pure.

The memory stands where a decision asks the store, and answers as the store would: each message is taken for sent, each held
group goes at the very moment at which it is due.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Final

from monitor.model.article import Article
from monitor.model.calendar import Calendar
from monitor.model.hit import Hit
from monitor.model.notification import Notification, NotificationState, OpenGroup, Situation, StoredHit, Told
from monitor.model.notification import Silence as SilenceInForce
from monitor.model.plan import Plan, Rule
from monitor.model.policy import AT_ONCE
from monitor.model.records import SilenceRecord
from monitor.model.story import Story
from monitor.notify.policy import decide_count, decide_hits

TRANSACTION: Final = 500
"""Notifications of a group that go in one transaction, and are divided into messages on their own."""

_LOOKED_AT: Final = 200
"""Messages of a channel among which the last one of a group is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReading:
    """An article as one source brought it, at the moment of the decision `at` (UTC), with the hits that it has so.

    `baseline`: it stood on the list before the source was watched. `listed_at` is when the list says it was published.
    """

    at: datetime
    article_id: int
    article: Article
    story_id: str
    hits: tuple[Hit, ...]
    baseline: bool = False
    listed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PastMember:
    """An article of a story: its number, its source, when it was stored (UTC)."""

    article_id: int
    source_id: str
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class PastMessage:
    """A message that would have been made for a channel, at that moment (UTC), of `size` notifications."""

    channel_id: str
    at: datetime
    size: int
    keys: frozenset[str] = frozenset()


@dataclass(slots=True)
class _HeldGroup:
    """Notifications of a channel that wait for one message."""

    since: datetime
    flush_at: datetime
    size: int = 0


@dataclass(slots=True)
class _Line:
    """What one channel was told, and what waits for it."""

    messages: list[PastMessage] = field(default_factory=list)
    groups: dict[str, _HeldGroup] = field(default_factory=dict)
    fired: dict[str, list[datetime]] = field(default_factory=dict)


@dataclass(slots=True)
class PolicyReplay:
    """Holds readings, in the order of their moments, against the policy of a plan. `silences` are all there ever were.

    `stories` has the articles of each story, ascending by the moment at which they were stored.
    """

    plan: Plan
    calendar: Calendar
    silences: Sequence[SilenceRecord] = ()
    stories: Mapping[str, Sequence[PastMember]] = field(default_factory=dict)
    _lines: dict[str, _Line] = field(default_factory=dict)
    _met: dict[tuple[int, str], datetime] = field(default_factory=dict)
    _fates: dict[tuple[int, str], dict[str, str]] = field(default_factory=dict)
    _told: dict[tuple[str, str, str], dict[str, datetime]] = field(default_factory=dict)

    def read(self, reading: PastReading) -> None:
        """Decide whom to tell of a reading, after sending what was due until then."""
        self.flush(reading.at)
        hits = tuple(
            StoredHit(hit, self._is_new(reading, hit), self._fates.get((reading.article_id, hit.rule_id), {}))
            for hit in reading.hits
        )
        for hit in reading.hits:
            self._met.setdefault((reading.article_id, hit.rule_id), reading.at)
        told_by = self.members(reading)
        outlets = {one.source_id for one in told_by}
        first = told_by[0].stored_at if told_by else reading.at
        story = Story(reading.story_id, reading.article.title, max(len(told_by), 1), len(outlets), first)
        history = _History(self, reading.at, reading.article.source_id, reading.story_id, told_by)
        situation = Situation(reading.article, hits, story, history, reading.at)
        decided = decide_hits(
            situation, self.plan, calendar=self.calendar, baseline=reading.baseline, listed_at=reading.listed_at
        )
        self._keep([one for one in decided if self._is_open(reading, one)], reading)

    def alert(self, rule: Rule, at: datetime) -> None:
        """Decide whom to tell of an alert of a rule over counts, after sending what was due until then."""
        self.flush(at)
        decided = decide_count(rule, _History(self, at, "", "", ()), at, plan=self.plan, calendar=self.calendar)
        alert = (-1 - len(self._met), rule.id)  # no article has such a number
        self._met[alert] = at
        self._fates[alert] = {one.channel_id: one.suppressed.value if one.suppressed else "" for one in decided}
        self._keep(decided, None, at)

    def flush(self, until: datetime) -> None:
        """Send what is held and due by then, in the order in which it is due."""
        while True:
            due = [
                (group.flush_at, channel_id, key)
                for channel_id, line in self._lines.items()
                for key, group in line.groups.items()
                if group.flush_at <= until
            ]
            if not due:
                return
            at, channel_id, key = min(due)
            channel, size = self.plan.channel(channel_id), self._lines[channel_id].groups.pop(key).size
            most = (AT_ONCE if channel is None else channel.policy).most
            for part in _parts(size, most):
                self._lines[channel_id].messages.append(PastMessage(channel_id, at, part, frozenset({key})))

    def messages(self) -> Iterator[PastMessage]:
        """Yield the messages so far, channel by channel in the order of their moments."""
        for line in self._lines.values():
            yield from line.messages

    def waiting(self) -> Mapping[str, int]:
        """Return how many notifications are held still, by channel; those with none are left out."""
        held = {one: sum(group.size for group in line.groups.values()) for one, line in self._lines.items()}
        return {channel_id: number for channel_id, number in held.items() if number}

    def kept_back(self, since: datetime) -> Mapping[str, Counter[str]]:
        """Return why hits from that moment on (UTC) were not told, as it stands in the end: {channel: {reason: how many}}."""
        found: dict[str, Counter[str]] = {}
        for met, fates in self._fates.items():
            if self._met[met] >= since:
                for channel_id, reason in fates.items():
                    if reason:
                        found.setdefault(channel_id, Counter())[reason] += 1
        return found

    def unheard(self, since: datetime) -> int:
        """Return how many hits from that moment on (UTC) concern no channel at all."""
        return sum(at >= since and not self._fates.get(met) for met, at in self._met.items())

    def line(self, channel_id: str) -> _Line:
        """Return what is known of a channel."""
        return self._lines.setdefault(channel_id, _Line())

    def told(self, story_id: str, rule_id: str, channel_id: str) -> Told:
        """Return what the rule has told the channel of a story."""
        levels = self._told.get((story_id, rule_id, channel_id), {})
        return Told(frozenset(levels), max(levels.values(), default=None))

    def silent(self, at: datetime, source_id: str) -> tuple[SilenceInForce, ...]:
        """Return the silences that were in force and may concern the source, by number."""
        return tuple(
            SilenceInForce(one.id, one.rule_id, one.source_id, one.ends_at, one.why, one.tag, one.word, one.author)
            for one in sorted(self.silences, key=lambda one: one.id)
            if one.in_force(at) and one.source_id in {"", source_id}
        )

    def members(self, reading: PastReading) -> Sequence[PastMember]:
        """Return the articles of the reading's story that were stored by then, itself among them."""
        limit = (reading.at, reading.article_id)
        return [one for one in self.stories.get(reading.story_id, ()) if (one.stored_at, one.article_id) <= limit]

    def _is_new(self, reading: PastReading, hit: Hit) -> bool:
        return (reading.article_id, hit.rule_id) not in self._met

    def _is_open(self, reading: PastReading, told: Notification) -> bool:
        """Return whether a decision is to be kept: only what was suppressed may be decided otherwise."""
        known = self._fates.get((reading.article_id, told.rule_id), {}).get(told.channel_id)
        return known is None or bool(known and told.suppressed is None)

    def _keep(self, decided: Sequence[Notification], reading: PastReading | None, at: datetime | None = None) -> None:
        """Remember decisions as the store does: what is told at once under one key is one message."""
        now = reading.at if reading is not None else at
        if now is None:
            return
        together: dict[tuple[str, str], int] = {}
        for place, one in enumerate(decided):
            line = self.line(one.channel_id)
            if reading is not None:
                fates = self._fates.setdefault((reading.article_id, one.rule_id), {})
                fates[one.channel_id] = one.suppressed.value if one.suppressed else ""
                self._note(reading, one)
            if one.state is NotificationState.HELD and one.not_before is not None:
                group = line.groups.setdefault(one.group_key, _HeldGroup(now, one.not_before))
                group.flush_at, group.size = min(group.flush_at, one.not_before), group.size + 1
            elif one.state is NotificationState.QUEUED:
                with_what = (one.channel_id, one.group_key or f"alone {place}")
                together[with_what] = together.get(with_what, 0) + 1
        for (channel_id, key), size in together.items():
            self.line(channel_id).messages.append(PastMessage(channel_id, now, size, frozenset({key})))

    def _note(self, reading: PastReading, one: Notification) -> None:
        """Note what a notification of a hit tells of its story, and that its rule has fired."""
        if one.suppressed is not None:
            return
        met = self._met[reading.article_id, one.rule_id]
        self.line(one.channel_id).fired.setdefault(one.rule_id, []).append(met)
        levels = self._told.setdefault((reading.story_id, one.rule_id, one.channel_id), {})
        for level in one.levels:
            levels[level] = reading.at


@dataclass(frozen=True, slots=True)
class _History:
    """Implements monitor.model.notification.History over a replay."""

    replay: PolicyReplay
    now: datetime
    source_id: str
    story_id: str
    told_by: Sequence[PastMember]

    def outlets(self) -> Mapping[str, datetime]:
        """Return the sources that told the story by then."""
        found: dict[str, datetime] = {}
        for one in self.told_by:
            found[one.source_id] = min(one.stored_at, found.get(one.source_id, one.stored_at))
        return found

    def told_of_story(self, rule_id: str, channel_id: str) -> Told:
        """Return what the rule has told the channel of the story."""
        return self.replay.told(self.story_id, rule_id, channel_id)

    def notified_since(self, rule_id: str, channel_id: str, since: datetime, most: int) -> int:
        """Return how many notifications of the rule's hits the channel has had, counted as far as `most`."""
        count = 0
        for at in reversed(self.replay.line(channel_id).fired.get(rule_id, ())):
            if at < since or count >= most:
                break
            count += 1
        return count

    def latest_messages(self, channel_id: str, most: int) -> tuple[datetime, ...]:
        """Return when the channel's latest messages were made."""
        return tuple(one.at for one in reversed(self.replay.line(channel_id).messages[-most:]))

    def last_of_group(self, channel_id: str, key: str, since: datetime) -> datetime | None:
        """Return when the channel's last message of the group was made."""
        latest = reversed(self.replay.line(channel_id).messages[-_LOOKED_AT:])
        return next((one.at for one in latest if one.at >= since and key in one.keys), None)

    def open_groups(self, channel_id: str) -> tuple[OpenGroup, ...]:
        """Return the channel's groups that wait."""
        groups = self.replay.line(channel_id).groups.items()
        found = [OpenGroup(key, group.since, group.flush_at, group.size) for key, group in groups]
        return tuple(sorted(found, key=lambda one: (one.flush_at, one.key)))

    def silences(self) -> tuple[SilenceInForce, ...]:
        """Return the silences that were in force."""
        return self.replay.silent(self.now, self.source_id)


def _parts(size: int, most: int) -> Iterator[int]:
    """Yield how many notifications each message of a group has."""
    for start in range(0, size, TRANSACTION):
        here = min(TRANSACTION, size - start)
        for number in range(ceil(here / most)):
            yield min(most, here - number * most)
