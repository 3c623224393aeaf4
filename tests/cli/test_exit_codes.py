"""The product's own errors as a plain line and an exit code."""

from __future__ import annotations

import pytest

from monitor.cli.exit_codes import error_text, exit_code
from monitor.model.errors import (
    ConfigError,
    ConfigProblem,
    FetchError,
    FetchReason,
    LockHeldError,
    MonitorError,
    QueryError,
    SchemaError,
    StoreError,
)

PROBLEMS = (
    ConfigProblem("config/rules.yaml", 3, 5, "unknown key 'nmae'", "did you mean 'name'?", "CFG002"),
    ConfigProblem("config/channels.yaml", 0, 0, "cannot be read"),
)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError(PROBLEMS), 2),
        (QueryError("a adn b", 2, "no such operator"), 2),
        (LockHeldError("data/monitor.lock"), 75),
        (MonitorError("no"), 1),
        (StoreError("no"), 1),
        (SchemaError("no"), 76),
        (ConfigError((ConfigProblem("config", 0, 0, "no configuration in /etc/monitor", code="CFG001"),)), 78),
        (FetchError("https://x.example", FetchReason.TIMEOUT), 1),
        (PermissionError(13, "Permission denied", "data"), 1),
    ],
)
def test_every_error_has_its_code(error: Exception, code: int) -> None:
    assert exit_code(error) == code


def test_a_configuration_error_is_a_line_per_problem() -> None:
    assert error_text(ConfigError(PROBLEMS)).splitlines() == [
        "config/rules.yaml:3:5: unknown key 'nmae' (did you mean 'name'?)",
        "config/channels.yaml: cannot be read",
    ]


def test_other_errors_are_one_line_whatever_they_quote() -> None:
    error = FetchError("https://x.example/\x1b[2J", FetchReason.STATUS, "503\nService \u202eUnavailable", status=503)
    assert error_text(error) == "monitor: status: 503 Service Unavailable <https://x.example/[2J>"


def test_an_error_of_the_system_names_the_file() -> None:
    assert error_text(PermissionError(13, "Permission denied", "data")) == "monitor: Permission denied (data)"
    assert error_text(OSError("strange")) == "monitor: strange"
