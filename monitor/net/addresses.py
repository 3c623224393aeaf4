"""Which IP addresses this process may speak to: pure arithmetic, no I/O.

Sources: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates), RFC 5771 and RFC 4291
(multicast), RFC 6052 and RFC 8215 (NAT64), RFC 3056 (6to4), RFC 4380 (Teredo), and the metadata addresses that the
large clouds document. `ipaddress.is_global` is not used: up to Python 3.12 it calls multicast, 6to4 and NAT64 global.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

METADATA: frozenset[Address] = frozenset(
    (
        IPv4Address("169.254.169.254"),  # AWS, Google, Azure, Oracle, Naver Cloud
        IPv4Address("168.63.129.16"),  # Azure wire server; lies in a public range
        IPv4Address("100.100.100.200"),  # Alibaba
        IPv6Address("fd00:ec2::254"),  # AWS
    )
)
"""Addresses that hand credentials to whoever asks; only an allow-list entry that names one singly opens it."""

SPECIAL_V4: tuple[IPv4Network, ...] = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared address space of carriers
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure wire server
        "169.254.0.0/16",  # link local
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # IETF protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, withdrawn
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and the broadcast address
    )
)

GLOBAL_V6 = IPv6Network("2000::/3")
"""All global unicast space; whatever lies outside is loopback, local, multicast, mapped or unassigned."""

SPECIAL_V6: tuple[IPv6Network, ...] = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # IETF protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)

NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
_LOCAL_NAT64 = IPv6Network("64:ff9b:1::/48")


def is_denied(address: Address, allow: Iterable[Network]) -> bool:
    """Return whether no connection may be made to the address.

    `allow` opens special networks; it never opens a metadata address unless an entry is that very address (/32, /128).
    An IPv4 address carried inside an IPv6 one must be permitted as well.
    """
    allowed = tuple(allow)
    return any(_is_closed(part, allowed) for part in _readings(address))


def _is_closed(address: Address, allow: tuple[Network, ...]) -> bool:
    if address in METADATA:
        return not any(network.num_addresses == 1 and address in network for network in allow)
    return _is_special(address) and not any(address in network for network in allow)


def _is_special(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return any(address in network for network in SPECIAL_V4)
    if address in NAT64:
        return False  # a translator of the operator's own network; the IPv4 address inside decides
    return address not in GLOBAL_V6 or any(address in network for network in SPECIAL_V6)


def _readings(address: Address) -> tuple[Address, ...]:
    """Return every address that a packet sent to this one may reach."""
    if isinstance(address, IPv4Address):
        return (address,)
    if address.scope_id is not None:
        address = IPv6Address(int(address))
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)  # the kernel itself speaks IPv4 to these
    return (address, *_carried(address))


def _carried(address: IPv6Address) -> tuple[IPv4Address, ...]:
    compatible = address in _COMPATIBLE and int(address) > 1  # :: and ::1 carry nothing
    if compatible or address in NAT64 or address in _LOCAL_NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    return address.teredo or ()
