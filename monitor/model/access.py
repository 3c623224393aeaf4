"""Who may do what on the web server: scopes, tokens, sessions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Scope(StrEnum):
    """What somebody may do; each includes those before it."""

    FEED = "feed"
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def covers(self, wanted: Scope) -> bool:
        """Return whether who has this scope may do what `wanted` is needed for."""
        return _ORDER.index(self) >= _ORDER.index(wanted)


_ORDER = (Scope.FEED, Scope.READ, Scope.WRITE, Scope.ADMIN)


class Role(StrEnum):
    """As whom somebody logs in at a page."""

    READER = "reader"
    OPERATOR = "operator"

    @property
    def scope(self) -> Scope:
        """Return what they may do."""
        return Scope.ADMIN if self is Role.OPERATOR else Scope.READ


@dataclass(frozen=True, slots=True)
class Grant:
    """Who asks, as the log and what is stored call them, and what they may do. `is_token`: a program, not a page."""

    name: str
    scope: Scope
    is_token: bool = False


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A token of the API as it is shown: all but itself. Times are UTC; `last_used_on` is a day."""

    id: int
    name: str
    scope: Scope
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_on: date | None

    def in_force(self, now: datetime) -> bool:
        """Return whether it lets anybody in."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session of a page: as whom, by which password (`proof` is its argon2id hash), until when (UTC)."""

    role: Role
    proof: str = field(repr=False)
    expires_at: datetime
