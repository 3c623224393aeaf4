"""Whom a hit concerns, and why somebody is not told. Pure."""

from __future__ import annotations

from monitor.model.delivery import Notification, Suppression
from monitor.model.plan import Channel, Plan, Rule


def decide(rule: Rule, plan: Plan, *, baseline: bool, rematch: bool = False) -> tuple[Notification, ...]:
    """Return one Notification per channel of the rule, in the rule's order; nothing is left out silently.

    `baseline`: the article stood on the page before the source was watched. `rematch`: an old article met a new or
    changed rule. What is true of the hit goes before what is true of the channel, so that a silent first run reads the
    same on every channel. A channel id named twice is one channel.
    """
    about_hit = _hit_reason(baseline=baseline, rematch=rematch)
    return tuple(
        Notification(channel_id, rule.id, about_hit or _channel_reason(plan.channel(channel_id)))
        for channel_id in dict.fromkeys(rule.channels)
    )


def suppressed_as(notifications: tuple[Notification, ...]) -> str:
    """Return why nobody is told of a hit: the first channel's reason, `no_channel` without any; "" if one is told."""
    if any(notification.suppressed is None for notification in notifications):
        return ""
    return next((notification.suppressed for notification in notifications if notification.suppressed), "no_channel")


def _hit_reason(*, baseline: bool, rematch: bool) -> Suppression | None:
    """Return why the hit is told to nobody, or None."""
    if baseline:
        return Suppression.BASELINE
    return Suppression.REMATCH if rematch else None


def _channel_reason(channel: Channel | None) -> Suppression | None:
    """Return why the channel is told nothing, or None. A channel that the plan lacks counts as not set up."""
    if channel is None:
        return Suppression.NOT_CONFIGURED
    if not channel.enabled:
        return Suppression.DISABLED  # the operator's word explains more than a missing URL
    return None if channel.url else Suppression.NOT_CONFIGURED
