from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from ipaddress import IPv4Network
from pathlib import Path

import pytest

from monitor.config.ways_out import proxy as read_proxy
from monitor.model.errors import FetchError, FetchReason
from monitor.model.proxy import Proxy
from monitor.net import proxy as module
from monitor.net.client import HttpClient, Limits
from monitor.net.guard import Resolver
from tests.evidence import rows
from tests.net.proxies import LoopbackProxy, http_proxy, listening, socks_proxy
from tests.net.raw_server import Caller, fixed, http, serving
from tests.patience import PATIENCE

CERTS = Path(__file__).parent / "tls"
PUBLIC = "93.184.216.34"


async def unknown(_host: str, _port: int) -> Sequence[str]:
    raise socket.gaierror(-2, "Name or service not known")


async def public(_host: str, _port: int) -> Sequence[str]:
    return (PUBLIC,)


async def private(_host: str, _port: int) -> Sequence[str]:
    return (PUBLIC, "10.0.0.8")


@asynccontextmanager
async def client_through(
    proxy: str, resolve: Resolver = unknown, *, seconds: float = 5.0, allow: tuple[IPv4Network, ...] = ()
) -> AsyncIterator[HttpClient]:
    context = ssl.create_default_context(cafile=CERTS / "ca.pem")
    limits = Limits(seconds, 1_000_000, "newsmonitor/1.0", allow)
    client = HttpClient(limits, proxy=read_proxy(proxy), resolve=resolve, context=context)
    try:
        yield client
    finally:
        await client.aclose()


def server_side() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTS / "good.pem")
    return context


async def test_http_is_asked_for_by_its_whole_url_on_one_connection() -> None:
    async with (
        serving(fixed(http(b"page"))) as server,
        http_proxy() as proxy,
        client_through(f"http://127.0.0.1:{proxy.port}", public) as client,
    ):
        for path in ("/a?b=c#d", "/", "/가"):
            response = await client.get(f"http://news.test:{server.port}{path}")
            assert response.body == b"page"
            assert response.url.startswith(f"http://news.test:{server.port}/")
        posted = await client.post(f"http://news.test:{server.port}/hook", b"{}" * 9_000)
    assert posted.status == 200
    assert server.bodies[-1] == b"{}" * 9_000
    assert proxy.asked[0] == f"GET http://news.test:{server.port}/a?b=c"
    assert server.heads[0].startswith("GET /a?b=c HTTP/1.1\r\n")
    assert f"Host: news.test:{server.port}".lower() in server.heads[0].lower()
    assert proxy.connections == 1


async def test_https_goes_through_a_tunnel_and_the_server_is_verified() -> None:
    async with (
        serving(fixed(http(b"safe")), server_side()) as server,
        http_proxy("sesame-street") as proxy,
        client_through(f"http://desk:sesame-street@127.0.0.1:{proxy.port}") as client,
    ):
        for _ in range(2):
            assert (await client.get(server.url(host="good.test", scheme="https"))).body == b"safe"
        with pytest.raises(FetchError) as caught:
            await client.get(server.url(host="other.test", scheme="https"))
    assert caught.value.reason is FetchReason.TLS
    assert proxy.asked == [f"CONNECT good.test:{server.port}", f"CONNECT other.test:{server.port}"]
    assert set(proxy.credentials) == {"desk:sesame-street"}
    assert not any("sesame" in head or "proxy-auth" in head.lower() for head in server.heads)


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
@pytest.mark.parametrize("password", ["", "sesame-street"])
@pytest.mark.parametrize("secure", [False, True])
async def test_socks(scheme: str, password: str, secure: bool) -> None:  # noqa: FBT001 - test parameter
    async def home(_host: str, _port: int) -> Sequence[str]:
        return ("127.0.0.1",)

    loopback = (IPv4Network("127.0.0.0/8"),)
    user = f"desk:{password}@" if password else ""
    async with (
        serving(fixed(http(b"page")), server_side() if secure else None) as server,
        socks_proxy(password, pieces=True) as proxy,
        client_through(f"{scheme}://{user}127.0.0.1:{proxy.port}", home, allow=loopback) as client,
    ):
        url = server.url(host="good.test", scheme="https" if secure else "http")
        for _ in range(2):
            assert (await client.get(url)).body == b"page"
    name = "127.0.0.1" if scheme == "socks5" else "good.test"
    assert proxy.asked == [f"{name}:{server.port}"]
    assert proxy.credentials == ([f"desk:{password}"] if password else [])


