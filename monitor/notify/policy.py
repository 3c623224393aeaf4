"""Whom a hit, or an event, concerns, and why somebody is not told. Pure.

These are called inside the store's transaction, because only there it is known what else has just been told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from monitor.model.article import Article
from monitor.model.calendar import Calendar
from monitor.model.health import Notice
from monitor.model.notification import History, Notification, Silence, Situation, Suppression, Told
from monitor.model.operator import OperatorNotice
from monitor.model.plan import Channel, Plan, Rule
from monitor.notify.holding import Holding, Matter, hold_event
from monitor.notify.routes import listeners
from monitor.notify.silences import covering, covering_count, covering_event
from monitor.notify.stories import levels_to_tell


def decide_hits(  # noqa: PLR0913 - each is one thing that the caller alone knows
    situation: Situation,
    plan: Plan,
    *,
    calendar: Calendar,
    baseline: bool = False,
    rematch: bool = False,
    again: bool = False,
    listed_at: datetime | None = None,
) -> tuple[Notification, ...]:
    """Return one Notification for each hit and channel that is to hear of it, in their order; nothing is left out silently.

    `baseline`: the article stood on the page before the source was watched. `rematch`: an old article met a new or
    changed rule. `again`: an article that was rewritten: what met it before stays as it was decided. `listed_at` is when
    its list says that it was published (UTC). What is true of the hit goes before what is true of the channel, so that a silent first run reads the
    same on every channel. A channel id named twice is one channel.
    Of a hit that is not new only what a first run held back is decided again: what one source saw on its first run may be
    fresh news of a source that has been watched for long.
    """
    history, source_id = situation.history, situation.article.source_id
    silences = () if baseline or rematch else history.silences()
    holding = Holding(history, situation.now, calendar)
    old = _is_old(situation.article, listed_at, plan.max_age)
    found = []
    for stored in situation.hits:
        rule = plan.rule(stored.hit.rule_id)
        if rule is None:
            continue
        about_hit = _always(baseline=baseline, rematch=rematch, old=old)
        silence = None if about_hit else covering(silences, rule, source_id, stored.hit)
        matter = Matter(rule.severity, rule.id, source_id, situation.story.id)
        for channel_id in listeners(plan, rule, source_id):
            if not stored.new and (again or stored.notified.get(channel_id) != Suppression.BASELINE):
                continue
            channel = plan.channel(channel_id)
            if (kept_back := _suppressed(channel_id, rule.id, about_hit, silence, channel)) is not None:
                found.append(kept_back)
            elif channel is not None:
                found.append(_told(channel, rule, matter, situation, holding))
    return tuple(found)


def decide_event(
    notice: Notice | OperatorNotice, history: History, now: datetime, *, plan: Plan, calendar: Calendar
) -> tuple[Notification, ...]:
    """Return one Notification of an event for each channel of the operator, in their order.

    A channel is not asked to tell of itself: where the operator has no other, the first one that can tell does.
    """
    source_id, about = (notice.source_id, "") if isinstance(notice, Notice) else ("", notice.channel_id)
    silence = covering_event(history.silences(), source_id)
    others = [channel_id for channel_id in dict.fromkeys(plan.operator_channels) if channel_id != about]
    if about and not others:
        others = [one.id for one in plan.channels if one.id != about and channel_reason(one) is None][:1]
    found = []
    for channel_id in others:
        channel = plan.channel(channel_id)
        if (kept_back := _suppressed(channel_id, "", None, silence, channel)) is not None:
            found.append(kept_back)
        elif channel is not None:
            held = hold_event(channel, notice.severity, now, calendar)
            found.append(Notification(channel_id, group_key=held.key, not_before=held.until))
    return tuple(found)


def decide_count(
    rule: Rule, history: History, now: datetime, *, plan: Plan, calendar: Calendar
) -> tuple[Notification, ...]:
    """Return one Notification of an alert of a rule over counts for each channel that is to hear of it, in their order.

    It goes the way of any rule's hits, from no source: by its own channels or the routes, past silences that name neither a
    source nor a word, and when the channel's policy says.
    """
    silence = covering_count(history.silences(), rule)
    holding, matter = Holding(history, now, calendar), Matter(rule.severity, rule.id)
    found = []
    for channel_id in listeners(plan, rule, ""):
        channel = plan.channel(channel_id)
        if (kept_back := _suppressed(channel_id, rule.id, None, silence, channel)) is not None:
            found.append(kept_back)
        elif channel is not None:
            held = holding.of_hit(channel, matter)
            found.append(Notification(channel_id, rule.id, group_key=held.key, not_before=held.until))
    return tuple(found)


def _suppressed(
    channel_id: str, rule_id: str, about_hit: Suppression | None, silence: Silence | None, channel: Channel | None
) -> Notification | None:
    """Return why a channel is not told: what is true of the hit or event goes before what is true of the channel."""
    if silence is not None:
        return Notification(channel_id, rule_id, Suppression.SILENCED, silence_id=silence.id)
    reason = about_hit or channel_reason(channel)
    return None if reason is None else Notification(channel_id, rule_id, reason)


def _told(channel: Channel, rule: Rule, matter: Matter, situation: Situation, holding: Holding) -> Notification:
    """Return when a channel hears of a hit, or that nothing about its story is new.

    A channel that wants one message for each story hears of each once, whatever the rule says.
    """
    history = situation.history
    alone = situation.story.articles == 1  # nothing of it can have been told, and the way of most alerts is short
    told = Told() if alone else history.told_of_story(rule.id, channel.id)
    outlets = {matter.source_id: situation.now} if alone else history.outlets()
    levels = levels_to_tell(rule.stories, outlets, told, matter.source_id, situation.now)
    once = channel.policy.per == "story"
    if told.levels and (once or (rule.stories.mode == "escalate" and not levels)):
        return Notification(channel.id, rule.id, Suppression.SAME_STORY)
    held = holding.of_hit(channel, matter)
    return Notification(channel.id, rule.id, group_key=held.key, not_before=held.until, levels=levels)


def suppressed_as(notifications: Sequence[Notification]) -> str:
    """Return why nobody is told of a hit: the first channel's reason, `no_channel` without any; "" if one is told."""
    if any(notification.suppressed is None for notification in notifications):
        return ""
    return next((notification.suppressed for notification in notifications if notification.suppressed), "no_channel")


def _always(*, baseline: bool, rematch: bool, old: bool) -> Suppression | None:
    """Return why hits of the article are told to nobody, whatever the rule; or None."""
    if baseline:
        return Suppression.BASELINE
    if rematch:
        return Suppression.REMATCH
    return Suppression.OLD if old else None


def _is_old(article: Article, listed_at: datetime | None, max_age: timedelta | None) -> bool:
    """Return whether every time that is stated of an article lies further back than that of when it was first seen.

    A site that moves shows its archive as new; a page whose date is wrong is told for what its list says.
    """
    stated = [moment for moment in (article.published_at, article.modified_at, listed_at) if moment is not None]
    return bool(stated) and max_age is not None and article.first_seen_at - max(stated) > max_age


def channel_reason(channel: Channel | None) -> Suppression | None:
    """Return why the channel is told nothing, or None. A channel that the plan lacks counts as not set up."""
    if channel is None:
        return Suppression.NOT_CONFIGURED
    if not channel.enabled:
        return Suppression.DISABLED  # the operator's word explains more than a missing URL
    return None if channel.url else Suppression.NOT_CONFIGURED
