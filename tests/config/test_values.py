"""Types of values: what is taken, what is refused, and that no refusal quotes the value."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_network

import pytest
from pydantic_core import PydanticCustomError

from monitor.config import values
from monitor.config.documents import Unquoted
from monitor.config.values import cadence, whole
from monitor.model.errors import InvalidValueError
from monitor.model.plan import Adaptive, Cron, Interval


@pytest.mark.parametrize(
    ("text", "cadence"),
    [
        ("30s", Interval(30.0)),
        ("100ms", Interval(0.1)),
        ("31d", Interval(31 * 86_400.0)),
        ('cron "*/5 * * * *"', Cron("*/5 * * * *")),
        ("cron '0 9 * * mon-fri'", Cron("0 9 * * mon-fri")),
        ("cron 0 9 * * 1", Cron("0 9 * * 1")),
        ('  cron   " 0 9 * * 1 "  ', Cron("0 9 * * 1")),
    ],
)
def test_cadences(text: str, cadence: Interval | Cron) -> None:
    if text.startswith(" "):
        text = text.strip()
    assert values.cadence(text) == cadence


@pytest.mark.parametrize(
    "text", ["", "0s", "99ms", "32d", "5", "cron", "cron * * *", 'cron "* * * * *', "@daily", "daily"]
)
def test_other_cadences_are_refused(text: str) -> None:
    with pytest.raises(InvalidValueError, match="must be"):
        values.cadence(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example",
        "http://a.example:8080/x?y=z#w",
        "https://user:pw@a.example/",
        "http://[::1]:9000/",
        "https://신문.example/기사",
        "HTTPS://a.example/",
    ],
)
def test_web_urls(text: str) -> None:
    assert values.web_url(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a.example",
        "//a.example",
        "ftp://a.example",
        "https://",
        "https:///x",
        "https://a b/",
        "https://a.example/\n",
        "http://a:99999/",
        "http://a:0/",
        "http://[::1/",
        "http://a\\b/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://:80/",
    ],
)
def test_other_urls_are_refused(text: str) -> None:
    with pytest.raises(InvalidValueError, match="must be a URL"):
        values.web_url(text)


@pytest.mark.parametrize(
    "text", ["sqlite:///a.db", "sqlite:////srv/a.db", "postgresql://u:p@h/d", "postgresql+psycopg://h/d"]
)
def test_database_urls(text: str) -> None:
    assert values.database_url(text) == text


@pytest.mark.parametrize(
    "text", ["", "sqlite://", "sqlite:///", "a.db", "mysql://h/d", "postgresql://", "postgresql+asyncpg://h/d"]
)
def test_other_databases_are_refused(text: str) -> None:
    with pytest.raises(InvalidValueError, match="must be sqlite"):
        values.database_url(text)


@pytest.mark.parametrize("text", ["Asia/Seoul", "UTC", "America/Argentina/Buenos_Aires"])
def test_zones(text: str) -> None:
    assert values.zone_name(text) == text


@pytest.mark.parametrize(
    "text", ["", "Asia", "Asia/Soul", "../../etc/passwd", "/etc/localtime", "KST+9:xx", "\0", "a" * 300]
)
def test_other_zones_are_refused(text: str) -> None:
    with pytest.raises(InvalidValueError, match="IANA"):
        values.zone_name(text)


def test_networks() -> None:
    assert values.network("10.0.0.0/8") == ip_network("10.0.0.0/8")
    assert values.network("fd00::/8") == ip_network("fd00::/8")
    assert values.network("127.0.0.1") == ip_network("127.0.0.1/32")


@pytest.mark.parametrize("text", ["", "10.0.0.1/8", "10.0.0.0/33", "host.example", "*", "10.0.0.0-10.0.0.9"])
def test_other_networks_are_refused(text: str) -> None:
    with pytest.raises(InvalidValueError, match="without host bits"):
        values.network(text)


@pytest.mark.parametrize("text", ["", "   ", "한국", "bot\r\nX-Evil: 1", "bot\t1"])
def test_user_agents_cannot_carry_more_headers(text: str) -> None:
    with pytest.raises(InvalidValueError, match="printable ASCII"):
        values.agent(text)


def test_user_agents() -> None:
    assert values.agent("monitor/0.1 (+https://a.example)") == "monitor/0.1 (+https://a.example)"


@pytest.mark.parametrize(
    ("value", "result"),
    [("true", True), ("false", False), (True, True), ("yes", "yes"), (None, None), (["true"], ["true"])],
)
def test_a_switch_may_come_from_a_variable(value: object, result: object) -> None:
    assert values.switch(value) == result


def test_empty_text_may_pass_and_other_text_is_still_read() -> None:
    read = values.empty_or(values.web_url)
    assert read("") == ""
    with pytest.raises(InvalidValueError, match="must be a URL"):
        read("x")


@pytest.mark.parametrize(
    "read", [values.cadence, values.web_url, values.zone_name, values.database_url, values.network]
)
def test_no_refusal_quotes_the_value(read: Callable[[str], object]) -> None:
    with pytest.raises(InvalidValueError, match="must") as caught:
        read("hunter2 hunter2")
    assert "hunter2" not in str(caught.value)


def test_adaptive_is_a_cadence() -> None:
    assert cadence("adaptive") == cadence(" adaptive ") == Adaptive()


@pytest.mark.parametrize("value", [Unquoted("number", "5000"), "5000", 5000])
def test_whole_numbers_stand_bare_or_in_a_variable(value: object) -> None:
    assert whole(value) == 5000


@pytest.mark.parametrize(
    "value", [Unquoted("number", "1.5"), Unquoted("date", "2026-01-01"), "-1", "1" * 10, True, None, "٣"]
)
def test_other_numbers_are_refused(value: object) -> None:
    with pytest.raises(PydanticCustomError):
        whole(value)
