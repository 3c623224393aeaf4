"""An e-mail on its way: the server that takes it, the envelope, and the exact bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

LEFT_OUT: Final = "left-out"
"""Where a Response, which has no other place for it, names those whom a letter was not taken for: beside the headers of HTTP."""

MailSecurity: TypeAlias = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `tls` encrypts from the first byte, `starttls` insists on it before anything is told.

    The password is a secret and stands in no `repr`. Without `user` nobody logs in.
    """

    host: str
    port: int
    security: MailSecurity
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """Return the server as it may be shown: scheme, host and port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'smtps' if self.security == 'tls' else 'smtp'}://{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message for several people. `content` is the whole message, headers first (RFC 5322), all of it ASCII.

    `patient`: where the server puts off some recipients, nobody is sent it for now, so that the next attempt may reach all
    of them at once. Otherwise those whom it accepts are sent it.
    """

    server: MailServer
    sender: str
    recipients: tuple[str, ...]
    content: bytes = field(repr=False)
    patient: bool