@pytest.mark.parametrize("scheme", ["http", "socks5", "socks5h"])
async def test_what_the_guard_refuses_is_never_asked_of_the_proxy(scheme: str) -> None:
    targets = [target["url"] for target in rows("ssrf/targets.jsonl") if target["expect"] == "deny"]
    names = {
        "rebind.test": ("127.0.0.1",),
        "mixed.test": (PUBLIC, "127.0.0.1"),
        "metadata.google.internal": ("169.254.169.254",),
    }

    async def resolve(host: str, port: int) -> Sequence[str]:
        if host in names:
            return names[host]
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]

    async with (
        http_proxy() if scheme == "http" else socks_proxy() as proxy,
        client_through(f"{scheme}://127.0.0.1:{proxy.port}", resolve) as client,
    ):
        for url in (*targets, "http://localhost:1/", "https://a.localhost/", "http://[::1]:9/", "https://10.1.2.3/"):
            with pytest.raises(FetchError) as caught:
                await client.get(url)
            assert caught.value.reason in {FetchReason.BLOCKED_ADDRESS, FetchReason.BAD_URL}, url
            assert not caught.value.transient
    assert (proxy.asked, proxy.connections) == ([], 0)


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_a_name_of_which_any_address_is_private_is_refused(scheme: str) -> None:
    async with http_proxy() as proxy, client_through(f"http://127.0.0.1:{proxy.port}", private) as client:
        with pytest.raises(FetchError, match=r"10\.0\.0\.8"):
            await client.get(f"{scheme}://inside.test/")
    assert proxy.connections == 0


async def test_each_hop_of_a_redirect_passes_the_guard_and_the_proxy() -> None:
    async def talk(caller: Caller) -> None:
        steps = {"/": f"http://second.test:{caller.head.partition('test:')[2][:5]}/2", "/2": "http://127.0.0.1/"}
        await caller.say(http(b"", "302 Found", f"Location: {steps[caller.path]}"))

    async with (
        serving(talk) as server,
        http_proxy() as proxy,
        client_through(f"http://127.0.0.1:{proxy.port}", public) as client,
    ):
        with pytest.raises(FetchError) as caught:
            await client.get(f"http://first.test:{server.port:05d}/")
    assert caught.value.reason is FetchReason.BLOCKED_ADDRESS
    assert proxy.asked == [f"GET http://first.test:{server.port}/", f"GET http://second.test:{server.port}/2"]


