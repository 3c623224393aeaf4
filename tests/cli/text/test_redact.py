"""Secrets that were typed into a file are not printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.text.redact import masked


@pytest.mark.parametrize(
    ("file", "line", "shown"),
    [
        ("config/channels.yaml", "secret: whsec_MfKQ9r8=", "secret: **************"),
        (
            "config/channels.yaml",
            "- {id: desk, secret: abc, kind: webhook}",
            "- {id: desk, secret: ***, kind: webhook}",
        ),
        ("config/channels.yaml", 'secret: "short"', 'secret: "*****"'),
        ("config/channels.yaml", "secrets: [one, 'two']", "secrets: [***, 'two']"),
        ("config/channels.yaml", "url: https://hooks.example/T0/B1 # desk", "url: https://hooks.example****** # desk"),
        ("config/channels.d/a.yaml", "  - AbCdEfGhIjKlMnOpQr==", "  - ********************"),
        ("config/channels.yaml", 'secret: "${MONITOR_WEBHOOK_SECRET:-}"', 'secret: "${MONITOR_WEBHOOK_SECRET:-}"'),
        ("config/channels.yaml", 'url: "${MONITOR_WEBHOOK_URL}"', 'url: "${MONITOR_WEBHOOK_URL}"'),
        ("config/monitor.yaml", "database: postgresql://me:pw@db/x", "database: postgresql://*****@db/x"),
        ("config/sources.yaml", "url: [https://news.example/list]", "url: [https://news.example/list]"),
        ("config/rules.yaml", "match: 비밀 AND token", "match: 비밀 AND token"),
    ],
)
def test_secrets_are_covered_and_nothing_else(file: str, line: str, shown: str) -> None:
    assert masked(line, file) == shown


@given(st.text(), st.sampled_from(["config/channels.yaml", "config/rules.yaml"]))
def test_columns_stay_where_they_are(line: str, file: str) -> None:
    assert len(masked(line, file)) == len(line)


@given(st.text("abcXYZ019+/", min_size=1))
def test_no_signing_key_is_ever_shown(key: str) -> None:
    assert f"whsec_{key}" not in masked(f"  secret: whsec_{key}", "config/rules.yaml")
