"""What one attempt means for its message, and for its channel."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.delivery import AttemptResult, Delivery, DeliveryState, FailureStreak, Outcome, Verdict
from monitor.pipeline.attempt import (
    REFUSED_ALONE,
    REFUSED_ATTEMPTS,
    REFUSED_FOR,
    REFUSED_MESSAGES,
    SILENT_FOR,
    attempt_result,
)
from monitor.schedule.backoff import PROBE
from tests.pipeline.app import DESK, START

DELIVERY = Delivery("id", "desk", 1, b"{}", 1, "me", START)
OK, BUSY, AWAY = (Verdict.DELIVERED, 200), (Verdict.RETRY, 503), (Verdict.RETRY, None)
NOT_FOUND, FORBIDDEN, GONE = (Verdict.REJECTED, 404), (Verdict.REJECTED, 403), (Verdict.CHANNEL_GONE, 410)


def outcome(verdict: Verdict, status: int | None, retry_after: float | None = None) -> Outcome:
    return Outcome(verdict, status, str(status), 3.0, retry_after)


@dataclass
class Line:
    """One channel's messages under the rules of attempts alone: no store, a clock that jumps to the next try."""

    count: int
    waiting: list[int] = field(default_factory=list)
    attempts: dict[int, int] = field(default_factory=dict)
    first: dict[int, timedelta] = field(default_factory=dict)
    given_up: list[int] = field(default_factory=list)
    dead: set[int] = field(default_factory=set)
    taken: list[int] = field(default_factory=list)
    streak: FailureStreak = field(default_factory=FailureStreak)
    at: timedelta = timedelta()
    shut: bool = False

    def __post_init__(self) -> None:
        self.waiting = list(range(1, self.count + 1))

    def answer(self, verdict: Verdict, status: int | None) -> AttemptResult:
        """Try the first message that waits; the clock stands at its next try then."""
        seq = min(self.waiting)
        self.attempts[seq] = self.attempts.get(seq, 0) + 1
        held = replace(
            DELIVERY,
            seq=seq,
            attempt=self.attempts[seq],
            streak=self.streak,
            first_attempt_at=START + self.first[seq] if seq in self.first else None,
            followed=len(self.waiting) > 1,
            failed=seq in self.first,
        )
        self.first.setdefault(seq, self.at)
        result = attempt_result(held, outcome(verdict, status), DESK, START + self.at, 0.5)
        self.streak = result.streak
        if result.state is not DeliveryState.PENDING:
            self.waiting.remove(seq)
        self.given_up += [seq] if result.state is DeliveryState.DEAD else []
        (self.taken.append if result.state is DeliveryState.DONE else self.dead.add)(
            seq
        ) if seq not in self.waiting else None
        if result.revive is not None:
            again = {
                one
                for one in self.dead
                if one >= result.revive.first and not (result.revive.once and self.given_up.count(one) > 1)
            }
            self.dead -= again
            self.waiting += again
        self.shut = result.shut is not None
        if result.due_at is not None:
            self.at = result.due_at - START
        return result


def test_one_404_shuts_nothing_and_loses_nothing() -> None:
    line = Line(2)
    line.answer(*NOT_FOUND)
    line.answer(*OK)
    assert (line.taken, line.shut, line.streak) == ([1], False, FailureStreak())


@pytest.mark.parametrize(
    "refusal", [NOT_FOUND, FORBIDDEN, (Verdict.REJECTED, 400), (Verdict.REJECTED, 302), (Verdict.REJECTED, 200)]
)
def test_what_a_receiver_refuses_in_one_way_for_an_hour_shuts_it_and_nothing_dies(refusal: tuple[Verdict, int]) -> None:
    line = Line(9)
    while not line.shut:
        assert line.at < REFUSED_FOR + timedelta(seconds=2 * PROBE)
        line.answer(*refusal)
    assert line.at >= REFUSED_FOR
    assert (sorted(line.waiting), line.dead) == (list(range(1, 10)), set())


def test_two_messages_that_are_refused_shut_nothing_however_long() -> None:
    line = Line(2)
    for _ in range(REFUSED_ATTEMPTS):
        line.answer(*NOT_FOUND)
    line.at += timedelta(days=2)
    while line.waiting:
        assert line.answer(*NOT_FOUND).shut is None
    assert line.dead == {1, 2}


