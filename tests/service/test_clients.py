"""The ways out that the settings describe, on real sockets: pages by one proxy, messages by the other."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from monitor.config.settings import DeliverSettings, FetchSettings, Settings
from monitor.config.ways_out import proxy as read_proxy
from monitor.model.errors import FetchError, FetchReason
from monitor.service.clients import page_client, visiting, webhook_client
from tests.net.proxies import http_proxy, socks_proxy
from tests.net.raw_server import LOOPBACK, Caller, http, serving
from tests.patience import PATIENCE

PUBLIC = "93.184.216.34"  # nobody is asked for a name; the proxies lead every address to loopback


async def _site(caller: Caller) -> None:
    robots = caller.path == "/robots.txt"
    body = b"User-agent: *\nDisallow: /secret\n" if robots else b"<html><title>page</title></html>"
    await caller.say(http(body, "200 OK", f"Content-Type: {'text/plain' if robots else 'text/html'}"))


def _settings(fetch: str, deliver: str = "") -> Settings:
    pages = replace(FetchSettings(), per_host_interval=0.0, proxy=read_proxy(fetch))
    return Settings(fetch=pages, deliver=DeliverSettings(proxy=read_proxy(deliver) if deliver else None))


async def test_robots_and_pages_go_through_the_proxy_of_fetch_and_messages_through_that_of_deliver() -> None:
    async with serving(_site) as site, http_proxy() as pages, socks_proxy() as messages:
        settings = _settings(f"http://127.0.0.1:{pages.port}", f"socks5h://127.0.0.1:{messages.port}")
        host = f"{PUBLIC}:{site.port}"
        async with visiting(settings) as visitor:
            page = await visitor.fetcher.fetch(f"http://{host}/view/1")
            with pytest.raises(FetchError) as caught:
                await visitor.fetcher.fetch(f"http://{host}/secret")
        assert "page" in page.text
        assert caught.value.reason is FetchReason.ROBOTS
        assert pages.asked == [f"GET http://{host}/robots.txt", f"GET http://{host}/view/1"]
        client = webhook_client(settings)
        posted = await client.post(f"http://{host}/hook", b"{}")
        await client.aclose()
    assert posted.status == 200
    assert messages.asked == [host]
    assert len(pages.asked) == 2


@pytest.mark.parametrize("scheme", ["http", "socks5h"])
async def test_a_proxy_that_is_gone_is_the_proxys_fault_and_no_host_is_left_alone_for_it(scheme: str) -> None:
    async with http_proxy() if scheme == "http" else socks_proxy() as gone:
        port = gone.port
    async with visiting(_settings(f"{scheme}://127.0.0.1:{port}")) as visitor:
        for number in range(8):
            with pytest.raises(FetchError) as caught:
                await visitor.fetcher.fetch(f"https://{PUBLIC}/view/{number}")
            assert caught.value.reason is FetchReason.PROXY
            assert caught.value.transient
            assert caught.value.detail.startswith(
                f"robots.txt: the proxy {scheme}://127.0.0.1:{port} cannot be reached"
            )


@pytest.mark.parametrize("host", ["10.0.0.5", "169.254.169.254", "[fd00::1]"])
async def test_a_private_address_is_refused_with_the_setting_that_opens_it(host: str) -> None:
    settings = Settings()
    for client, key in ((page_client(settings), "fetch"), (webhook_client(settings), "deliver")):
        with pytest.raises(FetchError) as caught:
            await client.get(f"http://{host}/")
        await client.aclose()
        assert caught.value.reason is FetchReason.BLOCKED_ADDRESS
        assert caught.value.detail.endswith(
            f"; if it is yours, list its network as `{key}.allow_networks` in monitor.yaml"
        )


async def test_a_silent_channel_holds_back_no_other_of_its_host() -> None:
    over = asyncio.Event()

    async def relay(caller: Caller) -> None:
        if caller.path != "/well":
            await over.wait()
        await caller.say(http(b"ok"))

    client = webhook_client(Settings(deliver=DeliverSettings(allow_networks=LOOPBACK)))
    async with serving(relay) as server:
        silent = [asyncio.create_task(client.post(server.url(f"/{number}"), b"{}")) for number in range(12)]
        async with asyncio.timeout(PATIENCE):
            while len(server.heads) < len(silent):
                await asyncio.sleep(0.001)
        assert (await client.post(server.url("/well"), b"{}")).status == 200
        over.set()
        assert [response.status for response in await asyncio.gather(*silent)] == [200] * 12
        before = server.connections
        await asyncio.gather(*(client.post(server.url("/well"), b"{}") for _ in silent))
        assert server.connections == before, "a connection is kept for each"
        await client.aclose()
