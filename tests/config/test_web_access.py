"""The web server is opened to others with a password, or not at all."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from monitor.config.settings import Settings, WebSettings
from monitor.model.errors import ConfigError
from monitor.service.configuration import load

LONG = "correct horse battery"


def written(folder: Path, web: str) -> Settings:
    """Return the settings with that `web`."""
    (folder / "monitor.yaml").write_text(f"web: {web}\n", "utf-8")
    (folder / "sources.yaml").write_text(
        "sources: [{id: a, kind: feed, url: 'https://a.example/', every: 5m}]", "utf-8"
    )
    return load(folder, {"PASSWORD": LONG, "NOTHING": ""}).settings


def refused(folder: Path, web: str) -> str:
    """Return what is said of that `web`."""
    with pytest.raises(ConfigError) as told:
        written(folder, web)
    return str(told.value)


@pytest.mark.parametrize("listen", ["127.0.0.1:8765", "localhost:1", "[::1]:8765", "127.9.9.9:80", "LOCALHOST:80"])
def test_this_machine_needs_no_password(tmp_path: Path, listen: str) -> None:
    assert written(tmp_path, f"{{listen: '{listen}'}}").web.on_loopback


@pytest.mark.parametrize(
    "listen", ["0.0.0.0:8765", "[::]:8765", "192.168.0.5:80", "desk.example.com:80", "[2001:db8::1]:1"]
)
@pytest.mark.parametrize("password", ["", ", password: ''", ", password: '${NOTHING}'"])
def test_others_need_one(tmp_path: Path, listen: str, password: str) -> None:
    said = refused(tmp_path, f"{{listen: '{listen}'{password}}}")
    assert f"{tmp_path}/monitor.yaml:1:15: others can reach" in said
    assert "web.password" in said


@pytest.mark.parametrize("off", ["off", "{enabled: false, listen: '0.0.0.0:80'}", "'off'"])
def test_what_is_off_needs_none(tmp_path: Path, off: str) -> None:
    assert not written(tmp_path, off).web.enabled


def test_a_password_comes_from_a_variable_or_a_file_and_is_shown_nowhere(tmp_path: Path) -> None:
    (tmp_path / "word").write_text(f"{LONG} too\n", "utf-8")
    found = written(
        tmp_path,
        "{listen: '192.0.2.7:80', password: '${PASSWORD}', reader_password_file: word, hosts: Desk.example.com}",
    ).web
    assert found == WebSettings(
        host="192.0.2.7", port=80, hosts=("desk.example.com",), password=LONG, reader_password=f"{LONG} too"
    )
    assert LONG not in repr(found)


def test_proxies_are_networks(tmp_path: Path) -> None:
    assert written(tmp_path, "{password: '${PASSWORD}', trusted_proxies: [10.0.0.0/8]}").web.trusted_proxies == (
        ip_network("10.0.0.0/8"),
    )


@pytest.mark.parametrize(
    ("web", "said"),
    [
        ("{hosts: [desk.example.com]}", "`hosts` opens the web server to others"),
        ("{trusted_proxies: [127.0.0.1/32]}", "`trusted_proxies` opens the web server to others"),
        ("{password: short}", "1:7: a password must have 12"),
        ("{password: '12345678901'}", "must have 12"),
        (f"{{password: '{'x' * 1001}'}}", "to 1000 characters"),
        (f"{{password: {LONG}, password_file: word}}", "exclude each other"),
        ("{password_file: none}", "the file of `password_file`"),
        (f"{{reader_password: {LONG}}}", "no `password`"),
        (f"{{password: {LONG}, reader_password: {LONG}}}", "are the same"),
        ("{hosts: ['https://desk.example.com']}", "must be the name of a host"),
        ("{hosts: ['desk:80']}", "must be the name of a host"),
        ("{trusted_proxies: ['10.0.0.1/8']}", "monitor.yaml:1"),
        ("on", "monitor.yaml:1"),
    ],
)
def test_what_cannot_be_meant_is_told_at_its_line(tmp_path: Path, web: str, said: str) -> None:
    told = refused(tmp_path, web)
    assert said in told
    assert LONG not in told


def test_a_hash_is_taken_as_it_is(tmp_path: Path) -> None:
    made = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA"
    assert written(tmp_path, f"{{password: '{made}'}}").web.password == made
