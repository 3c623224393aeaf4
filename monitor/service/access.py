"""Who asks the web server, and what they may do: passwords, sessions, tokens."""

from __future__ import annotations

import asyncio
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from monitor.config.settings import WebSettings
from monitor.config.web_access import HASHED, LONGEST
from monitor.model.access import Grant, Role, Scope, SessionRecord
from monitor.model.errors import MonitorError
from monitor.pipeline.ports import Clock
from monitor.service.login_throttle import LoginThrottle
from monitor.service.reading import Reading
from monitor.service.tokens import digest, new_secret
from monitor.store.write.access_store import AccessStore

LASTS: Final = timedelta(days=7)
"""How long a session lasts, whatever is done in it."""
_MOST_KNOWN: Final = 1_000
_TRYING: Final = 8
"""Passwords that are checked or wait for it; each takes a twentieth of a second and 19 MB."""
# What OWASP asks of argon2id at least; the daemon has half a gigabyte for everything.
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class LoginError(MonitorError):
    """Nobody is let in: the password is wrong, or was tried too often (`wait` seconds until it may be tried again)."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a request shows: a bearer token, the secret of a cookie; None without. `is_local`: it comes from this machine, directly."""

    bearer: str | None = None
    cookie: str | None = None
    is_local: bool = False


class Access:
    """Knows who asks. While there is no password, this machine may do everything, and nobody else anything."""

    def __init__(
        self, *, settings: WebSettings, reading: Reading, store: AccessStore, clock: Clock, throttle: LoginThrottle
    ) -> None:
        """Go by the passwords of `settings`; `reading` is asked at each request, so that what is revoked ends at once."""
        self._passwords = {
            role: text
            for role, text in ((Role.OPERATOR, settings.password), (Role.READER, settings.reader_password))
            if text
        }
        self._hashes: dict[Role, str] = {}
        self._proven: dict[str, bool] = {}
        self._reading = reading
        self._store = store
        self._clock = clock
        self._throttle = throttle
        self._checking = asyncio.Semaphore(1)
        self._trying = 0
        self._used: dict[int, date] = {}

    @property
    def is_open(self) -> bool:
        """Return whether this machine needs no password."""
        return not self._passwords

    async def grant(self, shown: Credentials) -> Grant | None:
        """Return who asks, None for nobody who is known. A token that is wrong lets nobody in, whatever else is shown.

        Raises StoreError.
        """
        if shown.bearer is not None:
            return await self._by_token(shown.bearer)
        if self.is_open:
            return Grant("local", Scope.ADMIN) if shown.is_local else None
        return await self._by_session(shown.cookie) if shown.cookie else None

    async def _by_token(self, bearer: str) -> Grant | None:
        kept = digest(bearer)
        found = await self._reading.ask(lambda reader: reader.token(kept))
        now = self._clock()
        if found is None or not found.in_force(now):
            return None
        if found.last_used_on != now.date() and self._used.get(found.id) != now.date():
            self._used[found.id] = now.date()
            await self._store.use_token(found.id, now.date())
        return Grant(found.name, found.scope, is_token=True)

    async def _by_session(self, cookie: str) -> Grant | None:
        kept = digest(cookie)
        found = await self._reading.ask(lambda reader: reader.session(kept))
        if found is None or self._clock() >= found.expires_at or not await self._is_proof(found):
            return None
        return Grant(found.role.value, found.role.scope)

    async def _is_proof(self, session: SessionRecord) -> bool:
        """Return whether a session was opened by the password that holds now; each hash is checked once."""
        password = self._passwords.get(session.role)
        if password is None:
            return False
        if password.startswith(HASHED):
            return session.proof == password
        known = f"{session.role} {session.proof}"
        if known not in self._proven:
            async with self._checking:
                self._proven[known] = await asyncio.to_thread(_matches, session.proof, password)
            if len(self._proven) > _MOST_KNOWN:
                self._proven.pop(next(iter(self._proven)))
        return self._proven[known]

    async def log_in(self, password: str, address: str) -> tuple[str, Grant]:
        """Open a session for who knows a password; return what its cookie holds. Raises LoginError, StoreError."""
        if wait := self._throttle.wait(address):
            raise LoginError("too many wrong passwords", wait)
        if self._trying >= _TRYING:
            raise LoginError("too many try to log in", 1.0)
        # Counted before it is checked: those that are tried at the same time are failures too until one is right.
        self._throttle.failed(address)
        self._trying += 1
        try:
            async with self._checking:
                role = await asyncio.to_thread(self._role, password[: LONGEST + 1])
        finally:
            self._trying -= 1
        if role is None:
            raise LoginError("the password is wrong")
        self._throttle.succeeded(address)
        secret, now = new_secret(), self._clock()
        await self._store.add_session(digest(secret), SessionRecord(role, self._hashes[role], now + LASTS), now)
        return secret, Grant(role.value, role.scope)

    def _role(self, password: str) -> Role | None:
        """Return whose password it is. Both are always checked: how long it takes says nothing."""
        matching = [role for role, text in self._passwords.items() if _matches(self._hash(role, text), password)]
        return matching[0] if matching else None

    def _hash(self, role: Role, text: str) -> str:
        if role not in self._hashes:
            self._hashes[role] = text if text.startswith(HASHED) else _HASHER.hash(_bytes(text))
        return self._hashes[role]

    async def aclose(self) -> None:
        """Leave off whatever is being asked."""
        await self._reading.aclose()

    async def log_out(self, cookie: str) -> None:
        """End a session. Raises StoreError."""
        await self._store.end_session(digest(cookie))


def _bytes(password: str) -> bytes:
    """Return what is hashed: Hangul composed, for some keyboards send it in pieces."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _matches(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
