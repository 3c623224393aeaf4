"""Is no receiver asked again before the time it stated: `python -m tests.bench.throttles [--answers N] [--seed N]`.

N random answers (10,000) that ask for patience, each in a dialect of one kind of channel, are judged by the product and put
to its schedule, at a random attempt. The time that an answer states is known from how it was made, not from reading it:

  kept     the next try is due at the stated time or later, or after a day, which is the longest that anybody is waited for
  EARLY    it is due before that
  longest  how much later than stated, at most, where an hour or more was asked for: waits are not stretched

Nonsense (words, negative numbers, dates that are over) states nothing, and must neither raise nor hold a channel for ever.
Clocks: a server's clock is up to two hours away from ours; it says its own time in `Date`, or does not.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Final, TypeAlias

from monitor.channels.registry import CHANNEL_KINDS
from monitor.model.delivery import Delivery, DeliveryState, FailureStreak
from monitor.model.page import Response
from monitor.model.plan import Channel
from monitor.pipeline.attempt import attempt_result
from monitor.schedule.backoff import MAX_RETRY_AFTER, PROBE

NOW: Final = datetime(2026, 11, 24, 0, 30, 5, 120_999, tzinfo=UTC)
HUGE: Final = 10.0**12
NONSENSE: Final = (
    "",
    "soon",
    "-30",
    "nan",
    "1e9",
    "0x10",
    "١٢",
    "Tue, 99 Nov 2026 00:00:00 GMT",
    "later, please",
    "9" * 500,
)


@dataclass(frozen=True, slots=True)
class Throttled:
    """An answer that asks for patience. `stated` is the seconds for which it does, by our clock; None: it states nothing."""

    dialect: str
    kind: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    stated: float | None = None


Made: TypeAlias = Callable[[random.Random, float], Throttled]


def _header(name: str, kind: str, dialect: str, *, whole: bool) -> Made:
    def make(chance: random.Random, seconds: float) -> Throttled:
        asked = float(int(seconds)) if whole else round(seconds, 3)
        text = str(int(asked)) if whole else f"{asked:.3f}"
        # A quota's header comes with every response: only beside a throttle does it state a time.
        status = chance.choice((429, 503, 403) if name == "retry-after" else (429, 503))
        return Throttled(dialect, kind, status, {name: text}, b"slow down", asked)

    return make


def _date(form: str, dialect: str, *, says_its_time: bool) -> Made:
    """Make a moment by the server's clock. Where it does not say what that is, its clock is right."""

    def make(chance: random.Random, seconds: float) -> Throttled:
        away = timedelta(seconds=chance.randint(-7200, 7200)) if says_its_time else timedelta()
        there = (NOW + away).replace(microsecond=0)
        moment = there + timedelta(seconds=int(min(seconds, 10**9)))
        headers = {"retry-after": format_datetime(moment, usegmt=True) if form == "imf" else moment.strftime(form)}
        if says_its_time:
            headers["date"] = format_datetime(there, usegmt=True)
        stated = (moment - there if says_its_time else moment - NOW).total_seconds()
        return Throttled(dialect, "webhook", chance.choice((429, 503)), headers, b"", max(stated, 0.0))

    return make


def _json(kind: str, dialect: str, shape: Callable[[float], object]) -> Made:
    def make(chance: random.Random, seconds: float) -> Throttled:
        asked = round(seconds, chance.choice((0, 3)))
        return Throttled(dialect, kind, 429, {}, json.dumps(shape(asked)).encode(), asked)

    return make


def _both(chance: random.Random, seconds: float) -> Throttled:
    """A header and a body that disagree: whoever asks for more is meant."""
    more = seconds + chance.uniform(0, 30)
    first, second = chance.sample((seconds, more), 2)
    body = json.dumps({"message": "You are being rate limited.", "retry_after": second, "global": False}).encode()
    headers = {"retry-after": str(int(first)), "x-ratelimit-reset-after": f"{first:.3f}"}
    return Throttled("Discord, header and body", "discord", 429, headers, body, max(round(first, 3), second))


def _twice(chance: random.Random, seconds: float) -> Throttled:
    """Two lines of the header, as a relay in front of a throttled server adds its own."""
    whole = (int(seconds), int(seconds) + chance.randint(0, 60))
    joined = ", ".join(str(one) for one in chance.sample(whole, 2))
    return Throttled("two headers", "webhook", 429, {"retry-after": joined}, b"", float(max(whole)))


def _nonsense(chance: random.Random, _: float) -> Throttled:
    value = chance.choice(NONSENSE)
    body = chance.choice((b"", b"null", b"[1]", b'{"retry_after":-9}', b'{"retry_after":NaN}', b'{"retry_after":"x"}'))
    kind = chance.choice(("webhook", "discord", "telegram", "naverworks", "slack", "teams"))
    return Throttled("nonsense", kind, 429, {"retry-after": value, "ratelimit-reset": value}, body)


