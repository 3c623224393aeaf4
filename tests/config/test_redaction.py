"""Lines of files are shown without their secrets, each letter in its column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.redaction import redact


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
        ("config/monitor.yaml", """{password: "an owner's words"}""", '{password: "****************"}'),
        ("config/monitor.yaml", """password: 'so "called" words'""", "password: '*****************'"),
        ("config/monitor.yaml", """password: it's mine""", "password: *********"),
        ("config/monitor.yaml", r'password: "a\"b, c" # mine', 'password: "*******" # mine'),
        ("config/monitor.yaml", 'password: "${PASSWORD}"', 'password: "${PASSWORD}"'),
        ("config/channels.yaml", "hmac_secret: two words", "hmac_secret: *********"),
        ("config/channels.yaml", "hmac_secret_file: key.txt", "hmac_secret_file: key.txt"),
        ("config/channels.yaml", "  Authorization: Bearer tok-1", "  Authorization: ************"),
        ("config/channels.yaml", 'headers: {X-Key: a b, "Cookie": "c=1"}', 'headers: {X-Key: ***, "Cookie": "***"}'),
        ("config/channels.yaml", "  Ticket: Basic dTpw", "  Ticket: Basic ****"),
        ("config/channels.yaml", 'X-Key: "${TOKEN}"', 'X-Key: "${TOKEN}"'),
        ("config/channels.yaml", 'secret: "${MONITOR_WEBHOOK_SECRET:-}"', 'secret: "${MONITOR_WEBHOOK_SECRET:-}"'),
        ("config/channels.yaml", 'url: "${MONITOR_WEBHOOK_URL}"', 'url: "${MONITOR_WEBHOOK_URL}"'),
        ("config/monitor.yaml", "database: postgresql://me:pw@db/x", "database: postgresql://*****@db/x"),
        ("config/sources.yaml", "url: [https://news.example/list]", "url: [https://news.example/list]"),
        ("config/rules.yaml", "match: 비밀 AND token", "match: 비밀 AND token"),
        ("config/channels.yaml", "url: slack://T0K/B1", "url: slack://******"),
        ("config/channels.yaml", "{url: 'pover://me@T0K', x: 1}", "{url: 'pover://******', x: 1}"),
        ("config/channels.yaml", "url: smtps://me:pw@mail.example:465", "url: smtps://*****@mail.example:465"),
        ("config/channels.yaml", "client_secret: abc", "client_secret: ***"),
        ("config/channels.yaml", "hmac_secret: 'abc'", "hmac_secret: '***'"),
        ("config/channels.yaml", "private_key: abc", "private_key: ***"),
        ("config/channels.yaml", "private_key_file: a.pem", "private_key_file: a.pem"),
    ],
)
def test_secrets_are_covered_and_nothing_else(file: str, line: str, shown: str) -> None:
    assert redact(line, file) == shown


@given(st.text(), st.sampled_from(["config/channels.yaml", "config/rules.yaml"]))
def test_columns_stay_where_they_are(line: str, file: str) -> None:
    assert len(redact(line, file)) == len(line)


@given(st.text("abcXYZ019+/", min_size=1))
def test_no_signing_key_is_ever_shown(key: str) -> None:
    assert f"whsec_{key}" not in redact(f"  secret: whsec_{key}", "config/rules.yaml")
