"""A silence as it is asked for -> one that can be stored, or what is wrong with the wish. Pure."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.model.errors import InvalidValueError
from monitor.model.notification import LONGEST, NewSilence
from monitor.model.plan import Plan
from monitor.present import timefmt
from monitor.service.named import Named, insist_on_plan


def wanted_silence(  # noqa: PLR0913 - one argument for each thing that can be named
    plan: Plan,
    now: datetime,
    *,
    author: str,
    rule: str = "",
    source: str = "",
    tag: str = "",
    word: str = "",
    everything: bool = False,
    until: str,
    why: str = "",
) -> NewSilence:
    """Return the silence; what names nothing must say that it means everything.

    Raises InvalidValueError for a name that the plan does not have (it would silence nothing), a time that is none or over,
    a silence that lasts too long, and one without a reason.
    """
    if everything == any((rule, source, tag, word)):
        raise InvalidValueError("name at least one of rule, source, tag, word; or everything, alone")
    insist_on_plan(plan, Named(rule=rule, source=source, tag=tag))
    ends_at = timefmt.parse_ahead(until, now, ZoneInfo(plan.zone))
    if ends_at - now > LONGEST:
        raise InvalidValueError("a silence lasts a year at most")
    if not why.strip():
        raise InvalidValueError("say why: the reason stands beside all that it keeps back")
    return NewSilence(
        created_at=now, ends_at=ends_at, author=author, why=why, rule_id=rule, source_id=source, tag=tag, word=word
    )
