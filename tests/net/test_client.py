from __future__ import annotations

import asyncio
import gzip
import logging
import socket

import brotli  # type: ignore[import-untyped]  # no stubs are published
import httpx
import pytest
import respx

from monitor.model.errors import FetchError, FetchReason
from monitor.model.page import Response
from monitor.net.client import HttpClient, Limits
from tests.net.raw_server import LOOPBACK, Caller, client_of, fixed, http, limits, serving

PAGE = "오픈AI는 5일 …".encode()


async def test_answer_holds_what_the_server_said() -> None:
    answer_bytes = http(PAGE, "200 Fine", "Content-Type: text/html; charset=utf-8", "X-Two: a", "x-two: b")
    async with serving(fixed(answer_bytes)) as server, client_of() as client:
        response = await client.get(server.url("/a?b=c#d"))
    assert isinstance(response, Response)
    assert response.status == 200
    assert response.body == PAGE
    assert response.url == server.url("/a?b=c#d")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["x-two"] == "a, b"
    assert response.elapsed_ms > 0
    assert server.heads[0].startswith("GET /a?b=c HTTP/1.1\r\n")


async def test_request_names_itself_and_what_it_can_read() -> None:
    async with serving(fixed(http())) as server, client_of() as client:
        await client.get(server.url(), {"If-None-Match": '"1"', "Accept": "application/json"})
    sent = dict(line.split(": ", 1) for line in server.heads[0].lower().strip().split("\r\n")[1:])
    assert sent["user-agent"] == "newsmonitor/1.0"
    assert sent["accept-encoding"] == "gzip, br"
    assert sent["if-none-match"] == '"1"'
    assert sent["accept"] == "application/json"
    assert sent["accept-language"].startswith("ko")
    assert "cookie" not in sent


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified", "404 Not Found", "500 Oops", "302 Found"])
async def test_any_status_is_an_answer(status: str) -> None:
    bodiless = status[:3] in {"204", "304"}
    answer_bytes = f"HTTP/1.1 {status}\r\n\r\n".encode() if bodiless else http(b"x", status)
    async with serving(fixed(answer_bytes)) as server, client_of() as client:
        response = await client.get(server.url())
    assert response.status == int(status[:3])
    assert response.body == (b"" if bodiless else b"x")


async def test_compressed_bodies_are_decoded() -> None:
    page = PAGE * 5000
    by_path = {
        "/gzip": http(gzip.compress(page), "200 OK", "Content-Encoding: gzip"),
        "/x-gzip": http(gzip.compress(page), "200 OK", "Content-Encoding: X-GZip"),
        "/br": http(brotli.compress(page), "200 OK", "Content-Encoding: br"),
        "/members": http(gzip.compress(page[:9]) + gzip.compress(page[9:]), "200 OK", "Content-Encoding: gzip"),
        "/identity": http(page, "200 OK", "Content-Encoding: identity"),
    }

    async def talk(caller: Caller) -> None:
        await caller.say(by_path[caller.path])

    async with serving(talk) as server, client_of() as client:
        bodies = [(await client.get(server.url(path))).body for path in by_path]
    assert bodies == [page] * 5


async def test_chunked_body_and_body_until_close() -> None:
    async def talk(caller: Caller) -> None:
        if caller.path == "/chunked":
            await caller.say(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
            )
        else:
            await caller.say(b"HTTP/1.0 200 OK\r\n\r\nabcde")
            caller.writer.close()

    async with serving(talk) as server, client_of() as client:
        assert (await client.get(server.url("/chunked"))).body == b"abcde"
        assert (await client.get(server.url("/close"))).body == b"abcde"


@pytest.mark.parametrize(("size", "fits"), [(999, True), (1000, True), (1001, False)])
@pytest.mark.parametrize("packed", [False, True])
async def test_byte_cap_is_exact(size: int, fits: bool, packed: bool) -> None:  # noqa: FBT001 - test parameters
    body = bytes(size)
    sent = http(gzip.compress(body), "200 OK", "Content-Encoding: gzip") if packed else http(body)
    async with serving(fixed(sent)) as server, client_of(5, 1000) as client:
        if fits:
            assert (await client.get(server.url())).body == body
        else:
            with pytest.raises(FetchError) as caught:
                await client.get(server.url())
            assert caught.value.reason is FetchReason.TOO_LARGE
            assert not caught.value.transient


async def test_keep_cuts_instead_of_refusing() -> None:
    async with serving(fixed(http(b"abc" * 100_000))) as server, client_of(5, 1000) as client:
        assert (await client.get(server.url(), keep=5)).body == b"abcab"


