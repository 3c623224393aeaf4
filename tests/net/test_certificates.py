from __future__ import annotations

import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest

from monitor.config.ways_out import authorities
from monitor.model.errors import FetchError, FetchReason
from monitor.net.certificates import missing_roots, trusting
from monitor.net.client import HttpClient, Limits
from monitor.net.failure import Failure
from tests.net.raw_server import LOOPBACK, fixed, http, serving

CERTS = Path(__file__).parent / "tls"


def _server_side(name: str = "good") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTS / f"{name}.pem")
    return context


async def _home(_host: str, _port: int) -> Sequence[str]:
    return ("127.0.0.1",)


async def _body(authority: str = "", *, certificate: str = "good", post: bool = False) -> bytes:
    client = HttpClient(Limits(5.0, 1_000_000, "newsmonitor/1.0", LOOPBACK), resolve=_home, authorities=authority)
    try:
        async with serving(fixed(http(b"safe")), _server_side(certificate)) as server:
            url = server.url(host="good.test", scheme="https")
            return (await (client.post(url, b"{}") if post else client.get(url))).body
    finally:
        await client.aclose()


@pytest.mark.parametrize("post", [False, True])
async def test_an_authority_of_ones_own_is_believed(post: bool) -> None:  # noqa: FBT001 - test parameter
    assert await _body(authorities(CERTS / "ca.pem"), post=post) == b"safe"


def test_the_public_authorities_stay() -> None:
    public, both = trusting("", {}), trusting(authorities(CERTS / "ca.pem"), {})
    assert both.cert_store_stats()["x509_ca"] == public.cert_store_stats()["x509_ca"] + 1
    assert public.cert_store_stats()["x509_ca"] > 50
    assert both.verify_mode is ssl.CERT_REQUIRED
    assert both.check_hostname


@pytest.mark.parametrize("post", [False, True])
async def test_an_unknown_authority_names_the_mend(post: bool) -> None:  # noqa: FBT001 - test parameter
    with pytest.raises(FetchError, match="ca_file") as caught:
        await _body(post=post)
    assert caught.value.reason is FetchReason.TLS
    assert "_ssl.c" not in str(caught.value)


async def test_a_certificate_that_has_ended_does_not_name_a_mend_that_would_not_help() -> None:
    with pytest.raises(FetchError, match="certificate has expired") as caught:
        await _body(authorities(CERTS / "ca.pem"), certificate="expired")
    assert "ca_file" not in str(caught.value)


async def test_roots_named_by_the_environment_are_believed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTS / "ca.pem"))
    assert await _body() == b"safe"
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with pytest.raises(FetchError, match="not believed"):
        await _body()


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
async def test_roots_that_are_not_there_are_said_aloud(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone = {name: str(tmp_path / "gone")}
    assert name in missing_roots(gone)
    with pytest.raises(Failure, match=name):
        trusting("", gone)
    monkeypatch.setenv(name, gone[name])
    with pytest.raises(FetchError, match=rf"{name} names .*gone") as caught:
        await _body()
    assert caught.value.reason is FetchReason.TLS


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"])
async def test_a_proxy_of_the_environment_is_not_used(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert await _body(authorities(CERTS / "ca.pem")) == b"safe"
