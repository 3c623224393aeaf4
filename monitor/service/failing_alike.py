"""Which sources fail of one cause, so that it is said once. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.model.records import SourceRecord
from monitor.present.causes import causes, is_network

NAMED = 3
LEAST = 3
CONNECTED = "is this machine on the network, and may it reach the outlets (proxy, firewall, name server)?"
PROXIED = "is the proxy up, and is `proxy` of fetch: in monitor.yaml right?"
UNBELIEVED = "whose certificates are these? write your own authority's PEM file as `ca_file` of fetch: in monitor.yaml"


def question(cause: str) -> str:
    """Return what to ask oneself when sources fail alike of a cause between this machine and them; "" for other causes."""
    if cause.startswith("proxy") or "the proxy " in cause:
        return PROXIED
    if cause == "tls" or "`ca_file`" in cause:
        return UNBELIEVED
    return CONNECTED if is_network(cause) else ""


@dataclass(frozen=True, slots=True)
class AlikeFailure:
    """A cause that several sources have. `sources` are their ids, `polled` counts those that are switched on."""

    cause: str
    sources: tuple[str, ...]
    polled: int

    @property
    def summary(self) -> str:
        """Return how many fail, of what, and which."""
        more = len(self.sources) - NAMED
        named = ", ".join(self.sources[:NAMED]) + (f" and {more} more" if more > 0 else "")
        return f"{len(self.sources)} of {self.polled} sources fail alike: {self.cause} ({named})"

    @property
    def action(self) -> str:
        """Return what to do."""
        return question(self.cause) or f"monitor sources {self.sources[0]}"


def failing_alike(records: Sequence[SourceRecord]) -> tuple[AlikeFailure, ...]:
    """Return each cause that LEAST sources or more have, the most frequent first; an alarm is a cause of its own."""
    polled = [record for record in records if record.enabled]
    found: dict[str, list[str]] = {}
    for record in polled:
        if record.last_error and not record.problem and not record.overdue:
            found.setdefault(causes(record.last_error), []).append(record.id)
    groups = [AlikeFailure(cause, tuple(ids), len(polled)) for cause, ids in found.items() if len(ids) >= LEAST]
    return tuple(sorted(groups, key=lambda group: -len(group.sources)))
