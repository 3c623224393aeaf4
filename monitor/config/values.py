"""Types of configuration values: text to meaning, or a fault with a stable code. Pure.

No message quotes the value it refuses, because any value may be a secret; `explain` adds what was written where that is
harmless.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from ipaddress import ip_network
from typing import Annotated, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic_core import PydanticCustomError

from monitor.config.documents import Unquoted
from monitor.config.quantities import clock_time, duration, listen, size, weekday
from monitor.config.settings import Network
from monitor.config.ways_out import proxy
from monitor.model.errors import InvalidValueError
from monitor.model.plan import Adaptive, Cadence, Cron, Interval
from monitor.model.proxy import Proxy

T = TypeVar("T")

MIN_EVERY = 0.1  # seconds
MAX_EVERY = timedelta(days=31).total_seconds()
RESERVED_ID = "new"
"""What no source and no rule is called."""
MAX_TEXT = 20_000

_MOST_LOOKS = 8

_CRON = re.compile(r"cron\s+(?:\"(?P<a>[^\"]*)\"|'(?P<b>[^']*)'|(?P<c>[^\"']*))")
_CRON_FIELDS = 5
_DATABASE = re.compile(r"sqlite:///.+|postgres(?:ql)?(?:\+psycopg)?://.+", re.DOTALL)


def fault(code: str, message: str, hint: str = "") -> PydanticCustomError:
    """Return an error that `explain` turns into a ConfigProblem with this code, message and hint."""
    return PydanticCustomError("fault", "{message}", {"code": code, "message": message, "hint": hint})


def reading(parse: Callable[[str], T], hint: str = "") -> Callable[[object], T]:
    """Return a pydantic validator made of a function that raises InvalidValueError; `hint` goes with the fault."""

    def validate(value: object) -> T:
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "text expected")
        try:
            return parse(value)
        except InvalidValueError as error:
            raise fault("CFG015", str(error), hint) from None

    return validate


def _between(parse: Callable[[str], T], low: T, high: T, words: str) -> Callable[[str], T]:
    """Bound what a function returns."""

    def bounded(text: str) -> T:
        value = parse(text)
        if not low <= value <= high:  # type: ignore[operator]  # T is a number at each use
            raise InvalidValueError(f"must be {words}")
        return value

    return bounded


def age(text: str) -> float:
    """Return the seconds of a duration of a week or more; 0s says for ever. Raises InvalidValueError for others."""
    seconds = duration(text)
    if seconds and not 7 * 86_400 <= seconds <= 36_500 * 86_400:
        raise InvalidValueError("must be 0s (for ever) or at least 7d")
    return seconds


def cadence(text: str) -> Cadence:
    """Return what `5m`, `cron "…"` or `adaptive` means. Raises InvalidValueError; how a cron field reads is checked by another room."""
    if text.strip() == "adaptive":
        return Adaptive()
    if text.startswith("cron"):
        found = _CRON.fullmatch(text.strip())
        expression = (found["a"] or found["b"] or found["c"] or "") if found else ""
        if len(expression.split()) != _CRON_FIELDS:
            raise InvalidValueError('must be a cron expression of five fields, as in cron "*/5 8-18 * * 1-5"')
        return Cron(expression.strip())
    try:
        seconds = duration(text)
    except InvalidValueError:
        raise InvalidValueError(
            'must be a duration, a cron expression or adaptive, as in 5m or cron "0 9 * * 1-5"'
        ) from None
    if not MIN_EVERY <= seconds <= MAX_EVERY:
        raise InvalidValueError("must be between 100ms and 31d")
    return Interval(seconds)


def cron_expression(text: str) -> str:
    """Return the five fields of `cron "0 9 * * *"`; of empty text, none. Raises InvalidValueError; how a field reads is checked elsewhere."""
    found = cadence(text) if text.startswith("cron") else None
    if text and not isinstance(found, Cron):
        raise InvalidValueError('must be a cron expression, as in cron "0 9 * * *"')
    return found.expression if isinstance(found, Cron) else ""


def follow_up(value: object) -> tuple[timedelta, ...]:
    """Return the moments of `[10m, 1h]` in their order, each once; of `off` none. Raises InvalidValueError."""
    if value is False or value == "off":  # YAML takes a plain `off` for false
        return ()
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise fault("CFG015", "must be a list of durations, or off", "as in [10m, 1h, 6h, 24h]")
    if len(listed) > _MOST_LOOKS:
        raise fault("CFG015", f"must be at most {_MOST_LOOKS} durations")
    wait = reading(_between(duration, 1.0, 30 * 86_400.0, "between 1s and 30d"))
    return tuple(timedelta(seconds=seconds) for seconds in sorted({wait(one) for one in listed}))


def web_url(text: str) -> str:
    """Return an http or https URL with a host as it is. Raises InvalidValueError."""
    complaint = "must be a URL that begins with http:// or https:// and names a host"
    if re.search(r"[\x00-\x20\x7f\\]", text) or not text.isprintable():
        raise InvalidValueError(f"{complaint}, without blanks")
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise InvalidValueError(complaint)
    return text


def zone_name(text: str) -> str:
    """Return an IANA time zone as it is. Raises InvalidValueError."""
    if not _known_zone(text):
        raise InvalidValueError("must be an IANA time zone, as in Asia/Seoul or UTC")
    return text


@lru_cache(maxsize=64)
def _known_zone(text: str) -> bool:
    try:
        ZoneInfo(text)
    except (ValueError, OSError, LookupError):
        return False
    return True


def empty_or(parse: Callable[[str], str]) -> Callable[[str], str]:
    """Let empty text pass: a variable with an empty default means "not set up yet"."""
    return lambda text: parse(text) if text else text


def database_url(text: str) -> str:
    """Return a database URL as it is. Raises InvalidValueError."""
    if not _DATABASE.fullmatch(text):
        raise InvalidValueError("must be sqlite:///path or postgresql://user:password@host/name")
    return text


def network(text: str) -> Network:
    """Return a network in CIDR form, or a single address. Raises InvalidValueError."""
    try:
        return ip_network(text)
    except ValueError:
        raise InvalidValueError("must be a network without host bits, as in 10.0.0.0/8 or ::1/128") from None


def agent(text: str) -> str:
    """Return a User-Agent as it is: printable ASCII, as RFC 9110 section 10.1.5 wants. Raises InvalidValueError."""
    if not text.strip() or not text.isascii() or not text.isprintable():
        raise InvalidValueError("must be printable ASCII and not empty")
    return text


def crontab(text: str) -> str:
    """Return the crontab expression of `cron "…"`, "" for "". Raises InvalidValueError; how a field reads is checked by another room."""
    if not text.strip():
        return ""
    found = cadence(text) if text.startswith("cron") else None
    if not isinstance(found, Cron):
        raise InvalidValueError('must be a cron expression, as in cron "0 8,17 * * 1-5"')
    return found.expression


def as_written(value: object) -> object:
    """Return how a plain scalar is written that YAML takes for something else than text, such as 22:00."""
    return value.raw if isinstance(value, Unquoted) and value.raw else value


def country(text: str) -> str:
    """Return the code of a country in capital letters (ISO 3166). Raises InvalidValueError for what is no such code."""
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise InvalidValueError("must be the code of a country, as in KR")
    return text.upper()


def not_blank(text: str) -> str:
    """Refuse text of blanks only."""
    if not text.strip():
        raise fault("CFG015", "must not be empty")
    return text


def web_part(value: object) -> object:
    """Return what stands for `web: off`."""
    return {"enabled": False} if value is False or value == "off" else value


def host_name(text: str) -> str:
    """Return the name of a host without a port, in small letters. Raises InvalidValueError."""
    bare = text.strip().rstrip(".").lower()
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9._-]{0,251}[a-z0-9])?|\[[0-9a-f:.]+\]", bare):
        raise InvalidValueError("must be the name of a host without https:// and port, as in desk.example.com")
    return bare


def switch(value: object) -> object:
    """Let a variable say true or false; YAML sees only text there."""
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def whole(value: object) -> int:
    """Return a whole number of at most nine digits, which a variable may write as text."""
    raw = value.raw if isinstance(value, Unquoted) and value.what == "number" else value
    if isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if not isinstance(raw, str) or not re.fullmatch(r"[0-9]{1,9}", raw):
        raise fault("CFG015", "must be a whole number, as in 5000")
    return int(raw)


def unreserved(text: str) -> str:
    """Return an id that is not where the pages have the form for a new item: its own page would be hidden behind it."""
    if text == RESERVED_ID:
        raise fault("CFG015", f"must be another id: {RESERVED_ID} is the address of the form for a new one")
    return text


def listed(value: object) -> object:
    """Let a single text stand without brackets."""
    return [value] if isinstance(value, str) else value


def _composed(text: str) -> str:
    """Return a word with its Hangul composed: files of a Mac may hold it in pieces, and both are one tag."""
    return unicodedata.normalize("NFC", text)


Text = Annotated[str, StringConstraints(max_length=MAX_TEXT), AfterValidator(not_blank)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}\z")]
PageId = Annotated[Identifier, AfterValidator(unreserved)]
Tag = Annotated[str, AfterValidator(_composed), StringConstraints(pattern=r"^[\w-]{1,64}\z")]
AliasName = Annotated[str, StringConstraints(pattern=r"^[\w-]{1,64}\z")]
Switch = Annotated[bool, BeforeValidator(switch)]
Every = Annotated[Interval | Cron | Adaptive, BeforeValidator(reading(cadence))]
WebUrl = Annotated[str, AfterValidator(reading(web_url))]
CronExpression = Annotated[str, BeforeValidator(reading(cron_expression))]
Zone = Annotated[str, AfterValidator(reading(zone_name))]
ChannelUrl = Annotated[str, AfterValidator(reading(empty_or(web_url)))]
DatabaseUrl = Annotated[str, AfterValidator(reading(database_url))]
Cidr = Annotated[Network, BeforeValidator(reading(network))]
Agent = Annotated[str, StringConstraints(max_length=200), AfterValidator(reading(agent))]
Wait = Annotated[float, BeforeValidator(reading(_between(duration, 1.0, 86_400.0, "between 1s and 1d")))]
Count = Annotated[int, BeforeValidator(whole)]
Timeout = Annotated[float, BeforeValidator(reading(_between(duration, 0.1, 600.0, "between 100ms and 10m")))]
FollowUp = Annotated[tuple[timedelta, ...], BeforeValidator(follow_up)]
Age = Annotated[float, BeforeValidator(reading(age))]
Pace = Annotated[float, BeforeValidator(reading(_between(duration, 0.0, 3600.0, "between 0s and 1h")))]
Bytes = Annotated[int, BeforeValidator(reading(_between(size, 1024, 256 * 1024**2, "between 1KB and 256MB")))]
ProxyAddress = Annotated[Proxy | None, BeforeValidator(reading(lambda text: proxy(text) if text else None))]
HostName = Annotated[str, AfterValidator(reading(host_name))]
Listen = Annotated[tuple[str, int], BeforeValidator(reading(listen))]

Crontab = Annotated[str, BeforeValidator(reading(crontab))]
ClockTime = Annotated[int, BeforeValidator(reading(clock_time)), BeforeValidator(as_written)]
Weekday = Annotated[int, BeforeValidator(reading(weekday)), BeforeValidator(as_written)]
Country = Annotated[str, AfterValidator(reading(empty_or(country)))]
CountWindow = Annotated[
    float, BeforeValidator(reading(_between(duration, 600.0, 31 * 86_400.0, "between 10m and 31d")))
]
Repeat = Annotated[float, BeforeValidator(reading(_between(duration, 300.0, 14_400.0, "between 5m and 4h")))]
Window = Annotated[float, BeforeValidator(reading(_between(duration, 1.0, 31 * 86_400.0, "between 1s and 31d")))]
