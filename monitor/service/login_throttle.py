"""How often a password may be tried: by each address, and by all together. Pure."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

FREE: Final = 5
"""Failures of one address that cost no wait."""
FREE_OF_ALL: Final = 100
"""Failures of all addresses together that cost no wait: who has many addresses is slowed down too."""
FIRST_WAIT: Final = 5.0
LONGEST_WAIT: Final = 900.0
FORGOTTEN: Final = 3_600.0
"""Seconds after its last failure in which an address is forgotten."""
MOST: Final = 10_000
"""Addresses that are remembered; then the one that failed longest ago is forgotten."""


@dataclass(slots=True)
class _Failures:
    """How many failures in a row, the last one when."""

    count: int = 0
    at: float = 0.0


class LoginThrottle:
    """Counts failures; each one beyond the free ones doubles the wait, from five seconds to a quarter of an hour."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Go by `clock`, which gives seconds that never run backwards."""
        self._clock = clock
        self._failed: OrderedDict[str, _Failures] = OrderedDict()
        self._all = _Failures()

    def wait(self, address: str) -> float:
        """Return the seconds until that address may try again; 0 when it may now."""
        now = self._clock()
        mine = self._failed.get(_group(address), _Failures())
        return max(_left(mine, FREE, now), _left(self._all, FREE_OF_ALL, now))

    def failed(self, address: str) -> None:
        """Count a failure."""
        now, group = self._clock(), _group(address)
        known = self._failed.pop(group, _Failures())
        for one in (known, self._all):
            one.count = one.count + 1 if now - one.at < FORGOTTEN else 1
            one.at = now
        self._failed[group] = known
        while len(self._failed) > MOST:
            self._failed.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Forget the failures of an address, and that its last try was counted as one."""
        if self._failed.pop(_group(address), None) is not None:
            self._all.count -= 1


def _left(failures: _Failures, free: int, now: float) -> float:
    if failures.count < free or now - failures.at >= FORGOTTEN:
        return 0.0
    # The exponent is bounded before it is taken: a count of thousands has no float.
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures.count - free, 10))
    return max(0.0, wait - (now - failures.at))


def _group(address: str) -> str:
    """Return what counts as one address: an IPv6 network of 64 bits, which one household has; "" for what is none."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
