"""What came back over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

FIRST_CHECK = 3  # answers 304 in a row before a server that has proved nothing yet is checked


@dataclass(frozen=True, slots=True)
class Repute:
    """What a server has done with its validators so far.

    `run` counts answers 304 since the last full one, `check_after` how many of them call for a request without conditions,
    `noise` new validators for the same bytes in a row. `proven`: a conditional request was once answered with a changed
    document. `distrusted`: its validators are not sent back to it.
    """

    run: int = 0
    check_after: int = FIRST_CHECK
    noise: int = 0
    proven: bool = False
    distrusted: bool = False


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave us to ask "has it changed?" with (RFC 9110 §8.8), the hash of the last body, and their worth."""

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    repute: Repute = Repute()


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched document, decoded.

    `url` was asked for, `final_url` answered after redirects. `charset` is the codec used and `charset_from` the
    evidence for it (bom | header | declaration | utf-8 | cp949 | ...). `unchanged`: the server said 304, or the body is
    the one whose hash the caller sent; `text` is then empty. `max_age`: seconds for which
    the server calls the answer fresh (RFC 9111 §4.2.1), 0 where it does not say.
    """

    url: str
    final_url: str
    status: int
    text: str
    content_type: str
    charset: str
    charset_from: str
    validators: Validators
    fetched_at: datetime
    elapsed_ms: float
    unchanged: bool = False
    max_age: float = 0.0


@dataclass(frozen=True, slots=True)
class Response:
    """Any status that a server gave. `url` answered after redirects; header names are lower case.

    A header that came several times is joined by ", ". `elapsed_ms` covers the whole request. `redirect`: where the
    response leads, for requests that are not to follow by themselves.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    elapsed_ms: float
    redirect: str = ""


@dataclass(frozen=True, slots=True)
class Onward:
    """`forward`: the page has nothing to say but that its reader is to go there. `further`: its article goes on there.

    URLs; "" where it does not.
    """

    forward: str = ""
    further: str = ""
