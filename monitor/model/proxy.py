"""A proxy that stands between this process and the servers it asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

ProxyScheme: TypeAlias = Literal["http", "socks5", "socks5h"]


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where a proxy stands and how it is spoken to. `host` has no brackets; without `user` it asks for none.

    The password is a secret: it stands neither in `repr` nor in `name`.
    """

    scheme: ProxyScheme
    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """Return the proxy as it may be shown: scheme, host and port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    @property
    def is_socks(self) -> bool:
        """Return whether it speaks SOCKS5."""
        return self.scheme != "http"

    @property
    def takes_names(self) -> bool:
        """Return whether it is told the names of servers and looks them up itself; else it is told addresses."""
        return self.scheme != "socks5"
