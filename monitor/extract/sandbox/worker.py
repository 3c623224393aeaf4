"""The process that reads suspicious documents: started when the first one comes, killed when one takes too long.

    python -m monitor.extract.sandbox.worker BYTES

BYTES bounds its memory. Requests come on standard input, replies go to standard output, each as a frame: the length as
eight bytes, big-endian, then a pickle. A request is (seconds, function, arguments), a reply ("read", value) or
("refused", message); the first frame says ("ready", None). The end of the input ends the process, so that none is
left when its parent was killed; and an alarm that no code handles ends one that is still busy then.
"""

from __future__ import annotations

import pickle
import resource
import signal
import struct
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import Any, BinaryIO, TypeAlias

from monitor.extract.definitions.catalog import sites
from monitor.extract.text import limits
from monitor.model.article import Article, Entry, PageContent
from monitor.model.errors import ExtractError, MonitorError
from monitor.model.page import Onward

Request: TypeAlias = tuple[float, Callable[..., Any], tuple[Any, ...]]
Reply: TypeAlias = tuple[str, Any]

LENGTH = struct.Struct(">Q")
_KINDS = (Article, Entry, Onward, PageContent, datetime, timedelta, timezone)
_HARMLESS = {(kind.__module__, kind.__qualname__): kind for kind in _KINDS}


class ReplyError(MonitorError):
    """What the worker wrote is no reply."""


class _ReplyUnpickler(pickle.Unpickler):
    """Builds plain values and the few kinds that a reply holds; a broken worker cannot name anything else."""

    def find_class(self, module_name: str, global_name: str, /) -> Any:  # noqa: ANN401 - pickle's signature
        """Return a harmless class. Raises UnpicklingError for any other (Python library reference, "pickle")."""
        found = _HARMLESS.get((module_name, global_name))
        if found is None:
            raise pickle.UnpicklingError(f"{module_name}.{global_name} has no place in a reply")
        return found


def pack(value: Request | Reply) -> bytes:
    """Return the frame of a request or a reply."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(data)) + data


def unpack(data: bytes) -> Reply:
    """Read a reply, without its length, trusting nothing. Raises ReplyError."""
    try:
        kind, value = _ReplyUnpickler(BytesIO(data)).load()
    except Exception as error:
        raise ReplyError(f"no reply: {error}") from error
    return str(kind), value


def main(most_bytes: int, requests: BinaryIO, replies: BinaryIO) -> None:
    """Reply to requests until there are no more."""
    limits.lift()
    sites()  # read before the clock runs
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent decides; a terminal and a supervisor signal both
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    _send(replies, ("ready", None))
    while length := requests.read(LENGTH.size):
        seconds, read, arguments = pickle.loads(requests.read(*LENGTH.unpack(length)))  # noqa: S301 - from the parent
        signal.setitimer(signal.ITIMER_REAL, seconds)
        reply = _reply(read, arguments)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _send(replies, reply)


def _send(replies: BinaryIO, reply: Reply) -> None:
    replies.write(pack(reply))
    replies.flush()


def _reply(read: Callable[..., Any], arguments: tuple[Any, ...]) -> Reply:
    try:
        return "read", read(*arguments)
    except ExtractError as error:
        return "refused", error.message
    except MemoryError:
        return "refused", "reading the document takes too much memory"
    except Exception as error:  # noqa: BLE001 - what a hostile document makes a parser raise is its own fault
        return "refused", f"the document broke its parser: {error!r}"[:500]


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
