"""Who asks, by which name and scheme: what the connection shows, or what a trusted proxy says of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final, TypeAlias

from monitor.config.settings import Network

Headers: TypeAlias = Sequence[tuple[bytes, bytes]]

_HOST: Final = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::(?P<port>[0-9]{1,5}))?"
)
_RELAYED: Final = frozenset({b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-real-ip"})


@dataclass(frozen=True, slots=True)
class Asker:
    """The client of a request: its address ("" when unknown), whether it is this machine, and what it asked for.

    `host` is as it was written, `name` without port and in small letters; both are "" where no request may have them.
    """

    address: str
    is_local: bool
    scheme: str
    host: str
    name: str

    @property
    def origin(self) -> str:
        """Return the origin of our own pages as this client sees them."""
        return f"{self.scheme}://{self.host.lower()}"


def asker_of(client: str, scheme: str, headers: Headers, trusted: Sequence[Network]) -> Asker:
    """Return who asks. `client` is the address of the connection; what it forwards is believed if it is in `trusted`.

    Of several forwarded addresses the last one counts that is no trusted proxy itself: those before it are hearsay.
    """
    host = _single(headers, b"host")
    if not _is_in(client, trusted):
        return _asker(client, scheme, host, is_local=_is_loopback(client) and not _is_relayed(headers))
    hops = [hop.strip() for hop in _joined(headers, b"x-forwarded-for").split(",") if hop.strip()]
    address = client
    for hop in reversed(hops):
        address = _bare(hop)
        if not _is_in(address, trusted):
            break
    proto = _last(headers, b"x-forwarded-proto").lower()
    forwarded = _last(headers, b"x-forwarded-host")
    # Whoever comes through a proxy is never taken for this machine.
    return _asker(address, proto if proto in {"http", "https"} else scheme, forwarded or host, is_local=False)


def _asker(address: str, scheme: str, host: str, *, is_local: bool) -> Asker:
    found = _HOST.fullmatch(host)
    if found is None:
        return Asker(address, is_local, scheme, "", "")
    return Asker(address, is_local, scheme, host, found["name"].lower().rstrip("."))


def _is_relayed(headers: Headers) -> bool:
    """Return whether a proxy says that it speaks for somebody, who then is not this machine, trusted or not."""
    return any(key in _RELAYED for key, _ in headers)


def _single(headers: Headers, name: bytes) -> str:
    """Return the one value of a header; "" where there is none, or more than one."""
    found = [value for key, value in headers if key == name]
    return found[0].decode("latin-1").strip() if len(found) == 1 else ""


def _joined(headers: Headers, name: bytes) -> str:
    return ",".join(value.decode("latin-1") for key, value in headers if key == name)


def _last(headers: Headers, name: bytes) -> str:
    """Return what the nearest proxy said, which stands last."""
    return _joined(headers, name).rpartition(",")[2].strip()


def _bare(hop: str) -> str:
    """Return the address of a hop without port and brackets, "" for what is none."""
    text = re.sub(r"^\[([^\]]*)\](?::\d+)?$", r"\1", hop)
    text = re.sub(r"^(\d+(?:\.\d+){3}):\d+$", r"\1", text)
    return text if _address(text) else ""


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _is_in(text: str, networks: Sequence[Network]) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in networks if network.version == address.version)


def _is_loopback(text: str) -> bool:
    address = _address(text)
    return address is not None and address.is_loopback