async def test_redirects_are_followed_and_the_last_url_is_told() -> None:
    async def talk(caller: Caller) -> None:
        step = int(caller.path[1:])
        codes = ("301 A", "302 B", "303 C", "307 D", "308 E")
        await caller.say(http(b"end") if step == 5 else http(b"hop", codes[step], f"Location: /{step + 1}"))

    async with serving(talk) as server, client_of() as client:
        response = await client.get(server.url("/0"))
    assert (response.url, response.body) == (server.url("/5"), b"end")
    assert len(server.heads) == 6


async def test_korean_location_in_raw_bytes() -> None:
    async def talk(caller: Caller) -> None:
        start = caller.path == "/"
        await caller.say(
            "HTTP/1.1 302 F\r\nContent-Length: 0\r\nLocation: /뉴스\r\n\r\n".encode() if start else http(b"ok")
        )

    async with serving(talk) as server, client_of() as client:
        response = await client.get(server.url("/"))
    assert response.body == b"ok"
    assert "GET /%EB%89%B4%EC%8A%A4 " in server.heads[1]


async def test_credentials_stay_with_their_origin() -> None:
    async with serving(fixed(http(b"other"))) as other:

        async def talk(caller: Caller) -> None:
            target = "/second" if caller.path == "/" else other.url("/elsewhere")
            await caller.say(http(b"", "302 F", f"Location: {target}"))

        async with serving(talk) as server, client_of() as client:
            url = f"http://user:p%40ss@127.0.0.1:{server.port}/"
            response = await client.get(url, {"X-Mine": "1", "Cookie": "a=b"})
    assert response.url == other.url("/elsewhere")
    assert all("authorization: Basic dXNlcjpwQHNz" in head for head in server.heads)
    assert "authorization" not in other.heads[0].lower()
    assert "cookie" not in other.heads[0].lower()
    assert "x-mine: 1" in other.heads[0].lower()


async def test_post_sends_the_body_and_never_follows() -> None:
    async with (
        serving(fixed(http(b"moved", "308 Permanent Redirect", "Location: /there"))) as server,
        client_of() as client,
    ):
        response = await client.post(server.url("/hook"), b'{"a":1}', {"Content-Type": "application/json"})
    assert (response.status, response.body, response.headers["location"]) == (308, b"moved", "/there")
    assert server.bodies == [b'{"a":1}']
    assert server.heads[0].startswith("POST /hook ")
    assert "content-type: application/json" in server.heads[0].lower()


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_a_change_goes_out_as_a_post_does(method: str) -> None:
    async with (
        serving(fixed(http(b"moved", "307 Temporary Redirect", "Location: /there"))) as server,
        client_of() as client,
    ):
        response = await client.change(method, server.url("/messages/7"), b'{"a":1}', {"X-Mine": "1"})
    assert (response.status, response.body) == (307, b"moved")
    assert server.bodies == [b'{"a":1}']
    assert server.heads[0].startswith(f"{method} /messages/7 ")
    assert "x-mine: 1" in server.heads[0].lower()


async def test_post_does_not_decode() -> None:
    packed = gzip.compress(b"x" * 100)
    async with serving(fixed(http(packed, "200 OK", "Content-Encoding: gzip"))) as server, client_of() as client:
        assert (await client.post(server.url(), b"")).body == packed


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "no-scheme",
            "//host/",
            "http://",
            "http:///path",
            "ftp://example.com/",
            "file:///etc/passwd",
            "http://[",
        ),
        *(
            "javascript:alert(1)",
            "http://exa mple.com/",
            "http://a\x00b/",
            "http://[fe80::1%25lo]/",
            "http://" + "a" * 9000,
        ),
    ],
)
async def test_bad_urls(url: str) -> None:
    async with client_of() as client:
        for send in (client.get, lambda bad: client.post(bad, b"")):
            with pytest.raises(FetchError) as caught:
                await send(url)
            assert caught.value.reason is FetchReason.BAD_URL
            assert not caught.value.transient


async def test_nobody_listens() -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    async with client_of() as client:
        with pytest.raises(FetchError) as caught:
            await client.get(f"http://127.0.0.1:{port}/")
    assert caught.value.reason is FetchReason.CONNECT
    assert caught.value.transient


async def test_loopback_is_closed_unless_allowed() -> None:
    async with serving(fixed(http())) as server:
        client = HttpClient(Limits(5, 1000, "newsmonitor/1.0"))
        with pytest.raises(FetchError) as caught:
            await client.get(server.url())
        await client.aclose()
    assert caught.value.reason is FetchReason.BLOCKED_ADDRESS
    assert server.connections == 0


