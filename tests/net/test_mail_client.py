"""Letters through real sockets: TLS, log-in, who is sent what when some are refused, deadlines, closed addresses."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from monitor.model.errors import FetchError, FetchReason
from monitor.model.letter import Letter, MailSecurity, MailServer
from monitor.model.proxy import Proxy, ProxyScheme
from monitor.net.addresses import Network
from monitor.net.client import Limits
from monitor.net.mail_client import MailClient
from tests.net.proxies import http_proxy, socks_proxy
from tests.net.raw_server import LOOPBACK
from tests.replica.mail_server import MailServerReplica

CERTS = Path(__file__).parent / "tls"
CONTENT = b"Subject: hello\r\n\r\nfirst\r\n.second\r\n..third\r\n"
PEOPLE = ("a@example.com", "b@example.com", "c@example.com")


def server_side(name: str = "good") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTS / f"{name}.pem")
    return context


async def loopback(_host: str, _port: int) -> Sequence[str]:
    return ("127.0.0.1",)


@asynccontextmanager
async def mailing(
    seconds: float = 10.0,
    networks: tuple[Network, ...] = LOOPBACK,
    proxy: Proxy | None = None,
    *,
    trusting: bool = True,
) -> AsyncIterator[MailClient]:
    context = ssl.create_default_context(cafile=CERTS / "ca.pem") if trusting else None
    limits = Limits(seconds, 1_000_000, "monitor-test", networks, opened_by="deliver.allow_networks")
    client = MailClient(limits, proxy=proxy, resolve=loopback, context=context)
    try:
        yield client
    finally:
        await client.aclose()


def letter(
    server: MailServerReplica,
    security: MailSecurity = "none",
    *,
    user: str = "",
    password: str = "",
    host: str = "good.test",
    patient: bool = False,
) -> Letter:
    where = MailServer(host, server.port, security, user, password)
    return Letter(where, "desk@example.com", PEOPLE, CONTENT, patient)


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
@pytest.mark.parametrize("user", ["", "desk"])
async def test_a_letter_is_taken_as_it_is(security: MailSecurity, user: str) -> None:
    tls = None if security == "none" else server_side()
    users = {"desk": "p@ss wörd"} if user else {}
    async with MailServerReplica(tls, at_once=security == "tls", users=users) as server, mailing() as client:
        said = await client.mail(letter(server, security, user=user, password="p@ss wörd"))
    assert (said.status, said.body) == (250, b"2.0.0 taken")
    (taken,) = server.letters
    assert (taken.sender, taken.recipients, taken.content) == ("desk@example.com", PEOPLE, CONTENT)
    assert (taken.user, taken.encrypted) == (user, security != "none")
    assert server.commands[-1] == "QUIT"
    assert "EHLO [127.0.0.1]" in server.commands


@pytest.mark.parametrize(
    ("refusals", "patient", "status", "reached"),
    [
        ({"RCPT b": "550 5.1.1 unknown"}, False, 250, "ac"),
        ({"RCPT b": "550 5.1.1 unknown"}, True, 250, "ac"),
        ({"RCPT b": "450 4.2.0 greylisted"}, True, 450, ""),
        ({"RCPT b": "450 4.2.0 greylisted"}, False, 250, "ac"),
        ({"RCPT a": "550 no", "RCPT c": "451 later"}, True, 451, ""),
        ({"RCPT a": "550 no", "RCPT c": "451 later"}, False, 250, "b"),
        ({"RCPT b": "452 4.2.2 mailbox full"}, True, 250, "ac"),
        ({"RCPT": "550 no"}, False, 550, ""),
        ({"RCPT": "450 later"}, False, 450, ""),
        ({"RCPT a": "550 no", "RCPT": "450 later"}, False, 450, ""),
        ({"RCPT": "452 4.2.2 mailbox full"}, True, 452, ""),
        ({"RCPT b": "421 too busy"}, False, 421, ""),
        ({"MAIL": "553 not yours"}, False, 553, ""),
        ({"DATA": "451 disk"}, False, 451, ""),
        ({".": "554 spam"}, False, 554, ""),
        ({"GREETING": "554 not you"}, False, 554, ""),
        ({"GREETING": "421 later"}, False, 421, ""),
    ],
)
async def test_refusals(refusals: dict[str, str], patient: bool, status: int, reached: str) -> None:  # noqa: FBT001 - a table
    replies = {command: [reply] for command, reply in refusals.items()}
    async with MailServerReplica(replies=replies) as server, mailing() as client:
        said = await client.mail(letter(server, patient=patient))
    assert said.status == status
    told = [recipient[0] for taken in server.letters for recipient in taken.recipients]
    assert "".join(told) == reached
    if reached:
        words = said.headers.get("left-out", "")
        assert all((person in words) == (person[0] not in reached) for person in PEOPLE)


@pytest.mark.parametrize(
    ("replies", "reason"),
    [
        ({"GREETING": "hang"}, FetchReason.TIMEOUT),
        ({"EHLO": "hang"}, FetchReason.TIMEOUT),
        ({"RCPT c": "hang"}, FetchReason.TIMEOUT),
        ({".": "hang"}, FetchReason.TIMEOUT),
        ({"GREETING": ""}, FetchReason.CONNECT),
        ({"RCPT c": ""}, FetchReason.CONNECT),
        ({".": ""}, FetchReason.CONNECT),
        ({"GREETING": "hello there"}, FetchReason.PROTOCOL),
        ({"EHLO": "250-" + "x" * 40_000}, FetchReason.PROTOCOL),
        ({"MAIL": "250-" + "x" * 600_000}, FetchReason.PROTOCOL),
    ],
)
async def test_failures_below_smtp(replies: dict[str, str], reason: FetchReason) -> None:
    told = {command: [reply] for command, reply in replies.items()}
    seconds = 0.4 if reason is FetchReason.TIMEOUT else 10.0
    async with MailServerReplica(replies=told) as server, mailing(seconds) as client:
        with pytest.raises(FetchError) as caught:
            await client.mail(letter(server))
    assert caught.value.reason is reason
    assert server.letters == []


@pytest.mark.slow
async def test_a_server_that_never_says_goodbye_has_taken_the_letter() -> None:
    async with MailServerReplica(replies={"QUIT": ["hang"]}) as server, mailing(0.5) as client:
        assert (await client.mail(letter(server))).status == 250
    assert len(server.letters) == 1


@pytest.mark.parametrize(
    ("certificate", "host", "trusting", "security"),
    [
        ("expired", "good.test", True, "tls"),
        ("good", "other.test", True, "tls"),
        ("good", "good.test", False, "starttls"),
        ("expired", "good.test", True, "starttls"),
    ],
)
async def test_a_certificate_that_is_not_believed_ends_it(
    certificate: str,
    host: str,
    trusting: bool,  # noqa: FBT001 - a table
    security: MailSecurity,
) -> None:
    replica = MailServerReplica(server_side(certificate), at_once=security == "tls", users={"desk": "canary-7"})
    async with replica as server, mailing(trusting=trusting) as client:
        with pytest.raises(FetchError) as caught:
            await client.mail(letter(server, security, user="desk", password="canary-7", host=host))
    assert caught.value.reason is FetchReason.TLS
    assert not [command for command in server.commands if command.startswith("AUTH")]
    assert "canary-7" not in str(caught.value)


async def test_nothing_is_told_in_the_clear_where_starttls_is_not_offered() -> None:
    async with MailServerReplica(users={"desk": "p"}) as server, mailing() as client:
        with pytest.raises(FetchError, match="offers no STARTTLS"):
            await client.mail(letter(server, "starttls", user="desk", password="p"))
    assert {command.split(" ")[0] for command in server.commands} <= {"GREETING", "EHLO"}


async def test_a_server_that_knows_no_log_in_is_told_as_that() -> None:
    async with MailServerReplica() as server, mailing() as client:
        with pytest.raises(FetchError, match="AUTH extension is not supported") as caught:
            await client.mail(letter(server, user="desk", password="p"))
    assert caught.value.reason is FetchReason.PROTOCOL


async def test_a_wrong_password_is_a_reply() -> None:
    async with MailServerReplica(server_side(), users={"desk": "right"}) as server, mailing() as client:
        said = await client.mail(letter(server, "starttls", user="desk", password="wrong"))
    assert said.status == 535
    assert server.letters == []


@pytest.mark.parametrize("host", ["good.test", "127.0.0.1", "localhost", "2130706433"])
async def test_a_closed_address_is_never_contacted(host: str) -> None:
    networks = (IPv4Network("10.0.0.0/8"),)
    async with MailServerReplica() as server, mailing(networks=networks) as client:
        with pytest.raises(FetchError, match=r"deliver\.allow_networks") as caught:
            await client.mail(replace(letter(server), server=MailServer(host, server.port, "none")))
    assert caught.value.reason is FetchReason.BLOCKED_ADDRESS
    assert server.commands == []


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
async def test_mail_goes_through_the_proxy(scheme: ProxyScheme) -> None:
    way = http_proxy() if scheme == "http" else socks_proxy()
    async with way as between, MailServerReplica(server_side()) as server:
        proxy = Proxy(scheme, "127.0.0.1", between.port)
        async with mailing(proxy=proxy) as client:
            said = await client.mail(letter(server, "starttls"))
    assert said.status == 250
    assert len(server.letters) == 1
    assert between.connections == 1
