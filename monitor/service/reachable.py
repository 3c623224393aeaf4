"""Addresses in the files that the guard of the network will never let through, or of another service: told before the first alert fails. Pure."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from monitor.channels.registry import CHANNEL_KINDS
from monitor.config.load import Loaded
from monitor.model.errors import ConfigProblem
from monitor.net.addresses import Address, Network, is_denied

CLOSED: Final = "NET101"
FOREIGN: Final = "NET102"


def closed_addresses(loaded: Loaded) -> Iterator[ConfigProblem]:
    """Warn of each source and channel whose address is private, as it is written, and opened by no `allow_networks`.

    Names are not looked up, but for localhost, which is known.
    """
    settings, plan = loaded.settings, loaded.plan
    for section, key, allow, items in (
        (
            "channels",
            "deliver",
            settings.deliver.allow_networks,
            [(one.id, (one.url,), one.enabled) for one in plan.channels if CHANNEL_KINDS[one.kind].settings.guarded],
        ),
        ("sources", "fetch", settings.fetch.allow_networks, [(one.id, one.urls, one.enabled) for one in plan.sources]),
    ):
        for item, urls, enabled in items:
            if enabled and any(is_closed(url, allow) for url in urls):
                what = f"{item} has a private address, to which no connection is made"
                hint = f"if it is yours, open it in monitor.yaml: {key}: {{allow_networks: [ADDRESS/32]}}"
                yield loaded.places.problem((section, item, "url"), what, hint, CLOSED)


def foreign_addresses(loaded: Loaded) -> Iterator[ConfigProblem]:
    """Warn of each channel whose address belongs to another service than its kind."""
    for channel in loaded.plan.channels:
        owner = _owner(channel.url) if channel.url else ""
        if owner not in {"", channel.kind}:
            what = f"this is an address of {owner}, and {channel.id} speaks to it as to {channel.kind}"
            hint = f"write `kind: {owner}`, or an address for {channel.kind}"
            yield loaded.places.problem(("channels", channel.id, "kind"), what, hint, FOREIGN)


def _owner(url: str) -> str:
    """Return the kind of channel that alone has this host, "" where there is none."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    for name, kind in CHANNEL_KINDS.items():
        if any(host == known or host.endswith(f".{known}") for known in kind.settings.hosts):
            return name
    return ""


def is_closed(url: str, allow: Iterable[Network]) -> bool:
    """Return whether the host of a URL is an address, in any spelling, that may not be spoken to."""
    allowed = tuple(allow)
    found = _addresses(url)
    return bool(found) and all(is_denied(address, allowed) for address in found)


def _addresses(url: str) -> tuple[Address, ...]:
    """Return the addresses that stand in a URL, none where its host is a name that has to be looked up."""
    try:
        host = unquote(urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ()
    if host == "localhost" or host.endswith(".localhost"):
        return ip_address("127.0.0.1"), ip_address("::1")
    try:
        return (ip_address(host),)
    except ValueError:
        return _as_the_system_reads(host)


def _as_the_system_reads(host: str) -> tuple[Address, ...]:
    """Return the address that 127.1, 0x7f000001 or 2130706433 is to the system that connects."""
    try:
        return (IPv4Address(socket.inet_aton(host)),) if re.fullmatch(r"[0-9][0-9a-fx.]*", host) else ()
    except OSError:
        return ()
