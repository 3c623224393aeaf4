"""When a channel hears of what concerns it: at once, or together with other things at a later moment. Pure.

The first that applies holds:

    quiet hours  until they end                                     key quiet
    digest       until its next moment                              key digest
    storm        a rule that fires again and again: ten minutes     key storm:RULE
    throttle     until there may be a message again                 key throttle
    group        its wait, or its interval after the last message   key group, group:RULE, group:SOURCE, group:STORY

What would end within quiet hours ends with them. Nothing is held for longer than its policy can ask for from now on: a
message of the future was made under a clock that has been set back since.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from monitor.model.calendar import Calendar
from monitor.model.notification import History
from monitor.model.plan import Channel
from monitor.model.policy import By, Grouping, QuietHours, Throttle
from monitor.notify.hours import quiet_until

STORM: Final = timedelta(minutes=10)
ALONE, TOGETHER = "", "article"
_SEVERITIES: Final = ("info", "warning", "critical")


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be told, as far as its moment hangs on it. A matter of the operator has no rule."""

    severity: str = "info"
    rule_id: str = ""
    source_id: str = ""
    story_id: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """`until` None: at once, together with others of the same article where `key` says so. Else held under `key`."""

    key: str = ALONE
    until: datetime | None = None


NOW: Final = Hold()


@dataclass(slots=True)
class Holding:
    """Decides for all that one transaction tells; it counts what it has decided itself."""

    history: History
    now: datetime
    calendar: Calendar
    _made: dict[str, int] = field(default_factory=dict)
    _fired: dict[tuple[str, str], int] = field(default_factory=dict)
    _articles: set[str] = field(default_factory=set)

    def of_hit(self, channel: Channel, matter: Matter) -> Hold:
        """Return when a channel hears of a hit."""
        policy = channel.policy
        if policy.quiet and not passes(matter.severity, policy.quiet):
            until = quiet_until(self.now, policy.quiet, channel.zone, self.calendar.is_holiday)
            if until is not None:
                return Hold("quiet", until)
        held = self._held(channel, matter)
        if held is not None:
            return self._not_in_quiet(channel, matter, held)
        if policy.per == "hit":
            self._made[channel.id] = self._made.get(channel.id, 0) + 1
            return NOW
        if channel.id not in self._articles:
            self._articles.add(channel.id)
            self._made[channel.id] = self._made.get(channel.id, 0) + 1
        return Hold(TOGETHER)

    def _held(self, channel: Channel, matter: Matter) -> Hold | None:
        policy = channel.policy
        if policy.digest:
            return Hold("digest", self.calendar.next_cron(policy.digest, self.now, channel.zone))
        if policy.storm and (held := self._storm(channel.id, matter.rule_id, policy.storm)):
            return held
        if policy.throttle and (held := self._throttled(channel, policy.throttle)):
            return held
        return self._grouped(channel, matter, policy.group) if policy.group else None

    def _storm(self, channel_id: str, rule_id: str, most: int) -> Hold | None:
        """Count the notification; of more than `most` in ten minutes the rest goes together."""
        known = self._fired.get((channel_id, rule_id))
        if known is None:
            known = self.history.notified_since(rule_id, channel_id, self.now - STORM, most)
        self._fired[channel_id, rule_id] = known + 1
        return self._joining(channel_id, f"storm:{rule_id}", self.now + STORM) if known >= most else None

    def _throttled(self, channel: Channel, throttle: Throttle) -> Hold | None:
        if channel.id in self._articles:
            return None  # the message that tells of this article is one already
        longest = self.now + timedelta(seconds=throttle.per)
        waiting = self._open("throttle", channel.id)
        if waiting is not None:
            return Hold("throttle", min(waiting, longest))
        left = throttle.most - self._made.get(channel.id, 0)
        latest = self.history.latest_messages(channel.id, max(left, 1))
        free = latest[-1] + timedelta(seconds=throttle.per) if len(latest) >= max(left, 1) else None
        if left > 0 and (free is None or free <= self.now):
            return None
        return Hold("throttle", min(max(free or self.now, self.now), longest) if left > 0 else longest)

    def _grouped(self, channel: Channel, matter: Matter, group: Grouping) -> Hold:
        key = _group_key(group.by, matter)
        interval = timedelta(seconds=group.interval)
        soonest = self.now + timedelta(seconds=group.wait)
        longest = max(soonest, self.now + interval)
        waiting = self._open(key, channel.id)
        if waiting is not None:
            return Hold(key, min(waiting, longest))
        last = self.history.last_of_group(channel.id, key, self.now - interval)
        return Hold(key, soonest if last is None else min(max(soonest, last + interval), longest))

    def _joining(self, channel_id: str, key: str, until: datetime) -> Hold:
        """Return the hold of a group that may be open already: then it goes when that goes."""
        waiting = self._open(key, channel_id)
        return Hold(key, until if waiting is None else min(waiting, until))

    def _open(self, key: str, channel_id: str) -> datetime | None:
        groups = self.history.open_groups(channel_id)
        return next((group.flush_at for group in groups if group.key == key), None)

    def _not_in_quiet(self, channel: Channel, matter: Matter, held: Hold) -> Hold:
        quiet = channel.policy.quiet
        if quiet is None or held.until is None or passes(matter.severity, quiet):
            return held
        until = quiet_until(held.until, quiet, channel.zone, self.calendar.is_holiday)
        return held if until is None else Hold("quiet", until)


def hold_event(channel: Channel, severity: str, now: datetime, calendar: Calendar) -> Hold:
    """Return when a channel hears of an event of a source or of the line: only quiet hours hold it."""
    quiet = channel.policy.quiet
    if quiet is None or passes(severity, quiet):
        return NOW
    until = quiet_until(now, quiet, channel.zone, calendar.is_holiday)
    return NOW if until is None else Hold("quiet", until)


def passes(severity: str, quiet: QuietHours) -> bool:
    """Return whether quiet hours let through what is so severe."""
    if not quiet.let_through:
        return False
    return _SEVERITIES.index(severity) >= _SEVERITIES.index(quiet.let_through)


def _group_key(by: By, matter: Matter) -> str:
    ids = {"rule": matter.rule_id, "source": matter.source_id, "story": matter.story_id}
    return f"group:{ids[by]}" if by in ids else "group"