async def test_connection_is_reused_and_a_dropped_one_replaced() -> None:
    async def talk(caller: Caller) -> None:
        await caller.say(http(b"1"))
        if caller.path == "/last":
            caller.writer.close()

    async with serving(talk) as server, client_of() as client:
        for path in ("/", "/", "/last", "/", "/"):
            assert (await client.get(server.url(path))).body == b"1"
    assert len(server.heads) == 5
    assert server.connections == 2


async def test_get_is_repeated_once_when_a_kept_connection_dies_under_it() -> None:
    async def talk(caller: Caller) -> None:
        if caller.path == "/drop" and caller.head.count("x-first: 1") and len(server.heads) == 2:
            caller.writer.transport.abort()
            return
        await caller.say(http(b"1"))

    async with serving(talk) as server, client_of() as client:
        await client.get(server.url("/"))
        assert (await client.get(server.url("/drop"), {"X-First": "1"})).body == b"1"
        assert len(server.heads) == 3


async def test_post_is_never_repeated_by_itself() -> None:
    async def talk(caller: Caller) -> None:
        if caller.path == "/drop":
            caller.writer.transport.abort()
            return
        await caller.say(http(b"1"))

    async with serving(talk) as server, client_of() as client:
        await client.post(server.url("/"), b"")
        with pytest.raises(FetchError) as caught:
            await client.post(server.url("/drop"), b"")
    assert caught.value.transient
    assert [head.split(" ")[1] for head in server.heads] == ["/", "/drop"]


async def test_proxy_variables_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    async with serving(fixed(http(b"direct"))) as server, client_of() as client:
        assert (await client.get(server.url())).body == b"direct"


async def test_secret_paths_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        async with serving(fixed(http())) as server, client_of() as client:
            await client.post(server.url("/secret-path"), b"")
    assert "secret-path" not in caplog.text


async def test_two_hundred_headers_pass_and_one_more_does_not() -> None:
    def response(count: int) -> bytes:
        return http(b"", "200 OK", *(f"X-{n}: 1" for n in range(count - 1)))

    for count, fits in ((200, True), (201, False)):
        async with serving(fixed(response(count))) as server, client_of() as client:
            if fits:
                assert (await client.get(server.url())).status == 200
            else:
                with pytest.raises(FetchError) as caught:
                    await client.get(server.url())
                assert caught.value.reason is FetchReason.PROTOCOL


@respx.mock
async def test_respx_stands_in_for_any_host() -> None:
    route = respx.get("https://news.example/list").mock(return_value=httpx.Response(200, text="가짜"))
    hook = respx.post("https://hooks.example/x").respond(202, content=b"taken")
    broken = respx.get("https://down.example/").mock(side_effect=httpx.ConnectError("down"))
    async with client_of() as client:
        page = await client.get("https://news.example/list")
        taken = await client.post("https://hooks.example/x", b"{}")
        with pytest.raises(FetchError) as caught:
            await client.get("https://down.example/")
    assert (page.status, page.body.decode()) == (200, "가짜")
    assert (taken.status, taken.body) == (202, b"taken")
    assert caught.value.reason is FetchReason.CONNECT
    assert route.called
    assert hook.calls.last.request.content == b"{}"
    assert broken.called


@respx.mock
async def test_a_descent_from_https_within_a_site_is_followed_without_what_is_personal() -> None:
    respx.get("https://news.example/").respond(301, headers={"Location": "http://www.news.example/"})
    plain = respx.get("http://www.news.example/").respond(200, content=b"page")
    async with client_of() as client:
        response = await client.get("https://u:p@news.example/", {"Authorization": "Basic x", "Cookie": "a=b"})
    assert (response.url, response.body) == ("http://www.news.example/", b"page")
    assert not {"authorization", "cookie"} & set(plain.calls.last.request.headers)


@respx.mock
async def test_a_descent_from_https_to_another_site_is_refused() -> None:
    respx.get("https://news.example/").respond(301, headers={"Location": "http://other.example/"})
    async with client_of() as client:
        with pytest.raises(FetchError) as caught:
            await client.get("https://news.example/")
    assert caught.value.reason is FetchReason.BAD_REDIRECT


async def test_many_hosts_at_once() -> None:
    async with serving(fixed(http(b"x")), host="0.0.0.0") as server:  # noqa: S104 - all of loopback, for a moment
        client = HttpClient(limits())
        urls = [server.url(host=f"127.0.4.{n}") for n in range(1, 61)] * 3
        answers = await asyncio.gather(*(client.get(url) for url in urls))
        await client.aclose()
    assert [response.status for response in answers] == [200] * 180


def test_limits_have_safe_defaults() -> None:
    plain = Limits(20.0, 4_000_000, "newsmonitor/1.0")
    assert plain.allow_networks == ()
    assert plain.max_redirects == 5
    assert plain.max_headers == 200
    assert LOOPBACK[0].is_loopback
