"""What happens is counted, under labels that the configuration bounds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from monitor.match.ruleset import RuleSet, compile_rules
from monitor.model.event import Delivered, DeliveryFailed, EntryFailed, Event, HitStored, Polled, PollFailed
from monitor.model.plan import Channel, Plan
from monitor.service.metrics import OTHER, Metrics
from monitor.service.reading import Reading
from tests.contracts.conftest import factory, postgres_factory, sqlite_factory, url
from tests.contracts.invented import NOW

__all__ = ["factory", "postgres_factory", "sqlite_factory", "url"]


class Fixed:
    """A plan in force with one channel."""

    def __init__(self) -> None:
        self.plan = replace(Plan("v1"), channels=(Channel("desk", "webhook", "https://h.example/"),))

    def current(self) -> tuple[Plan, RuleSet]:
        return self.plan, compile_rules((), {})


class Later:
    """The present: a while after the tests' own moment."""

    def __call__(self) -> datetime:
        return NOW + timedelta(minutes=5)


@pytest.fixture
async def metrics(url: str) -> AsyncIterator[Metrics]:
    """Figures of a fresh database."""
    made = Metrics(plans=Fixed(), reading=Reading(url, threads=1), url=url, clock=Later())
    yield made
    await made.aclose()


def samples(text: bytes) -> dict[str, list[tuple[dict[str, str], float]]]:
    """Return every sample by its name."""
    found: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(text.decode("utf-8")):
        for sample in family.samples:
            found.setdefault(sample.name, []).append((dict(sample.labels), sample.value))
    return found


def invented() -> Iterator[Event]:
    """Yield events of names that no plan has."""
    for number in range(50):
        name = f"n{number}"
        yield Polled(name, 1, 1, 1, 1, 5.0)
        yield PollFailed(name, "e", 1, 1.0, f"cause-{number}")
        yield EntryFailed(name, f"https://x/{number}", f"reason-{number}", "", final=True)
        yield HitStored(name, name, f"https://x/{number}", "t", 1, name)
        yield Delivered(name, name, 1, 1, 5.0)
        yield DeliveryFailed(name, name, 1, f"detail {number}", 1.0, dead=number % 2 == 0)


async def test_the_labels_are_bounded_by_the_configuration(metrics: Metrics) -> None:
    for event in invented():
        metrics.report(event)
    found = samples(await metrics.text(1.0, 0.0))
    assert found["monitor_polls_total"] == [
        ({"source": OTHER, "outcome": "ok"}, 50),
        ({"source": OTHER, "outcome": OTHER}, 50),
    ]
    assert found["monitor_hits_total"] == [({"source": OTHER, "rule": OTHER, "reason": OTHER}, 50)]
    assert {(labels["outcome"], value) for labels, value in found["monitor_deliveries_total"]} == {
        ("done", 50), ("retry", 25), ("dead", 25),
    }  # fmt: skip
    assert all(len(values) < 60 for values in found.values())


async def test_what_the_plan_has_is_named(metrics: Metrics) -> None:
    metrics.report(Delivered("desk", "d", 1, 1, 250.0))
    found = samples(await metrics.text(1.0, 0.0))
    assert found["monitor_deliveries_total"] == [({"channel": "desk", "outcome": "done"}, 1)]
    assert found["monitor_delivery_seconds_sum"] == [({"channel": "desk"}, 0.25)]
    assert found["monitor_outbox_depth"] == [({"channel": "desk"}, 0)]
    assert found["monitor_scheduler_still_seconds"] == [({}, 1.0)]
    assert {labels["part"] for labels, value in found["monitor_database_bytes"] if value} >= {"database"}


async def test_a_database_that_does_not_answer_is_a_figure(tmp_path: object) -> None:
    url = f"sqlite:///{tmp_path}/none.db"
    made = Metrics(plans=Fixed(), reading=Reading(url), url=url, clock=Later())
    assert samples(await made.text(1.0, 0.0))["monitor_database_up"] == [({}, 0)]
    await made.aclose()


async def test_a_reload_that_is_refused_is_a_figure(metrics: Metrics) -> None:
    metrics.reloaded(taken=False)
    found = samples(await metrics.text(0.0, 0.0))
    assert found["monitor_reload_success"] == [({}, 0)]
    assert found["monitor_reload_timestamp_seconds"] == [({}, Later()().timestamp())]


async def test_requests_are_counted_by_the_template_of_their_route(metrics: Metrics) -> None:
    for number in range(100):
        metrics.answered("", f"VERB{number}", 404, 0.01)
    metrics.answered("/api/v1/hits/{id}", "GET", 200, 0.01)
    found = samples(await metrics.text(0.0, 0.0))["monitor_web_requests_total"]
    assert found == [
        ({"route": OTHER, "method": OTHER, "status": "404"}, 100),
        ({"route": "/api/v1/hits/{id}", "method": "GET", "status": "200"}, 1),
    ]


@settings(max_examples=5)
@given(st.lists(st.one_of(*(st.builds(kind) for kind in get_args(Event))), max_size=100))
def test_no_event_breaks_it(events: list[Event]) -> None:
    made = Metrics(plans=Fixed(), reading=Reading("sqlite:///none.db"), url="sqlite:///none.db", clock=Later())
    for event in events:
        made.report(event)
    assert len(list(made.figures.registry.collect())) > 20


def test_the_clock_of_the_tests_is_aware() -> None:
    assert Later()().tzinfo is UTC
