"""When an alert is sent again because nobody has acknowledged it, and what is told then. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from monitor.model.calendar import Calendar
from monitor.model.handling import HandlingState
from monitor.model.health import Bilingual
from monitor.model.notification import History
from monitor.model.operator import OperatorNotice
from monitor.model.plan import Channel, Plan, Rule
from monitor.model.repeat import OpenAlert, RepeatSearch
from monitor.notify.holding import hold_event
from monitor.notify.policy import channel_reason
from monitor.notify.routes import listeners
from monitor.notify.silences import covering
from monitor.present.moments import rfc3339

REPEATED: Final = "alert.repeated"
MOST_REPEATS: Final = 12
"""Times that one alert is sent again: who has not heard by then does not hear by this channel."""

HELD: Final = timedelta(days=4)
"""How long a hit may have been held before it was told, and still be sent again."""


def searches(plan: Plan, now: datetime) -> tuple[RepeatSearch, ...]:
    """Return where alerts are to be looked for: of critical rules, on channels that repeat; () where none does."""
    rules = tuple(rule.id for rule in plan.rules if rule.severity == "critical")
    return tuple(
        RepeatSearch(channel.id, rules, now - HELD - _whole(channel))
        for channel in plan.channels
        if rules and channel.policy.repeat and channel_reason(channel) is None
    )


def decide_repeat(
    alert: OpenAlert, history: History, now: datetime, *, plan: Plan, calendar: Calendar
) -> OperatorNotice | None:
    """Return what is sent again at `now`; None where it is not time, or no more to be.

    It is over when somebody acknowledged it, when it was sent so often, when that would be late, and when the plan has no such
    critical rule for the channel any more. It is put off while the last one is still on its way, a silence covers the hit, or
    the channel has quiet hours.
    """
    rule, channel = plan.rule(alert.hit.rule_id), plan.channel(alert.channel_id)
    if rule is None or channel is None or not _is_wanted(plan, rule, channel, alert.source_id):
        return None
    if not _is_time(alert, channel, now) or hold_event(channel, rule.severity, now, calendar).until is not None:
        return None
    silent = covering(history.silences(), rule, alert.source_id, alert.hit) is not None
    return None if silent else _notice(alert, now, plan.desk_url)


def _is_wanted(plan: Plan, rule: Rule, channel: Channel, source_id: str) -> bool:
    """Return whether the plan has hits of that rule repeated by that channel."""
    can = rule.severity == "critical" and channel.policy.repeat and channel_reason(channel) is None
    return bool(can) and channel.id in listeners(plan, rule, source_id)


def _is_time(alert: OpenAlert, channel: Channel, now: datetime) -> bool:
    """Return whether an alert that nobody acknowledged is due, and not over."""
    if alert.handling != HandlingState.NEW or alert.repeats >= MOST_REPEATS or alert.waits:
        return False
    due_at = (alert.last_at or alert.told_at) + timedelta(seconds=channel.policy.repeat)
    return due_at <= now <= alert.told_at + _whole(channel)


def _whole(channel: Channel) -> timedelta:
    """Return the time in which an alert is sent again, and one wait more for a daemon that was down."""
    return timedelta(seconds=channel.policy.repeat) * (MOST_REPEATS + 1)


def about_repeat(hit_id: int, channel_id: str) -> str:
    """Return what all repeats of an alert are about."""
    return f"hit {hit_id} on {channel_id}"


def _notice(alert: OpenAlert, now: datetime, desk_url: str) -> OperatorNotice:
    number = alert.repeats + 1
    minutes = max(1, round((now - alert.told_at).total_seconds() / 60))
    name = alert.hit.rule_name or alert.hit.rule_id
    page = f"{desk_url}/hits/{alert.hit_id}" if desk_url else ""
    there = f" {page}" if page else ""
    return OperatorNotice(
        type=REPEATED,
        at=now,
        about=about_repeat(alert.hit_id, alert.channel_id),
        summary=Bilingual(
            f"{name}: {alert.title} {alert.url} — told {minutes} min ago, acknowledged by nobody",
            f"{name}: {alert.title} {alert.url} — {minutes}분 전에 알렸고 아직 아무도 확인하지 않았습니다",
        ),
        action=Bilingual(
            f"`monitor handle {alert.hit_id} --state kept` (or handled, ignored) ends it; sent again {number} of {MOST_REPEATS} times{there}",
            f"`monitor handle {alert.hit_id} --state kept`(또는 handled, ignored)로 끝냅니다. 재알림 {number}/{MOST_REPEATS}회{there}",
        ),
        facts={
            "severity": "critical",
            "rule": {"id": alert.hit.rule_id, "name": name},
            "hit": {"id": alert.hit_id},
            "story": {"id": alert.story_id},
            "article": {"title": alert.title, "url": alert.url},
            "told_at": rfc3339(alert.told_at),
            "repeat": {"number": number, "most": MOST_REPEATS},
            **({"desk_url": page} if page else {}),
        },
        severity="critical",
    )
