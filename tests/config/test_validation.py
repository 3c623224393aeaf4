"""Complaints of the schema in words for people."""

from __future__ import annotations

import pytest

from monitor.config.documents import read
from monitor.config.parts import ChannelPart, MonitorPart, Part, RulePart, SourcePart
from monitor.config.shapes import Shape
from monitor.config.validation import fill, suggestion
from monitor.model.errors import ConfigProblem
from monitor.service.configuration import KNOWN_KINDS


def told(model: type[Part], text: str) -> list[ConfigProblem]:
    found = read(text.encode(), "f", {})
    assert found.problems == []
    kinds = {SourcePart: KNOWN_KINDS.sources, ChannelPart: KNOWN_KINDS.channels}.get(model, {})
    value, kind, strangers = (shape := Shape(model, kinds)).own(found.value, found.spot)
    return [*strangers, *fill(shape.model(kind), value, found.spot)[1]]


@pytest.mark.parametrize(
    ("model", "text", "said"),
    [
        (RulePart, "{match: a}", "f:1:1: `id` is missing"),
        (RulePart, "{id: a, match: [x]}", "f:1:16: `match` must be text, not a list"),
        (RulePart, "{id: a, match: [y]}", "f:1:16: `match` must be text, not a list"),
        (RulePart, "{id: a, match: ~}", "f:1:16: `match` has no value (give one, or delete the key)"),
        (RulePart, "{id: a, match: x, sources: {b: c}}", "f:1:28: `sources` must be a list, as in [a, b]"),
        (RulePart, "{id: a, match: x, sources: [~]}", "f:1:29: an item of `sources` has no value"),
        (RulePart, "{id: a, match: x, tests: [y]}", "f:1:26: `tests` must be a mapping of keys"),
        (RulePart, "{id: a, match: x, channels: [on]}", 'YAML takes on for a yes-or-no value (quote it: "on")'),
        (RulePart, "{id: a, match: 2026-01-01}", "YAML takes 2026-01-01 for a date value"),
        (RulePart, f"{{id: {'a' * 65}, match: x}}", "`id` must be 1 to 64 of a-z"),
        (
            RulePart,
            "{id: -a, match: x}",
            "`id` must be 1 to 64 of a-z, 0-9, - and _, the first a letter or digit; here stands '-a'",
        ),
        (RulePart, f"{{id: a, match: {'x' * 20_001}}}", "`match` is longer than 20000 characters"),
        (MonitorPart, "{web: {listn: x}}", "f:1:8: unknown key `listn` (did you mean listen?)"),
        (MonitorPart, "{first_run: never}", "must be one of: baseline, alert, ignore; here stands 'never'"),
        (
            ChannelPart,
            "{id: a, kind: webhok}",
            "; here stands 'webhok' (did you mean webhook?)",
        ),
        (SourcePart, "{id: a, kind: feed, every: 5m, url: []}", "f:1:37: `url` needs at least one item"),
        (SourcePart, "{id: a, kind: feed, every: 5m, url: 3}", "f:1:37: `url` must be a list"),
        (
            SourcePart,
            "{id: a, kind: feed, every: 5m, url: [x, 'https://b/']}",
            "f:1:38: an item of `url` must be a URL",
        ),
    ],
)
def test_each_complaint_says_what_where_and_how_to_mend_it(model: type[Part], text: str, said: str) -> None:
    (problem,) = told(model, text)
    assert said in str(problem)


@pytest.mark.parametrize("text", ["{id: a, kind: webhook, url: hunter2}", "{id: a, kind: webhook, secrets: [hunter2]}"])
def test_what_stands_in_confidential_places_is_not_quoted(text: str) -> None:
    (problem,) = told(ChannelPart, text)
    assert "hunter2" not in str(problem)


def test_good_parts_are_filled() -> None:
    found = read(b"{id: a, match: x, sources: press}", "f", {})
    part, problems = fill(RulePart, found.value, found.spot)
    assert problems == []
    assert part is not None
    assert (part.id, part.sources, part.tests.match) == ("a", ["press"], [])


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("chanels", ["channels", "sources"], "did you mean channels?"),
        ("x", ["b", "a"], "known: a, b"),
        ("x", [], ""),
        ("x", [f"name{n}" for n in range(13)], ""),
    ],
)
def test_suggestions(word: str, known: list[str], hint: str) -> None:
    assert suggestion(word, known) == hint