def test_another_refusal_begins_the_hour_anew() -> None:
    line = Line(4)
    while line.streak.refused < REFUSED_MESSAGES or line.at < REFUSED_FOR * 0.9:
        line.answer(*NOT_FOUND)
    changed = line.at
    while not line.shut:
        line.answer(*FORBIDDEN)
    assert line.at - changed >= REFUSED_FOR
    assert sorted(line.waiting) == [1, 2, 3, 4]


@pytest.mark.parametrize(("between", "anew"), [(BUSY, True), (AWAY, False)])
def test_a_busy_server_begins_the_hour_anew_and_a_line_that_is_down_says_nothing(
    between: tuple[Verdict, int | None],
    anew: bool,  # noqa: FBT001 - a row of the table
) -> None:
    line = Line(4)
    while line.streak.refused < REFUSED_MESSAGES or line.at < REFUSED_FOR:
        assert line.answer(*NOT_FOUND).shut is None
        if line.streak.refused >= REFUSED_MESSAGES and line.at >= REFUSED_FOR * 0.9:
            break
    line.answer(*between)
    line.at += REFUSED_FOR
    assert (line.answer(*NOT_FOUND).shut is None) is anew


def test_a_receiver_that_is_away_loses_nothing_and_is_asked_every_five_minutes() -> None:
    line, asked = Line(3), []
    while line.at < timedelta(hours=72):
        before = line.at
        line.answer(*AWAY)
        asked.append((line.at - before).total_seconds())
    assert max(asked) <= PROBE
    assert min(asked[3:]) >= PROBE * 0.9
    while line.waiting:
        line.answer(*OK)
    assert line.taken == [1, 2, 3]


def test_a_receiver_that_takes_nothing_for_five_days_is_given_up_and_its_messages_are_not() -> None:
    line = Line(2)
    while not line.shut:
        assert line.at < SILENT_FOR + timedelta(seconds=PROBE)
        line.answer(*BUSY)
    assert line.at >= SILENT_FOR
    assert sorted(line.waiting) == [1, 2]


@pytest.mark.parametrize("answer", [BUSY, AWAY, NOT_FOUND, FORBIDDEN])
@pytest.mark.parametrize("idle", [timedelta(days=5), timedelta(days=40)])
def test_a_message_that_was_refused_long_ago_shuts_nothing_for_the_next_one(
    answer: tuple[Verdict, int | None], idle: timedelta
) -> None:
    line = Line(1)
    while line.waiting:
        line.answer(*FORBIDDEN)
    line.at += idle
    line.waiting = [2]
    for _ in range(12):
        assert line.answer(*answer).shut is None
    line.answer(*OK)
    assert line.taken[0] == 2


@pytest.mark.parametrize("answer", [BUSY, AWAY])
@pytest.mark.parametrize("tried", [1, 2, 12])
def test_days_in_which_nothing_ran_are_no_days_of_a_receiver_that_took_nothing(
    answer: tuple[Verdict, int | None], tried: int
) -> None:
    line = Line(2)
    for _ in range(tried):
        line.answer(*answer)
    line.at += timedelta(days=9)
    for _ in range(5):
        assert line.answer(*answer).shut is None


@pytest.mark.parametrize("before", [2, 9, 400])
@pytest.mark.parametrize("down", [BUSY, AWAY])
@pytest.mark.parametrize("refusal", [NOT_FOUND, FORBIDDEN, (Verdict.REJECTED, 302)])
def test_one_refusal_after_an_outage_sets_nothing_aside(
    before: int, down: tuple[Verdict, int | None], refusal: tuple[Verdict, int]
) -> None:
    line = Line(3)
    for _ in range(before):
        line.answer(*down)
    line.answer(*refusal)
    assert not line.dead
    for _ in range(3):
        line.answer(*OK)
    assert line.taken == [1, 2, 3]


@pytest.mark.parametrize("attempt", [REFUSED_ATTEMPTS, REFUSED_ATTEMPTS + 1, 40])
@pytest.mark.parametrize("followed", [True, False])
@pytest.mark.parametrize("refusal", [NOT_FOUND, FORBIDDEN])
def test_one_refusal_after_attempts_in_which_the_daemon_was_killed_sets_nothing_aside(
    refusal: tuple[Verdict, int],
    attempt: int,
    followed: bool,  # noqa: FBT001 - a row of the table
) -> None:
    held = replace(DELIVERY, attempt=attempt, first_attempt_at=START, followed=followed)
    assert attempt_result(held, outcome(*refusal), DESK, START, 0.5).state is DeliveryState.PENDING


