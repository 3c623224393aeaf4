"""Who asks: the connection, or what a trusted proxy says of it."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.settings import Network
from monitor.web.asker import asker_of

PROXY: tuple[Network, ...] = (ip_network("10.0.0.0/8"), ip_network("::1/128"))


def headers(**values: str) -> list[tuple[bytes, bytes]]:
    """Return headers as a server hands them over."""
    return [(key.replace("_", "-").encode(), value.encode("latin-1")) for key, value in values.items()]


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("127.0.0.1:8765", "127.0.0.1"),
        ("LOCALHOST", "localhost"),
        ("[::1]:8765", "[::1]"),
        ("desk.example.com.", "desk.example.com"),
        ("desk.example.com:443", "desk.example.com"),
        ("", ""),
        ("user@desk", ""),
        ("desk.example.com/evil", ""),
        ("desk evil", ""),
        ("desk:port", ""),
        ("데스크", ""),
        ("desk,evil", ""),
    ],
)
def test_the_name_of_a_host(host: str, name: str) -> None:
    found = asker_of("192.0.2.1", "http", [(b"host", host.encode("utf-8"))], ())
    assert found.name == name
    assert bool(found.host) is bool(name)


def test_two_hosts_are_none() -> None:
    assert asker_of("192.0.2.1", "http", [(b"host", b"a"), (b"host", b"a")], ()).name == ""


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_known_whatever_its_spelling(address: str) -> None:
    assert asker_of(address, "http", headers(host="x"), ()).is_local


FORWARDED = headers(
    host="inner", x_forwarded_for="203.0.113.9", x_forwarded_proto="https", x_forwarded_host="desk.example.com"
)


@pytest.mark.parametrize("client", ["192.0.2.1", "127.0.0.1", "", "11.0.0.1", "fe80::1%eth0"])
def test_nobody_but_a_trusted_proxy_says_who_asks(client: str) -> None:
    found = asker_of(client, "http", FORWARDED, PROXY)
    assert (found.address, found.scheme, found.name) == (client, "http", "inner")


@pytest.mark.parametrize("client", ["10.1.2.3", "::1", "::ffff:10.1.2.3"])
def test_a_trusted_proxy_says_who_asks(client: str) -> None:
    found = asker_of(client, "http", FORWARDED, PROXY)
    assert (found.address, found.scheme, found.name) == ("203.0.113.9", "https", "desk.example.com")
    assert found.origin == "https://desk.example.com"


@pytest.mark.parametrize("client", ["10.1.2.3", "::1"])
@pytest.mark.parametrize("said", ["", "127.0.0.1", "::1", "nonsense", "127.0.0.1, 10.0.0.9"])
def test_who_comes_through_a_proxy_is_never_taken_for_this_machine(client: str, said: str) -> None:
    more = headers(x_forwarded_for=said) if said else []
    assert not asker_of(client, "http", [*headers(host="x"), *more], PROXY).is_local


@pytest.mark.parametrize(
    ("chain", "address"),
    [
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("127.0.0.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("203.0.113.9:5555", "203.0.113.9"),
        ("[2001:db8::9]:443", "2001:db8::9"),
        ("evil, 10.0.0.2", ""),
    ],
)
def test_of_a_chain_the_last_hop_that_is_no_proxy_of_ours_counts(chain: str, address: str) -> None:
    assert asker_of("10.0.0.1", "http", headers(host="x", x_forwarded_for=chain), PROXY).address == address


@given(st.lists(st.tuples(st.sampled_from([b"host", b"x-forwarded-for", b"x-forwarded-host"]), st.binary(max_size=40))))
def test_no_header_breaks_it(found: list[tuple[bytes, bytes]]) -> None:
    for client in ("10.0.0.1", "192.0.2.1", ""):
        asker = asker_of(client, "http", found, PROXY)
        assert bool(asker.name) == bool(asker.host)
