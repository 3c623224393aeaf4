"""Every error this product raises on purpose.

MonitorError
 ├─ ConfigError        the files are wrong; `problems` names every fault with its place
 ├─ QueryError         a rule's expression is wrong; `position` points at it
 ├─ DefinitionError    a page definition is wrong; `place` leads to the key, `hint` says how to mend it
 ├─ FetchError         a URL gave no usable page; `reason` says why, `transient` whether to try again
 ├─ ExtractError       a page holds no article, or a feed no items
 │   ├─ EmptyError     an answer of status 200 without content
 │   └─ SuspectError   a document that could hold a parser up: only a process that can be killed may read it
 ├─ StoreError         the database refused
 │   ├─ SchemaError    the database belongs to a newer program
 │   ├─ ReadLimitError  a question took longer than it may, or too many waited
 │   └─ SqlMistakeError  a question in SQL is wrong: the database's words, and the place
 ├─ LockHeldError      another process owns the data folder or the database file
 ├─ MessageError       a message cannot be made from its channel's settings or its frozen body; leaves channels as an Outcome
 ├─ InvalidValueError  a text in a file or on the command line is not what it should be; leaves config as a ConfigError
 │   ├─ UnknownNameError  a name of a rule, source, channel or tag that nothing has; `hint` names the nearest
 │   └─ BoundsError    bounds of time are none, or nothing lies between them; `bound` says which one is wrong
 ├─ UneditableError    config/item_edit.py: a file is written in a way in which only a person can change it
 ├─ FileChangedError   service/file_write.py: somebody else has changed a file since it was read
 ├─ InterpolationError config/interpolate.py: a mark for an environment variable is wrong; leaves config as a ConfigError
 ├─ LoginError         service/access.py: a password is wrong, or was tried too often
 ├─ ProblemError       web/problems.py: a request cannot be answered; leaves web as problem+json
 ├─ Failure            net/failure.py: what went wrong below HTTP; leaves net and fetch only as a FetchError
 └─ ReplyError         extract/sandbox/worker.py: the process that reads suspicious documents broke; leaves sandbox
                       only as an ExtractError
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from monitor.model.confidential import hide

NO_FOLDER = "CFG001"
"""The code of the one fault that a configuration which is not there has."""


class MonitorError(Exception):
    """Root of all errors raised on purpose."""


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One fault in the configuration: where it is, what it is, how to mend it.

    `line` and `column` count from 1; 0 means that the place is unknown. `code` is stable (CFG012).
    """

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    code: str = "CFG000"

    def __str__(self) -> str:
        """Read as compilers write: file:line:col: message (hint)."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class ConfigError(MonitorError):
    """The configuration cannot be used; `problems` holds every fault found in one reading."""

    def __init__(self, problems: tuple[ConfigProblem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class InvalidValueError(MonitorError):
    """A text that a person wrote is no value of its kind; the message says what it must be, and never quotes it."""


class UnknownNameError(InvalidValueError):
    """A name that nothing has: the one that was `given`, of which `kind`, and in `hint` the nearest or those that there are."""

    def __init__(self, kind: str, given: str, hint: str) -> None:
        self.kind = kind
        self.given = given
        self.hint = hint
        super().__init__(f"no {kind} {given!r}; {hint}")


class BoundsError(InvalidValueError):
    """A bound of time, `since` or `until`, is no time, or (`empty`) nothing lies between the two."""

    def __init__(self, bound: str, message: str, *, empty: bool = False) -> None:
        self.bound = bound
        self.empty = empty
        super().__init__(message)


class QueryError(MonitorError):
    """A rule expression cannot be read; `position` is a 0-based code point offset into `text`.

    Where the expression is a tree of keys, `path` leads to the wrong key or value, and `position` says nothing.
    """

    def __init__(
        self, text: str, position: int, message: str, hint: str = "", *, path: tuple[str | int, ...] = ()
    ) -> None:
        self.text = text
        self.path = path
        self.position = position
        self.message = message
        self.hint = hint
        super().__init__(f"{message} at {position + 1} in {text!r}" + (f" ({hint})" if hint else ""))


class DefinitionError(MonitorError):
    """A page definition cannot be used; `place`, of keys and indices, leads to the fault inside what was checked.

    `key`: the key itself is wrong, not what stands under it.
    """

    def __init__(self, message: str, hint: str = "", *place: str | int, key: bool = False) -> None:
        self.message = message
        self.hint = hint
        self.place = place
        self.key = key
        super().__init__(f"{message} ({hint})" if hint else message)


class FetchReason(StrEnum):
    """Why a fetch or a post gave nothing usable."""

    BLOCKED_ADDRESS = "blocked_address"  # private, reserved or metadata address
    BAD_URL = "bad_url"
    DNS = "dns"
    CONNECT = "connect"
    PROXY = "proxy"  # the proxy of the settings cannot be reached, or refuses
    TLS = "tls"
    TIMEOUT = "timeout"  # the total deadline passed
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BAD_REDIRECT = "bad_redirect"
    BAD_ENCODING = "bad_encoding"  # more than one content encoding, or a broken one
    PROTOCOL = "protocol"
    ROBOTS = "robots"
    THROTTLED = "throttled"  # 429, or a host that is cooling down
    STATUS = "status"  # any other status that is not 2xx
    CONTENT_TYPE = "content_type"


_CONFIDENTIAL = re.compile(r"(?i)([?&;][^=&;#]*(?:key|token|secret|auth|passw|pwd|sig|session)[^=&;#]*=)[^&;#]*")


def public_url(url: str) -> str:
    """Return the URL as it may be shown: without user and password, what is confidential hidden.

    That is whatever came from a variable or a file of secrets, and the values of parameters that look like keys.
    """
    scheme, slashes, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return _CONFIDENTIAL.sub(r"\1[hidden]", hide(scheme + slashes + host.rpartition("@")[2] + slash + path))


class FetchError(MonitorError):
    """A URL gave no usable answer. It is kept as it may be shown (`public_url`).

    `transient`: the same request may succeed later. `retry_after`: seconds the host asked to wait.
    `status`: the HTTP status, where there was one.
    """

    def __init__(
        self,
        url: str,
        reason: FetchReason,
        detail: str = "",
        *,
        transient: bool = True,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.url = public_url(url)
        self.reason = reason
        self.detail = hide(detail)
        self.transient = transient
        self.status = status
        self.retry_after = retry_after
        super().__init__(f"{reason}: {self.detail or 'no detail'} <{self.url}>")


class ExtractError(MonitorError):
    """A page could not be read as what it should be; `url` names it, as it may be shown.

    `transient`: the page was not to blame, and the same one may be read later.
    """

    def __init__(self, url: str, message: str, *, transient: bool = False) -> None:
        self.url = public_url(url)
        self.message = hide(message)
        self.transient = transient
        super().__init__(f"{self.message} <{self.url}>")


class SuspectError(ExtractError):
    """A document that could hold a parser up for seconds; a process that can be killed may try it."""


class EmptyError(ExtractError):
    """An answer of status 200 without content."""


class MessageError(MonitorError):
    """A message cannot be made; the text is for people, and holds nothing of a channel's URL or secrets."""


class StoreError(MonitorError):
    """The database refused an operation."""


class SchemaError(StoreError):
    """The database was written by a newer program than this one."""


class ReadLimitError(StoreError):
    """A question to the database took longer than it may, or too many were asked at once; a later one may do."""


class SqlMistakeError(StoreError):
    """A question in SQL is none that can be answered; the text says where and why."""


class LockHeldError(MonitorError):
    """Another process owns the data folder, or the file of the `database`; `path` is the lock file, `holder` says who."""

    def __init__(self, path: str, holder: str = "", *, database: str = "") -> None:
        self.path = path
        what = f"on the database {database}" if database else "on this data folder"
        mend = (
            "; end it, or name another database (`database` in monitor.yaml, MONITOR_DATABASE_URL)" if database else ""
        )
        who = f"{holder}; " if holder else ""
        super().__init__(f"another monitor is running {what} ({who}lock {path} is held){mend}")