@pytest.mark.parametrize("before", [0, 9, 400])
def test_what_is_set_aside_goes_once_more_however_often_it_was_tried_before(before: int) -> None:
    line = Line(2)
    for _ in range(before):
        line.answer(*AWAY)
    while 1 in line.waiting:
        line.answer(*NOT_FOUND)
    line.answer(*OK)
    assert (line.taken, line.waiting) == ([2], [1])
    line.answer(*NOT_FOUND)
    assert line.dead == {1}, "and not again and again"


def test_the_operator_reads_for_how_long_nothing_was_taken_though_the_last_answer_was_another() -> None:
    line = Line(2)
    while line.at < SILENT_FOR:
        line.answer(*AWAY)
    shut = line.answer(*NOT_FOUND).shut
    assert shut is not None
    assert "has taken nothing for 5 days" in shut.summary.en


def test_410_shuts_at_once_and_the_message_waits() -> None:
    line = Line(2)
    result = line.answer(*GONE)
    assert result.shut is not None
    assert result.shut.type == "channel.disabled"
    assert "monitor channels open desk" in result.shut.action.en
    assert "410" in result.shut.summary.ko
    assert sorted(line.waiting) == [1, 2]


@pytest.mark.parametrize("asked", [1.0, 60.0, 3600.0, 80_000.0])
@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
@pytest.mark.parametrize("attempt", [1, 3, 4, 900])
def test_no_attempt_before_the_receiver_asked_for_it(asked: float, chance: float, attempt: int) -> None:
    held = replace(DELIVERY, attempt=attempt)
    result = attempt_result(held, outcome(Verdict.RETRY, 429, asked), DESK, START, chance)
    assert result.due_at is not None
    assert result.due_at >= START + timedelta(seconds=asked)


@given(st.lists(st.sampled_from([OK, BUSY, AWAY, NOT_FOUND, FORBIDDEN]), max_size=60))
def test_whatever_a_receiver_answers_each_message_waits_was_taken_or_was_refused_again_and_again(
    answers: list[tuple[Verdict, int | None]],
) -> None:
    line, refusals = Line(5), dict.fromkeys(range(1, 6), 0)
    for verdict, status in answers:
        if not line.waiting or line.shut:
            break
        refusals[min(line.waiting)] += verdict is Verdict.REJECTED
        line.answer(verdict, status)
    assert sorted([*line.waiting, *line.taken, *line.dead]) == [1, 2, 3, 4, 5]
    assert all(refusals[seq] >= 1 and line.attempts[seq] >= REFUSED_ATTEMPTS for seq in line.dead)


@pytest.mark.parametrize("refusal", [NOT_FOUND, FORBIDDEN, (Verdict.REJECTED, 400)])
@pytest.mark.parametrize("attempt", [REFUSED_ATTEMPTS, REFUSED_ATTEMPTS + 1, 40])
def test_a_message_that_nobody_waits_behind_is_tried_for_a_day(refusal: tuple[Verdict, int], attempt: int) -> None:
    failing = FailureStreak(since=START, refused=1, refused_from=1, refused_status=refusal[1], refused_since=START)
    alone = replace(DELIVERY, attempt=attempt, streak=failing, first_attempt_at=START, followed=False)

    def at(since: timedelta, held: Delivery = alone) -> AttemptResult:
        return attempt_result(held, outcome(*refusal), DESK, START + since, 0.5)

    waits = at(REFUSED_ALONE - timedelta(seconds=1))
    assert waits.state is DeliveryState.PENDING
    assert waits.due_at is not None
    assert waits.due_at <= START + REFUSED_ALONE + timedelta(seconds=PROBE)
    assert at(REFUSED_ALONE).state is DeliveryState.DEAD
    assert at(timedelta(minutes=3), replace(alone, followed=True)).state is DeliveryState.DEAD, "others wait for it"
    well = replace(alone, streak=FailureStreak(), failed=True)
    assert at(timedelta(minutes=3), well).state is DeliveryState.DEAD, "its receiver takes others"
