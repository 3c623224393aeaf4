from __future__ import annotations

import ssl
from importlib import util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config import ways_out
from monitor.config.ways_out import authorities, proxy
from monitor.model.confidential import hide
from monitor.model.errors import ConfigProblem, InvalidValueError
from monitor.model.proxy import Proxy
from monitor.service.clients import page_client, webhook_client
from monitor.service.configuration import read

CA = (Path(__file__).parents[1] / "net" / "tls" / "ca.pem").read_text("utf-8")
LEAF = (Path(__file__).parents[1] / "net" / "tls" / "good.pem").read_text("utf-8")
FILES = {
    "sources.yaml": "sources: [{id: press, kind: feed, url: 'https://press.example/rss', every: 5m}]\n",
    "rules.yaml": "rules: [{id: ai, match: 인공지능, channels: [desk]}]\n",
    "channels.yaml": "channels: [{id: desk, kind: webhook, url: ''}]\n",
}


def problems(folder: Path, monitor: str, **environ: str) -> list[ConfigProblem]:
    for name, text in (FILES | {"monitor.yaml": monitor}).items():
        (folder / name).write_text(text, "utf-8")
    return list(read(folder, environ).problems)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://proxy.corp:3128", Proxy("http", "proxy.corp", 3128)),
        ("HTTP://10.0.0.1:8080/", Proxy("http", "10.0.0.1", 8080)),
        ("http://desk:p%40ss%2Fw@proxy.corp:3128", Proxy("http", "proxy.corp", 3128, "desk", "p@ss/w")),
        ("socks5://[::1]:1080", Proxy("socks5", "::1", 1080)),
        ("socks5h://u:p@127.0.0.1:9050", Proxy("socks5h", "127.0.0.1", 9050, "u", "p")),
    ],
)
def test_proxies_are_read(text: str, expected: Proxy) -> None:
    assert proxy(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "proxy.corp:3128",
        "http://proxy.corp",
        "http://proxy.corp:0",
        "http://proxy.corp:99999",
        "https://proxy.corp:3128",
        "socks4://proxy.corp:1080",
        "socks://proxy.corp:1080",
        "http://proxy.corp:3128/path",
        "http://proxy.corp:3128?x=1",
        "http://프록시:3128",
        "http://pro xy:3128",
        "http://:3128",
        "socks5://desk:%ED%95%9C@proxy.corp:1080",
        f"http://desk:{'x' * 256}@proxy.corp:3128",
    ],
)
def test_what_is_no_proxy_is_refused_at_its_line_and_never_quoted(tmp_path: Path, text: str) -> None:
    found = problems(tmp_path, f"fetch:\n  timeout: 9s\n  proxy: '{text}'\n")
    assert [(one.code, one.line) for one in found] == [("CFG015", 3)]
    assert "must" in found[0].message
    assert text not in str(found[0])


@given(st.text(max_size=60), st.sampled_from(["", "http://", "socks5://a:b@", "http://h:1"]))
def test_any_text_is_a_proxy_or_refused(text: str, before: str) -> None:
    try:
        found = proxy(before + text)
    except InvalidValueError:
        return
    assert found.host
    assert 0 < found.port < 65_536


def test_the_password_is_shown_nowhere(tmp_path: Path) -> None:
    written = "deliver: {proxy: 'http://desk:s3same%40street@10.0.0.1:3128'}\nfetch: {proxy: 'socks5://u:${PW}@h:1'}\n"
    assert problems(tmp_path, written, PW="0pen-s3same-now") == []
    loaded = read(tmp_path, {"PW": "0pen-s3same-now"}).loaded
    assert loaded.settings.deliver.proxy == Proxy("http", "10.0.0.1", 3128, "desk", "s3same@street")
    assert "s3same" not in repr(loaded.settings)
    assert hide("x s3same@street y s3same%40street z 0pen-s3same-now") == "x [hidden] y [hidden] z [hidden]"


def test_a_variable_that_is_empty_means_no_proxy(tmp_path: Path) -> None:
    assert problems(tmp_path, "fetch: {proxy: '${PROXY:-}'}\n") == []
    assert read(tmp_path, {}).loaded.settings.fetch.proxy is None


def test_socks_without_its_package_is_refused_with_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = util.find_spec
    monkeypatch.setattr(ways_out, "find_spec", lambda name: None if name == "python_socks" else real(name))
    for scheme, codes in (("socks5", ["CFG041"]), ("socks5h", ["CFG041"]), ("http", [])):
        found = problems(tmp_path, f"\ndeliver: {{proxy: '{scheme}://h:1080'}}\n")
        assert [one.code for one in found] == codes
        assert all(one.line == 2 and "monitor[socks]" in one.hint for one in found)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "does not exist"),
        (b"", "holds no certificate"),
        ("회사 인증서\n".encode(), "holds no certificate"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "holds no certificate"),
        (ssl.PEM_cert_to_DER_cert(CA), "openssl x509 -inform der"),
        (CA.replace("M", "A", 9).encode(), "broken: number 1"),
        ((CA + CA[:300] + CA[340:]).encode(), "broken: number 2"),
        (b"x" * (4 * 1024 * 1024 + 1), "larger than 4 MB"),
    ],
)
@pytest.mark.parametrize("key", ["fetch", "deliver"])
def test_a_file_that_cannot_be_used_is_refused_at_its_line(
    tmp_path: Path, key: str, content: bytes | None, says: str
) -> None:
    if content is not None:
        (tmp_path / "corp.pem").write_bytes(content)
    (found,) = problems(tmp_path, f"{key}:\n  ca_file: corp.pem\n")
    assert (found.code, found.line, Path(found.file).name) == ("CFG022", 2, "monitor.yaml")
    assert says in found.message
    assert "corp.pem" in found.hint


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    written = "fetch:\n  ca_file: gone.pem\n  proxy: 'http://h'\ndeliver: {timeout: soon, ca_file: gone.pem}\n"
    found = [(one.code, one.line) for one in problems(tmp_path, written)]
    assert sorted(found) == [("CFG015", 3), ("CFG015", 4), ("CFG022", 2), ("CFG022", 4)]


@pytest.mark.parametrize(
    "text", ["fetch: 5\n", "fetch: {ca_file: [a]}\n", "- a\n", "fetch: {ca_file: 5}\n", "fetch: {ca_file: a\\0b}\n"]
)
def test_whatever_stands_there_ends_in_problems(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text)


def test_a_folder_is_no_file_of_certificates(tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match="is not a file"):
        authorities(tmp_path)


@pytest.mark.parametrize("text", [CA, "# 사내 인증 기관\r\n" + CA.replace("\n", "\r\n") + "tail", LEAF + CA, CA + CA])
def test_certificates_are_found_whatever_stands_around_them(tmp_path: Path, text: str) -> None:
    (tmp_path / "corp.pem").write_text(text, "utf-8", newline="")
    assert (
        problems(
            tmp_path, "fetch: {ca_file: corp.pem}\ndeliver: {ca_file: '${CORP}'}\n", CORP=str(tmp_path / "corp.pem")
        )
        == []
    )
    settings = read(tmp_path, {"CORP": str(tmp_path / "corp.pem")}).loaded.settings
    assert settings.fetch.authorities == settings.deliver.authorities
    for client in (page_client(settings), webhook_client(settings)):
        assert client._tls().cert_store_stats()["x509_ca"] > 50
    assert "PRIVATE" not in settings.fetch.authorities
