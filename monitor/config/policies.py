"""What a channel says of when and how it is told -> its NotifyPolicy, and what in that cannot be meant. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.config.parts import ChannelPart, GroupPart, QuietPart, ThrottlePart
from monitor.config.places import Spot
from monitor.model.errors import ConfigProblem
from monitor.model.policy import Grouping, NotifyPolicy, QuietHours, Throttle

STORM = 20  # notifications of a rule in ten minutes, where people read them
TOGETHER = 500  # notifications in one message for people: they are shown headlines
CODE = "CFG043"


def policy(part: ChannelPart, *, for_people: bool) -> NotifyPolicy:
    """Return the policy of a channel; `for_people`: its messages are read, not processed."""
    defaults = NotifyPolicy()
    storm = STORM if for_people else 0
    return NotifyPolicy(
        per=part.per or ("article" if for_people else "hit"),
        group=_grouping(part.group),
        digest=part.digest,
        throttle=_throttle(part.throttle),
        quiet=_quiet(part.quiet_hours),
        storm=storm if part.storm is None else part.storm,
        most=TOGETHER if for_people else defaults.most,
        repeat=part.repeat or 0.0,
    )


def halves(part: ChannelPart, spot: Spot) -> Iterator[ConfigProblem]:
    """Complain of keys that only mean something together."""
    throttle, quiet = part.throttle, part.quiet_hours
    if (throttle.most is None) is not (throttle.per is None):
        hint = "as in throttle: {most: 20, per: 1h}"
        yield spot.problem(("throttle",), "`throttle` needs both `most` and `per`", hint, CODE)
    if (quiet.start is None) is not (quiet.end is None):
        hint = 'as in quiet_hours: {from: "22:00", to: "07:00"}'
        yield spot.problem(("quiet_hours",), "`quiet_hours` needs both `from` and `to`", hint, CODE)
    elif quiet.start is not None and quiet.start == quiet.end:
        hint = "name whole days in `days`; to be told nothing at all, write enabled: false"
        yield spot.problem(("quiet_hours",), "`quiet_hours` begin when they end", hint, CODE)
    if part.digest and (part.group.wait or part.group.interval):
        yield spot.problem(("group",), "`group` has no part in a channel with a `digest`", "delete one of them", CODE)


def _grouping(part: GroupPart) -> Grouping | None:
    if part.wait is None and part.interval is None:
        return None
    wait = 0.0 if part.wait is None else part.wait
    return Grouping(wait, wait if part.interval is None else part.interval, part.by)


def _throttle(part: ThrottlePart) -> Throttle | None:
    return None if part.most is None or part.per is None else Throttle(part.most, part.per)


def _quiet(part: QuietPart) -> QuietHours | None:
    if part.start is None and not part.days and not part.holidays:
        return None
    return QuietHours(part.start, part.end, tuple(sorted(set(part.days))), part.holidays, part.let_through or "")
