"""Is it the network, or the sources themselves? No server answers any more: that is the network. Pure.

A status, a page without articles, a list that answers: each is the word of a server, so that the way to it is there. Three
sources that fail of three different things have each a fault of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from monitor.model.errors import FetchReason
from monitor.model.health import Peer

UNANSWERED: Final = frozenset(
    {FetchReason.DNS, FetchReason.CONNECT, FetchReason.PROXY, FetchReason.TLS, FetchReason.TIMEOUT}
)
"""Causes that no server's word stands behind: something on the way, or nothing at all."""
BLOCKED: Final = frozenset({"status 403", "status 407", "status 451", "status 511"})
"""What a gate on the way answers in the place of every server."""
TOGETHER: Final = timedelta(minutes=30)  # sources that began to fail within it of each other failed together
LEAST: Final = 3  # sources
COMMON: Final = 0.5  # share of those polled that the most frequent cause must have
SILENT: Final = 0.75  # share of those polled above which nobody answers any more
OVER: Final = 0.25  # share of all below which they answer again


def may_hide(cause: str) -> bool:
    """Return whether a failure of this cause may be the network's: it is not told of the source while that is down."""
    return cause in UNANSWERED or cause in BLOCKED


def alike(cause: str) -> frozenset[str]:
    """Return of which causes others may fail that one source failed of until just now: what was on the way for all is gone."""
    if cause in UNANSWERED:
        return frozenset(UNANSWERED)
    return frozenset({cause} & BLOCKED)


def begun(since: datetime, cause: str, peers: Sequence[Peer]) -> tuple[int, int] | None:
    """Return (sources that reach no server, sources polled since `since`), this one in both; None: it is not the network."""
    together = [peer for peer in peers if _with(peer, since)]
    silent = [peer.cause for peer in together if peer.cause in UNANSWERED]
    polled = 1 + sum(_with(peer, since) or (peer.polled_at >= since and _answers(peer)) for peer in peers)
    if cause in BLOCKED:
        alike = 1 + sum(peer.cause == cause for peer in together)
        return (alike, polled) if alike == polled and alike >= LEAST else None
    if cause not in UNANSWERED:
        return None
    ((_, most),) = Counter([cause, *silent]).most_common(1)
    found = 1 + len(silent)
    return (found, polled) if most >= max(LEAST, COMMON * polled) and found > SILENT * polled else None


def over(sources: Sequence[Peer]) -> bool:
    """Return whether servers answer again, of all sources that are watched; those that are still put off do not."""
    failing = [peer.cause for peer in sources if peer.failing_since is not None]
    blocked = len(failing) == len(sources) and len(set(failing)) == 1 and failing[0] in BLOCKED
    silent = len(failing) if blocked else sum(cause in UNANSWERED for cause in failing)
    return silent < OVER * len(sources) if len(sources) >= LEAST else not silent


def _with(peer: Peer, since: datetime) -> bool:
    """Return whether a source began to fail with one that fails since then."""
    return peer.failing_since is not None and abs(peer.failing_since - since) <= TOGETHER


def _answers(peer: Peer) -> bool:
    """Return whether a server's own word was the last thing heard of a source."""
    return peer.failing_since is None or peer.cause not in UNANSWERED
