from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.net.addresses import METADATA, NAT64, SPECIAL_V4, SPECIAL_V6, Network, is_denied


@pytest.mark.parametrize(
    "text",
    [
        *("0.0.0.1", "0.255.255.255", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1"),
        *("127.255.255.255", "169.254.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192"),
        *("192.0.2.1", "192.88.99.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.9"),
        *("203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
        *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254"),
        *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "64:ff9b:1::808:808", "2002:7f00:1::"),
        *("2002:808:808::", "2001:0:1::1", "2001:db8::1", "2001:2::1", "2001:20::1", "3fff::1", "100::1", "5f00::1"),
        *("fe80::1", "fe80::1%lo", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "4000::1", "8000::"),
    ],
)
def test_special_addresses_are_denied(text: str) -> None:
    assert is_denied(ip_address(text), ())


@pytest.mark.parametrize(
    "text",
    [
        *("8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255"),
        *("128.0.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255"),
        *("198.20.0.0", "223.255.255.255", "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0"),
        *("2001:4860:4860::8888", "2400:cb00::1", "2620:fe::fe", "2a00::1", "::ffff:8.8.8.8", "64:ff9b::808:808"),
    ],
)
def test_public_addresses_are_open(text: str) -> None:
    assert not is_denied(ip_address(text), ())


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        ("10.1.2.3", ["10.0.0.0/8"]),
        ("127.0.0.1", ["192.168.0.0/16", "127.0.0.0/8"]),
        ("::1", ["::1/128"]),
        ("fd12::5", ["fd00::/8"]),
        ("64:ff9b:1::808:808", ["64:ff9b:1::/48"]),
        ("2001:0:808:808::f7f7:f7f7", ["2001::/32"]),
        ("::ffff:10.1.2.3", ["10.0.0.0/8"]),
        ("64:ff9b::a01:203", ["10.0.0.0/8"]),
        ("169.254.169.254", ["169.254.169.254/32"]),
        ("fd00:ec2::254", ["fd00:ec2::254/128"]),
        ("168.63.129.16", ["168.63.129.16/32"]),
        ("100.100.100.200", ["100.100.100.200/32", "100.64.0.0/10"]),
    ],
)
def test_allow_list_opens(text: str, networks: list[str]) -> None:
    assert not is_denied(ip_address(text), [ip_network(network) for network in networks])


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        ("169.254.169.254", ["169.254.0.0/16"]),
        ("169.254.169.254", ["0.0.0.0/0"]),
        ("169.254.169.254", ["169.254.169.254/31"]),
        ("fd00:ec2::254", ["fd00::/8", "::/0"]),
        ("168.63.129.16", ["168.63.129.0/24"]),
        ("100.100.100.200", ["100.64.0.0/10"]),
        ("::ffff:169.254.169.254", ["::/0", "0.0.0.0/0"]),
        ("64:ff9b::a9fe:a9fe", ["::/0", "0.0.0.0/0"]),
        ("::7f00:1", ["::/0"]),  # the address inside is not on the list
        ("2002:7f00:1::", ["2002::/16"]),
        ("64:ff9b:1::7f00:1", ["64:ff9b:1::/48"]),
        ("2001:0:808:808::f5ff:fffe", ["2001::/32"]),  # a Teredo client at 10.0.0.1
        ("2001:0:7f00:1::f7f7:f7f7", ["2001::/32"]),  # a Teredo server at 127.0.0.1
        ("10.0.0.1", ["11.0.0.0/8"]),
        ("fd12::5", ["10.0.0.0/8"]),
    ],
)
def test_allow_list_keeps_closed(text: str, networks: list[str]) -> None:
    assert is_denied(ip_address(text), [ip_network(network, strict=False) for network in networks])


@given(st.ip_addresses(v=4))
def test_carried_address_is_judged_like_itself(address: IPv4Address) -> None:
    plain = is_denied(address, ())
    assert is_denied(IPv6Address(f"::ffff:{address}"), ()) == plain
    assert is_denied(IPv6Address(int(NAT64.network_address) | int(address)), ()) == plain


@given(st.sampled_from([*SPECIAL_V4, *SPECIAL_V6]), st.data())
def test_no_address_of_a_special_block_is_open(network: Network, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, network.num_addresses - 1))
    assert is_denied(network[offset], ())


def test_metadata_is_denied_without_exception() -> None:
    everything = (ip_network("0.0.0.0/0"), ip_network("::/0"))
    assert all(is_denied(address, everything) for address in METADATA)