async def test_a_name_that_nobody_answers_for_is_not_waited_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOKUP_SECONDS", 0.05)
    questions: list[str] = []

    async def silent(host: str, _port: int) -> Sequence[str]:
        questions.append(host)
        await asyncio.sleep(PATIENCE)
        return ()

    async def once(caller: Caller) -> None:
        await caller.say(http(b"page", "200 OK", "Connection: close"))

    async with (
        serving(once) as server,
        http_proxy() as proxy,
        client_through(f"http://127.0.0.1:{proxy.port}", silent, seconds=PATIENCE) as client,
    ):
        for _ in range(3):
            assert (await client.get(f"http://news.test:{server.port}/")).body == b"page"
    assert questions == ["news.test"]


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "10.0.0.1.", "[::ffff:10.0.0.1]"])
async def test_a_private_address_in_any_spelling_is_seen_without_a_name_server(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOKUP_SECONDS", 0.01)

    async def silent(_host: str, _port: int) -> Sequence[str]:
        await asyncio.sleep(PATIENCE)
        return ()

    async with http_proxy() as proxy, client_through(f"http://127.0.0.1:{proxy.port}", silent) as client:
        for scheme in ("http", "https"):
            with pytest.raises(FetchError) as caught:
                await client.get(f"{scheme}://{host}/")
            assert caught.value.reason in {FetchReason.BLOCKED_ADDRESS, FetchReason.BAD_URL}
    assert proxy.asked == []


async def _failure(proxy: str, url: str, resolve: Resolver = unknown) -> FetchError:
    async with client_through(proxy, resolve) as client:
        with pytest.raises(FetchError) as caught:
            await client.get(url)
    return caught.value


@pytest.mark.parametrize("url", ["http://news.test/", "https://news.test/"])
@pytest.mark.parametrize(
    ("status", "reason", "says"),
    [
        (407, FetchReason.PROXY, "wants a user and a password"),
        (403, FetchReason.PROXY, "refuses to connect"),
        (429, FetchReason.PROXY, "refuses to connect"),
        (502, FetchReason.CONNECT, "cannot reach it"),
        (504, FetchReason.CONNECT, "cannot reach it"),
    ],
)
async def test_what_an_http_proxy_refuses_is_told_as_the_proxys(
    url: str, status: int, reason: FetchReason, says: str
) -> None:
    async with http_proxy(status=status) as proxy, client_through(f"http://127.0.0.1:{proxy.port}") as client:
        if url.startswith("http:") and status != 407:
            assert (await client.get(url)).status == status  # whose answer this is cannot be told
            return
        with pytest.raises(FetchError) as caught:
            await client.get(url)
    assert caught.value.reason is reason
    assert caught.value.transient
    assert f"the proxy http://127.0.0.1:{proxy.port} {says}" in str(caught.value)


@pytest.mark.parametrize("url", ["http://news.test/", "https://news.test/"])
async def test_a_wrong_password_is_never_shown(url: str) -> None:
    async with http_proxy("sesame-street") as proxy:
        error = await _failure(f"http://desk:wrong-sesame@127.0.0.1:{proxy.port}", url)
    assert error.reason is FetchReason.PROXY
    assert "correct them" in str(error)
    assert "sesame" not in f"{error!r} {error} {error.__cause__!r}"


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (1, FetchReason.CONNECT),
        (2, FetchReason.PROXY),
        (4, FetchReason.CONNECT),
        (5, FetchReason.CONNECT),
        (7, FetchReason.PROXY),
    ],
)
async def test_what_a_socks_proxy_refuses(reply: int, reason: FetchReason) -> None:
    async with socks_proxy(reply=reply) as proxy, client_through(f"socks5h://127.0.0.1:{proxy.port}") as client:
        with pytest.raises(FetchError) as caught:
            await client.get("https://news.test/")
        async with asyncio.timeout(PATIENCE):
            while proxy.open:  # a refused socket is closed at once, not when everything ends
                await asyncio.sleep(0.01)
    assert caught.value.reason is reason
    assert f"the proxy socks5h://127.0.0.1:{proxy.port}" in str(caught.value)


async def test_a_socks_proxy_that_wants_a_password() -> None:
    async with socks_proxy("sesame-street") as proxy:
        for user in ("", "desk:wrong-sesame@"):
            error = await _failure(f"socks5h://{user}127.0.0.1:{proxy.port}", "http://news.test/")
            assert error.reason is FetchReason.PROXY
            assert "sesame" not in str(error)


@pytest.mark.parametrize("scheme", ["http", "socks5h"])
@pytest.mark.parametrize("url", ["http://news.test/", "https://news.test/"])
async def test_a_proxy_that_is_not_there(scheme: str, url: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = await _failure(f"{scheme}://127.0.0.1:{taken.getsockname()[1]}", url)
    assert error.reason is FetchReason.PROXY
    assert error.transient
    assert "cannot be reached" in str(error)


@pytest.mark.parametrize("scheme", ["http", "socks5h"])
@pytest.mark.parametrize("answer", [b"", b"\x00" * 40, b"SSH-2.0-OpenSSH_9\r\n\r\n"])
async def test_what_is_no_proxy(scheme: str, answer: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with listening(LoopbackProxy(), talk) as server:
        error = await _failure(f"{scheme}://127.0.0.1:{server.port}", "https://news.test/")
    assert error.reason is FetchReason.PROXY, error


async def test_a_proxy_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HANDSHAKE_SECONDS", 0.1)

    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with listening(LoopbackProxy(), silent) as server:
        for scheme in ("http", "socks5h"):
            error = await _failure(f"{scheme}://127.0.0.1:{server.port}", "https://news.test/")
            assert error.reason is FetchReason.PROXY
            assert "has not answered" in str(error)


async def test_those_in_line_do_not_wait_for_a_proxy_that_has_failed() -> None:
    async with (
        http_proxy(status=403) as proxy,
        client_through(f"http://127.0.0.1:{proxy.port}", seconds=PATIENCE) as client,
    ):
        ends = await asyncio.gather(*(client.get("https://news.test/") for _ in range(7)), return_exceptions=True)
    assert [getattr(end, "reason", end) for end in ends] == [FetchReason.PROXY] * 7


def test_a_proxy_shows_no_password() -> None:
    shown = Proxy("http", "::1", 3128, "desk", "sesame-street")
    assert "sesame" not in repr(shown)
    assert shown.name == "http://[::1]:3128"
