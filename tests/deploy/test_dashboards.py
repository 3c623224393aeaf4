"""The dashboard and the alert rules ask for figures that there are, under labels that they have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.service.metrics import Figures

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "docs" / "prometheus" / "alerts.yaml"
BOARD = ROOT / "docs" / "grafana" / "monitor.json"
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",), "info": ("_info",)}
THEIRS = {"up": {"job"}}  # of Prometheus itself


@cache
def known() -> dict[str, set[str]]:
    """Return the labels of every figure by its name in a query."""
    found = {name: set(labels) for name, labels in THEIRS.items()}
    for family, metric in zip(Figures().registry.collect(), _metrics(), strict=True):
        for suffix in SUFFIXES[family.type]:
            found[family.name + suffix] = {*metric._labelnames, *({"le"} if suffix == "_bucket" else ())}
    found["monitor_build_info"] |= {"version", "python"}
    return found


def _metrics() -> list[Any]:
    """Return the figures as the library has them, in the order of its registry."""
    return list(Figures().registry._collector_to_names)


def rules() -> list[dict[str, Any]]:
    """Return every alert rule."""
    read = yaml.safe_load(RULES.read_text("utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def expressions() -> Iterator[str]:
    """Yield every query of both files."""
    yield from (rule["expr"] for rule in rules())
    board = json.loads(BOARD.read_text("utf-8"))
    yield from (target["expr"] for panel in board["panels"] for target in panel["targets"])
    yield from (one["expr"] for one in board["annotations"]["list"])


@pytest.mark.parametrize("expression", list(expressions()))
def test_a_query_asks_for_what_there_is(expression: str) -> None:
    assert expression.count("(") == expression.count(")")
    names = re.findall(r"\b(?:monitor_\w+|up)\b", expression)
    assert names
    assert set(names) <= known().keys()
    labels = {label for inner in re.findall(r"\{([^}]*)\}", expression) for label in re.findall(r"(\w+)\s*[=!]", inner)}
    labels |= {label for inner in re.findall(r"\bby \(([^)]*)\)", expression) for label in re.split(r",\s*", inner)}
    assert labels <= set().union(*(known()[name] for name in names))


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["alert"]))
def test_a_rule_has_what_prometheus_takes_and_says_what_to_do(rule: dict[str, Any]) -> None:
    assert rule.keys() <= {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "1m"))
    assert rule["labels"]["severity"] in {"warning", "critical"}
    assert rule["annotations"].keys() == {"summary", "action"}
    named = set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
    shown = re.findall(r"\b(?:monitor_\w+)\b", rule["expr"])
    assert named <= set().union(*(known()[name] for name in shown), set())


def test_every_figure_is_on_the_dashboard_or_in_an_alert_or_is_a_detail_of_one() -> None:
    asked = {name for expression in expressions() for name in re.findall(r"\bmonitor_\w+", expression)}
    details = {
        "entries",
        "poll_seconds",
        "articles_failed",
        "articles_changed",
        "counts_told",
        "alarms",
        "delivery_seconds",
    }
    unseen = {
        family.name for family in Figures().registry.collect() if not any(one.startswith(family.name) for one in asked)
    }
    assert unseen <= {f"monitor_{name}" for name in details}
