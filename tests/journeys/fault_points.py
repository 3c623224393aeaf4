"""The moments at which a process may die that random kills seldom meet: a daemon under test ends itself at one of them.

`CRASH_AT=sent:2` in the environment of a forked daemon kills it with SIGKILL when it is there for the second time. Nothing of
this is in the product: what is called at that moment is wrapped in the process that the daemon was forked into.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from inspect import iscoroutinefunction
from itertools import count
from typing import Any, Final

VARIABLE: Final = "CRASH_AT"
POINTS: Final[Mapping[str, tuple[str, str, str]]] = {
    # name: what is called, and on which side of it the process dies
    "writing": ("monitor.store.write.messages:add_message", "after", "a message is written, not committed"),
    "stored": ("monitor.store.write.article_store:ArticleStore.commit", "after", "committed, nothing sent yet"),
    "claimed": ("monitor.channels.sender:ChannelSender.send", "before", "claimed, not sent"),
    "sent": ("monitor.channels.sender:ChannelSender.send", "after", "sent, not written down"),
    "completed": ("monitor.store.write.outbox:Outbox.complete_delivery", "after", "written down, the next one claimed"),
    "flushing": ("monitor.store.write.notification_store:tell", "after", "a held message is made, not committed"),
}


def arm(environ: Mapping[str, str]) -> None:
    """Wrap what the environment names, if it names anything."""
    name, _, number = environ.get(VARIABLE, "").partition(":")
    if not name:
        return
    target, side, _ = POINTS[name]
    module, _, path = target.partition(":")
    owner: Any = import_module(module)
    *outer, last = path.split(".")
    for part in outer:
        owner = getattr(owner, part)
    setattr(owner, last, _dying(getattr(owner, last), side, int(number or 1)))


def _dying(called: Callable[..., Any], side: str, number: int) -> Callable[..., Any]:
    """Return a function that does the same until it is called for the `number`-th time."""
    times = count(1)

    def die(now: str) -> None:
        if side == now and next(times) >= number:
            os.kill(os.getpid(), signal.SIGKILL)

    def plain(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - handed on as it is
        die("before")
        value = called(*given, **named)
        die("after")
        return value

    async def waiting(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - as above
        die("before")
        value: Awaitable[Any] = await called(*given, **named)
        die("after")
        return value

    return waiting if iscoroutinefunction(called) else plain
