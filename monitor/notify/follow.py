"""Who is told what became of an article: exactly the channels that were told of it, for their rules, as they want it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeAlias

from monitor.model.calendar import Calendar
from monitor.model.follow import CHANGED, REMOVED, ArticleNotice, Followed, FollowType, ToldHit
from monitor.model.hit import Hit
from monitor.model.notification import Notification, Silence, Suppression
from monitor.model.plan import Plan, Rule
from monitor.model.policy import Severity
from monitor.notify.difference import (
    MOST,
    PassageChange,
    excerpts_changed,
    is_readable,
    is_whole,
    passage_change,
    passages_of,
    renamed,
)
from monitor.notify.holding import ALONE, TOGETHER, Holding, Matter
from monitor.notify.policy import channel_reason
from monitor.notify.silences import covering

NO_CHANGE: Final = PassageChange((), ())
"""That of an article whose text is not compared, or not told."""

_SEVERITIES: Final[tuple[Severity, ...]] = ("info", "warning", "critical")
_WORDS: Final = 20

Named: TypeAlias = tuple[tuple[ToldHit, Rule], ...]
Told: TypeAlias = tuple[ArticleNotice, tuple[Notification, ...]]


@dataclass(slots=True)
class _Telling:
    """Decides for one change or removal; `concerned` are the hits that it is told of, with their rules."""

    followed: Followed
    plan: Plan
    holding: Holding
    silences: Sequence[Silence]
    concerned: Named

    def __call__(self, notice: Callable[[Named], ArticleNotice]) -> tuple[Told, ...]:
        """Return one notice for all channels that hear of the same rules, with their notifications."""
        groups: dict[tuple[str, ...], tuple[Named, list[Notification]]] = {}
        for channel_id in dict.fromkeys(one for hit, _ in self.concerned for one in hit.told):
            own = tuple((hit, rule) for hit, rule in self.concerned if channel_id in hit.told)
            loud = tuple(pair for pair in own if self._silence(*pair) is None)
            named = loud or own
            decided = self._notification(channel_id, named, None if loud else self._silence(*own[0]))
            groups.setdefault(tuple(rule.id for _, rule in named), (named, []))[1].append(decided)
        return tuple((notice(named), tuple(decided)) for named, decided in groups.values())

    def _silence(self, hit: ToldHit, rule: Rule) -> Silence | None:
        found = Hit(rule.id, hit.rule_name, "", hit.before or hit.after, "")
        return covering(self.silences, rule, self.followed.before.source_id, found)

    def _notification(self, channel_id: str, named: Named, silence: Silence | None) -> Notification:
        channel = self.plan.channel(channel_id)
        if silence is not None:
            return Notification(channel_id, suppressed=Suppression.SILENCED, silence_id=silence.id)
        reason = channel_reason(channel)
        if reason is not None or channel is None:
            return Notification(channel_id, suppressed=reason)
        waiting = [held for hit in self.followed.hits if (held := hit.told.get(channel_id)) is not None]
        if waiting:  # never before the first message: what is held under one key goes in the order of its decisions
            last = max(waiting, key=lambda held: held.not_before)
            return Notification(channel_id, group_key=last.group_key, not_before=last.not_before)
        rule = named[0][1]
        matter = Matter(severity_of(named), rule.id, self.followed.before.source_id, self.followed.story_id)
        hold = self.holding.of_hit(channel, matter)
        key = ALONE if hold.key == TOGETHER else hold.key  # a message of its own, not a list of two
        return Notification(channel_id, group_key=key, not_before=hold.until)


def decide_followed(followed: Followed, plan: Plan, *, calendar: Calendar) -> tuple[Told, ...]:
    """Return what is told of a change or a removal, each with its Notifications; nothing where there is nothing to tell.

    Channels that hear of the same rules share a notice, and each channel has one alone. A channel whose first message is
    still held hears with it, or after it. Rules that the plan lacks tell nobody.
    """
    before, after = followed.before, followed.after
    if after is None:
        shown = plan.rights(before.source_id) == "full"
        return _telling(followed, plan, calendar, lambda _: True)(partial(_removal, followed, shown=shown))
    if not is_readable(before, after):
        return ()
    headline = before.title if renamed(before, after) else ""
    # Behind a wall that came up since, a headline may be another one; no passage is told to be gone.
    whole = is_whole(before, after)
    texts = not (before.text_mark or after.text_mark)
    changes = {
        hit.rule_id: passage_change(before, after, hit.before, hit.after) if whole and texts else NO_CHANGE
        for hit in followed.hits
    }
    marked = whole and bool(before.text_mark and after.text_mark)
    unseen = {hit.rule_id for hit in followed.hits if marked and excerpts_changed(before, after, hit.before, hit.after)}
    telling = _telling(
        followed, plan, calendar, lambda rule_id: bool(headline or changes[rule_id] or rule_id in unseen)
    )
    if plan.rights(before.source_id) != "full":  # that something changed is told, and none of the text
        changes = dict.fromkeys(changes, NO_CHANGE)
    return telling(lambda named: _change(followed, named, headline, changes))


def _telling(followed: Followed, plan: Plan, calendar: Calendar, concerns: Callable[[str], bool]) -> _Telling:
    rules = ((hit, plan.rule(hit.rule_id)) for hit in followed.hits if concerns(hit.rule_id))
    concerned = tuple((hit, rule) for hit, rule in rules if rule is not None)
    silences = followed.history.silences() if concerned else ()
    return _Telling(followed, plan, Holding(followed.history, followed.now, calendar), silences, concerned)


def severity_of(named: Iterable[tuple[ToldHit, Rule]]) -> Severity:
    """Return the gravest of the rules' severities."""
    return max((rule.severity for _, rule in named), key=_SEVERITIES.index)


def _removal(followed: Followed, named: Named, *, shown: bool) -> ArticleNotice:
    """Tell what stood around the mentions, which nobody can look up any more, where that may be `shown`."""
    if not shown:
        return _notice(REMOVED, followed, named)
    passages = (one for hit, _ in named for one in passages_of(followed.before, hit.before))
    return replace(_notice(REMOVED, followed, named), removed=tuple(dict.fromkeys(passages))[:MOST])


def _change(
    followed: Followed,
    named: Named,
    headline: str,
    changes: Mapping[str, PassageChange],
) -> ArticleNotice:
    own = [changes[hit.rule_id] for hit, _ in named]
    return replace(
        _notice(CHANGED, followed, named),
        headline_before=headline,
        removed=tuple(dict.fromkeys(one for change in own for one in change.removed))[:MOST],
        added=tuple(dict.fromkeys(one for change in own for one in change.added))[:MOST],
    )


def _notice(kind: FollowType, followed: Followed, named: Named) -> ArticleNotice:
    words = dict.fromkeys(match.surface for hit, _ in named for match in (*hit.before, *hit.after))
    return ArticleNotice(
        type=kind,
        at=followed.now,
        article=followed.record,
        rules=tuple((rule.id, rule.name) for _, rule in named),
        words=tuple(words)[:_WORDS],
        severity=severity_of(named),
    )
