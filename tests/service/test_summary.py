"""What many events come to is said once, and only when it is true."""

from __future__ import annotations

import pytest

from monitor.model.event import Event, HitStored, Polled, PollFailed
from monitor.service.summary import ALIKE_LEAST, Alike, FirstPolls, Line


def polled(source: str) -> Polled:
    return Polled(source, 20, 0, 0, 0, 1.0)


def failed(source: str, cause: str = "dns") -> PollFailed:
    return PollFailed(source, f"{cause}: no detail", 1, 60.0, cause)


def hit(suppressed_as: str = "") -> HitStored:
    return HitStored("a", "openai", "https://x.example/1", "오픈AI", 1, suppressed_as)


def first_polls(*events: Event, sources: tuple[str, ...] = ("a", "b")) -> list[Line]:
    look = FirstPolls(sources)
    return [line for line in map(look.take, events) if line is not None]


@pytest.mark.parametrize(
    ("hits", "summary"),
    [
        ([], "no hits stored"),
        ([""], "1 hit stored, 1 sent"),
        (["baseline"] * 24, "24 hits stored, none sent: they were there before"),
        (["", "baseline", "baseline"], "3 hits stored, 1 sent: they were there before"),
        (
            ["not_configured", "baseline", "baseline"],
            "3 hits stored, none sent: they were there before, a channel has no address",
        ),
        (["silenced"], "1 hit stored, none sent: somebody asked for silence"),
        (["no_channel"], "1 hit stored, none sent: no channel is to hear of it"),
    ],
)
def test_the_first_poll_at_all_sources_is_summed_up(hits: list[str], summary: str) -> None:
    (line,) = first_polls(*map(hit, hits), polled("a"), failed("b"))
    assert line == Line("first_polls", {"summary": summary, "sources": 2, "failed": 1})


def test_it_waits_for_every_source_and_is_said_once() -> None:
    assert first_polls(polled("a"), polled("a"), polled("other")) == []
    assert len(first_polls(polled("a"), polled("b"), polled("a"), polled("b"))) == 1
    assert first_polls(polled("a"), sources=()) == []


@pytest.mark.parametrize(
    ("cause", "asked"), [("proxy", "is the proxy up"), ("tls", "`ca_file` of fetch:"), ("connect", "on the network")]
)
def test_what_all_fail_of_is_asked_about_by_name(cause: str, asked: str) -> None:
    alike = Alike(18)
    said = [line for number in range(18) if (line := alike.take(failed(f"s{number}", cause)))]
    assert asked in str(said[0].fields["action"])


def test_many_sources_that_fail_alike_are_one_line() -> None:
    alike = Alike(18)
    lines = [alike.take(failed(f"s{number}")) for number in range(18)]
    said = [line for line in lines if line]
    assert len(said) == 1
    assert lines.index(said[0]) == 8, "half of them"
    assert said[0].warning
    assert said[0].fields["problem"] == "9 of 18 sources fail alike (dns)"
    assert "is this machine on the network" in str(said[0].fields["action"])
    assert alike.covers(failed("s17"))
    assert not alike.covers(failed("s17", "status"))
    assert not alike.covers(polled("s17"))


def test_a_few_sources_that_fail_are_told_each_for_itself() -> None:
    alike = Alike(ALIKE_LEAST)
    assert [alike.take(failed(f"s{number}")) for number in range(ALIKE_LEAST - 1)] == [None] * (ALIKE_LEAST - 1)
    different = Alike(10)
    causes = ["dns", "status", "content", "robots"] * 2
    assert not any(different.take(failed(f"s{number}", cause)) for number, cause in enumerate(causes))


def test_it_is_said_again_after_most_of_them_answered() -> None:
    alike = Alike(6)
    assert sum(alike.take(failed(f"s{number}")) is not None for number in range(6)) == 1
    for number in range(4):
        assert alike.take(polled(f"s{number}")) is None
    assert not alike.covers(failed("s5"))
    assert sum(alike.take(failed(f"s{number}")) is not None for number in range(6)) == 1


def test_another_cause_is_another_line() -> None:
    alike = Alike(6)
    for number in range(6):
        alike.take(failed(f"s{number}"))
    lines = [alike.take(failed(f"s{number}", "status")) for number in range(6)]
    (line,) = filter(None, lines)
    assert line.fields["problem"] == "5 of 6 sources fail alike (status)"
    assert "monitor sources" in str(line.fields["action"])
