"""How this installation runs, apart from what it watches."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Literal, TypeAlias

from monitor.model.plan import FirstRun
from monitor.model.proxy import Proxy

AnalyserKind: TypeAlias = Literal["none", "kiwi"]
Network: TypeAlias = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Manners and limits towards news sites. `timeout` and `per_host_interval` are seconds, `max_bytes` is per page.

    `allow_networks` may be reached although they are private. `authorities` are certificates in PEM, what `ca_file` held.
    """

    user_agent: str = "monitor/0.1 (news monitor)"
    timeout: float = 20.0
    max_bytes: int = 4 * 1024 * 1024
    per_host_interval: float = 1.0
    allow_networks: tuple[Network, ...] = ()
    proxy: Proxy | None = None
    authorities: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class DeliverSettings:
    """Limits towards receivers. `timeout` is seconds for a whole attempt; the others as for FetchSettings.

    `late` is how many seconds a message of an open channel may wait before the operator hears of it.
    """

    timeout: float = 15.0
    allow_networks: tuple[Network, ...] = ()
    proxy: Proxy | None = None
    authorities: str = field(default="", repr=False)
    late: float = 900.0


@dataclass(frozen=True, slots=True)
class Retention:
    """How long things stay in the database. `articles`: seconds that articles without a hit stay; 0 keeps them all."""

    articles: float = 90 * 86_400.0


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where the daemon's pages are served, and to whom. `port` 0 lets the system choose.

    `hosts` are names under which it is asked for beside its own address. `password` is the operator's, `reader_password` that
    of who may only look; "" for none. What comes from `trusted_proxies` may say whom it speaks for.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    enabled: bool = True
    hosts: tuple[str, ...] = ()
    password: str = field(default="", repr=False)
    reader_password: str = field(default="", repr=False)
    trusted_proxies: tuple[Network, ...] = ()

    @property
    def on_loopback(self) -> bool:
        """Return whether only this machine can reach it."""
        if self.host.lower() == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True, slots=True)
class WatchdogSettings:
    """The outside watchdog: the confidential address that is got `every` so many seconds; "" for none."""

    url: str = field(default="", repr=False)
    every: float = 300.0


@dataclass(frozen=True, slots=True)
class Settings:
    """The contents of monitor.yaml with defaults filled in.

    `database` is a URL that may hold a password: it is left out of repr and must never be logged. `data_dir` is as
    written, relative to the working directory. `zone` is an IANA name. `analyser` settles what Korean grammar leaves in
    doubt. `heartbeat` is the five-field cron expression of the message that says that all is running; "" for none.
    """

    database: str = field(default="sqlite:///data/monitor.db", repr=False)
    data_dir: Path = Path("data")
    zone: str = "Asia/Seoul"
    first_run: FirstRun = "baseline"
    analyser: AnalyserKind = "none"
    fetch: FetchSettings = FetchSettings()
    deliver: DeliverSettings = DeliverSettings()
    retention: Retention = Retention()
    web: WebSettings = WebSettings()
    heartbeat: str = ""
    watchdog: WatchdogSettings = WatchdogSettings()


def until_next_start(settings: Settings) -> Settings:
    """Return what of the settings holds until the next start: without what a reload puts in force with the plan."""
    usual = Settings()
    return replace(settings, zone=usual.zone, first_run=usual.first_run, analyser=usual.analyser)