def _past(chance: random.Random, _: float) -> Throttled:
    moment = NOW - timedelta(seconds=chance.randint(1, 10**8))
    return Throttled(
        "a date that is over", "slack", 429, {"retry-after": format_datetime(moment, usegmt=True)}, b"", 0.0
    )


DIALECTS: Final[tuple[Made, ...]] = (
    _header("retry-after", "webhook", "Retry-After in seconds", whole=True),
    _header("retry-after", "slack", "Slack", whole=True),
    _header("retry-after", "teams", "Teams", whole=True),
    _header("retry-after", "ntfy", "Retry-After with a fraction", whole=False),
    _header("x-ratelimit-reset-after", "discord", "Discord, X-RateLimit-Reset-After", whole=False),
    _header("ratelimit-reset", "naverworks", "NAVER WORKS, ratelimit-reset", whole=True),
    _date("imf", "HTTP-date", says_its_time=False),
    _date("%A, %d-%b-%y %H:%M:%S GMT", "HTTP-date of RFC 850", says_its_time=False),
    _date("%a %b %e %H:%M:%S %Y", "HTTP-date of asctime", says_its_time=False),
    _date("imf", "HTTP-date, a clock that is wrong", says_its_time=True),
    _json("discord", "Discord, retry_after", lambda s: {"message": "rate limited", "retry_after": s, "global": True}),
    _json("telegram", "Telegram", lambda s: {"ok": False, "error_code": 429, "parameters": {"retry_after": s}}),
    _json("webhook", "a body's retry_after", lambda s: {"retry_after": s}),
    _both,
    _twice,
    _nonsense,
    _past,
)  # fmt: skip


def answer(chance: random.Random) -> Throttled:
    """Return an answer in a random dialect that asks for a random while: mostly minutes, at times nothing or an age."""
    usual = 10 ** chance.uniform(-1, 5)
    return chance.choice(DIALECTS)(chance, chance.choice((usual, usual, usual, 0.0, HUGE, MAX_RETRY_AFTER)))


def waited(said: Throttled, chance: random.Random) -> float | None:
    """Return the seconds until the product asks this receiver for anything again; None where it never would by itself."""
    channel = Channel("desk", said.kind, "https://hooks.example/desk")
    response = Response(channel.url, said.status, said.headers, said.body, 1.0)
    outcome = CHANNEL_KINDS[said.kind].judge(response, channel, NOW)
    attempt = chance.randint(1, 40)
    failing = FailureStreak() if attempt == 1 else FailureStreak(since=NOW - timedelta(hours=attempt / 12))
    delivery = replace(_DELIVERY, attempt=attempt, streak=failing)
    result = attempt_result(delivery, outcome, channel, NOW, chance.random())
    if result.state is not DeliveryState.PENDING:
        return 0.0  # the channel's next message is due at once
    return None if result.due_at is None else (result.due_at - NOW).total_seconds()


_DELIVERY: Final = Delivery("0193-delivery", "desk", 17, b"{}", 1, "me", NOW)


@dataclass(slots=True)
class Tally:
    """What became of the answers of one dialect. `longest` in seconds."""

    kept: int = 0
    early: int = 0
    longest: float = 0.0


def measure(count: int, seed: int) -> dict[str, Tally]:
    """Judge so many answers; return what became of each dialect's."""
    chance = random.Random(seed)
    tallies: dict[str, Tally] = {}
    for _ in range(count):
        said = answer(chance)
        tally = tallies.setdefault(said.dialect, Tally())
        seconds = waited(said, chance)
        if seconds is None or is_early(said, seconds):
            tally.early += 1
            continue
        tally.kept += 1
        tally.longest = max(tally.longest, seconds - min(max(said.stated or 0.0, PROBE), MAX_RETRY_AFTER))
    return tallies


def is_early(said: Throttled, seconds: float) -> bool:
    """Return whether a wait is shorter than stated, a day counting as the longest. Due times are kept in microseconds."""
    return seconds < min(said.stated or 0.0, MAX_RETRY_AFTER) - 2e-6


def main(arguments: list[str]) -> int:
    """Print what became of the answers; return 1 where a receiver would be asked too early."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--answers", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    tallies = measure(options.answers, options.seed)
    for dialect, tally in sorted(tallies.items()):
        print(f"{dialect:36} kept {tally.kept:6}   EARLY {tally.early:6}   longest {tally.longest:10.3f} s beyond")
    early = sum(tally.early for tally in tallies.values())
    print(
        f"{sum(Counter({d: t.kept + t.early for d, t in tallies.items()}).values())} answers, {early} asked too early"
    )
    return 1 if early else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
